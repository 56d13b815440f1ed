import { addressToOctets, type FlowColumn, type FlowTable, type FlowValue } from '@flowpact/event';
import type { InformationElement } from '@flowpact/ipfix';
import type { FlowField } from './flow-fields.ts';

/**
 * The order of columns in a FLEX record's flows: times, addresses, ports, counters, protocol, then the rest. Elements
 * of IANA by number; what a schema has beyond these follows in its own order.
 */
const columnOrder = [150, 151, 152, 153, 8, 27, 12, 28, 7, 11, 2, 1, 4, 60, 5, 6, 10, 14, 3];

/**
 * The flows behind a detection as a table: a column for every Information Element that the input type declares.
 * Values go back from the input's representation (dotted addresses, `.AP.SF`) to the element's own.
 */
export function evidenceTable(events: readonly object[], fields: readonly FlowField[]): FlowTable {
  const columns = fields
    .map((field) => ({ ...field, element: field.elements[0] }))
    .sort((a, b) => rank(a.element) - rank(b.element));
  return {
    layout: { columns: columns.map(flowColumn) },
    groups: [
      {
        relation: 'evidence',
        rows: events.map((event) =>
          columns.map(({ property, element }) =>
            elementValue((event as Record<string, unknown>)[property], element),
          ),
        ),
      },
    ],
  };
}

function rank({ pen, id }: InformationElement): number {
  const at = pen === 0 ? columnOrder.indexOf(id) : -1;
  return at < 0 ? columnOrder.length : at;
}

/** IANA's element where there is one; where only enterprises share the name, all that is sure is the name. */
function flowColumn({ elements: [{ pen, id, name }, ...others] }: FlowField): FlowColumn {
  if (pen === 0) return { kind: 'iana', id };
  return others.length > 0 ? { kind: 'named', name } : { kind: 'enterprise', id, pen, name };
}

const tcpControlBits = 6;

function elementValue(value: unknown, { pen, id, dataType }: InformationElement): FlowValue {
  if (value === null || value === undefined) return null;
  switch (dataType) {
    case 'ipv4Address':
    case 'ipv6Address':
      if (typeof value === 'string') return octetsOrText(value);
      return typeof value === 'number' ? Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value) : null;
    case 'macAddress':
      return typeof value === 'string'
        ? Uint8Array.from(value.split(':'), (octet) => Number.parseInt(octet, 16))
        : null;
    default:
      if (pen === 0 && id === tcpControlBits && typeof value === 'string') return flagBits(value);
      return isScalar(value) ? value : null;
  }
}

/** Input lines come from outside: what is declared an address need not be one. */
function octetsOrText(text: string): FlowValue {
  try {
    return addressToOctets(text);
  } catch {
    return text;
  }
}

/** `.AP.SF` → 0x1b. A line of another tool may have the number as text instead. */
function flagBits(text: string): FlowValue {
  if (!/^[U.][A.][P.][R.][S.][F.]$/.test(text)) return /^[0-9]{1,5}$/.test(text) ? Number(text) : text;
  return [...text].reduce((bits, flag) => bits * 2 + (flag === '.' ? 0 : 1), 0);
}

function isScalar(value: unknown): value is number | bigint | string | boolean | Uint8Array {
  return ['number', 'bigint', 'string', 'boolean'].includes(typeof value) || value instanceof Uint8Array;
}
