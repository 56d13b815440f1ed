import type {
  Anonymisation,
  FlowColumn,
  FlowGroup,
  FlowLayout,
  FlowRow,
  FlowTable,
  FlowValue,
} from '@flowpact/event';
import type { Disclosure, FlowColumnName } from '../partner/partner-policy.ts';
import type { AddressHiding, HiddenAddresses } from './address-hiding.ts';

/**
 * Elements of IANA that are IPv4 addresses: source, destination, next hops, prefixes, exporter, multicast, collector,
 * post-NAT. A number in such a column is an address that could not be told from another number elsewhere.
 */
const ipv4Columns: ReadonlySet<number> = new Set([8, 12, 15, 18, 44, 45, 47, 130, 211, 225, 226]);

/** The same of IPv6. */
const ipv6Columns: ReadonlySet<number> = new Set([27, 28, 62, 63, 131, 169, 170, 212, 281, 282]);

/** The flows that a partner may see: the columns of its policy, the first rows, addresses hidden. */
export function discloseFlows(
  flows: FlowTable,
  disclosure: Pick<Disclosure, 'flowColumns' | 'maxFlows' | 'fields'>,
  hidden: HiddenAddresses,
  said: AddressHiding['said'],
): FlowTable | undefined {
  const allowed = new Set<FlowColumnName>(disclosure.flowColumns);
  const showsExporters = disclosure.fields.includes('exporters');
  let room = disclosure.maxFlows;
  const view = layoutView(flows.layout, allowed, hidden, said);
  const trigger = flows.trigger !== undefined && room-- > 0 ? view.row(flows.trigger) : undefined;
  const groups: FlowGroup[] = [];
  for (const group of flows.groups) {
    if (room <= 0) break;
    const { relation, rows, layout, exporter, observationDomainId } = group;
    const own = layout === undefined ? view : layoutView(layout, allowed, hidden, said);
    if (own.layout.columns.length === 0) continue;
    const shown = rows.slice(0, room).map(own.row);
    room -= shown.length;
    groups.push({
      ...(relation === undefined || hidden.isIn(relation) ? {} : { relation }),
      ...(layout === undefined ? {} : { layout: own.layout }),
      ...(showsExporters && exporter !== undefined ? { exporter } : {}),
      ...(showsExporters && observationDomainId !== undefined ? { observationDomainId } : {}),
      rows: shown,
    });
  }
  const hasTrigger = trigger !== undefined && view.layout.columns.length > 0;
  if (!hasTrigger && groups.length === 0) return undefined;
  return { layout: view.layout, ...(hasTrigger ? { trigger } : {}), groups };
}

interface LayoutView {
  readonly layout: FlowLayout;
  readonly row: (row: FlowRow) => FlowRow;
}

function layoutView(
  layout: FlowLayout,
  allowed: ReadonlySet<FlowColumnName>,
  hidden: HiddenAddresses,
  said: AddressHiding['said'],
): LayoutView {
  const kept = [...layout.columns.keys()].filter((i) => allowed.has(columnName(layout.columns[i])));
  const columns = kept.map((i) => layout.columns[i]);
  const isIpv4 = columns.map((column) => column.kind === 'iana' && ipv4Columns.has(column.id));
  const hasIpv6 = columns.some((column) => column.kind === 'iana' && ipv6Columns.has(column.id));
  const now = said({ ipv4: isIpv4.includes(true), ipv6: hasIpv6 });
  const anonymisation = now ?? remaining(layout.anonymisation, kept);
  return {
    layout: {
      columns,
      ...(anonymisation === undefined ? {} : { anonymisation }),
      ...(layout.sampling === undefined ? {} : { sampling: layout.sampling }),
    },
    row: (row) =>
      kept.map((i, position) => {
        const value = row[i] ?? null;
        if (now !== undefined && isIpv4[position] && isNumber(value)) return null;
        return shown(value, hidden);
      }),
  };
}

/** What was done to the flows before they came to us, with the columns where they are now. */
function remaining(before: Anonymisation | undefined, kept: readonly number[]): Anonymisation | undefined {
  if (before?.columns === undefined) return before;
  const columns = before.columns.map((i) => kept.indexOf(i)).filter((i) => i >= 0);
  return columns.length === 0 ? undefined : { ...before, columns };
}

/**
 * Whatever has the size of an address is treated as one: in which columns there are addresses, a policy's list of
 * columns cannot say for every enterprise's elements.
 */
function shown(value: FlowValue, hidden: HiddenAddresses): FlowValue {
  if (value instanceof Uint8Array) {
    return value.length === 4 || value.length === 16 ? hidden.inFlows(value) : value;
  }
  if (Array.isArray(value)) return value.map((element: FlowValue) => shown(element, hidden));
  if (typeof value === 'string') return hidden.isIn(value) ? null : value;
  return value;
}

function isNumber(value: FlowValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function columnName(column: FlowColumn): FlowColumnName {
  switch (column.kind) {
    case 'iana':
      return column.id;
    case 'enterprise':
      return `${column.pen}/${column.id}`;
    case 'named':
      return column.name;
    default:
      return column satisfies never;
  }
}
