import type { FieldSelection } from '@flowpact/ipfix';
import type { FlowColumnDefinition } from '@flowpact/store';

/** How records are to be read so that they are flows of an archive with these columns. */
export function archiveFields(columns: readonly FlowColumnDefinition[]): FieldSelection[] {
  return columns.map(({ name, elements, type }) => ({
    name,
    // An address of IPv6 is kept as its octets, not as text.
    elements: elements.map((id) => ({
      pen: 0,
      id,
      ...(type === 'ipv6Address' ? { dataType: 'octetArray' } : {}),
    })),
    as: type === 'ipv6Address' ? 'native' : type === 'string' ? 'text' : 'number',
  }));
}
