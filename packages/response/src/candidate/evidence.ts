import {
  type FlowLayout,
  type FlowRow,
  type FlowValue,
  octetsToAddress,
  type SecurityEvent,
} from '@flowpact/event';
import { type ReadFlow, readFlow } from '../rule/match-flow.ts';

/** IANA Information Elements, by what a rule calls them. */
const elements = {
  source: [8, 27],
  destination: [12, 28],
  protocol: [4],
  // Of whatever protocol, of UDP, of TCP.
  sourcePort: [7, 180, 182],
  destinationPort: [11, 181, 183],
  tcpFlags: [6],
  packets: [2, 86],
  octets: [1, 85],
} as const;
type Field = keyof typeof elements;

/** Fields whose values say nothing where they were made less telling. */
const isAnonymised = ({ anonymisation }: FlowLayout, column: number, field: Field): boolean => {
  if (anonymisation === undefined || anonymisation.technique === 'none') return false;
  return anonymisation.columns?.includes(column) ?? (field === 'source' || field === 'destination');
};

/**
 * The flows that travel with an event, as rules see them: those that have addresses, of the first `maxRows` rows. Columns that were
 * anonymised are not read.
 */
export function evidenceOf({ flows: table }: SecurityEvent, maxRows: number): readonly ReadFlow[] {
  if (table === undefined) return [];
  const found: ReadFlow[] = [];
  let rows = 0;
  const groups = [
    { layout: table.layout, rows: table.trigger === undefined ? [] : [table.trigger] },
    ...table.groups,
  ];
  for (const group of groups) {
    const read = rowReader(group.layout ?? table.layout);
    for (const row of group.rows) {
      if (++rows > maxRows) return found;
      const flow = read(row);
      if (flow !== undefined) found.push(flow);
    }
  }
  return found;
}

function rowReader(layout: FlowLayout): (row: FlowRow) => ReadFlow | undefined {
  const places = Object.fromEntries(
    Object.entries(elements).map(([field, ids]) => [
      field,
      ids.flatMap((id: number) => {
        const column = layout.columns.findIndex((each) => each.kind === 'iana' && each.id === id);
        return column < 0 || isAnonymised(layout, column, field as Field) ? [] : [column];
      }),
    ]),
  ) as unknown as Record<Field, readonly number[]>;

  const value = (row: FlowRow, field: Field): FlowValue | undefined => {
    for (const column of places[field]) {
      const found = row[column];
      if (found !== undefined && found !== null) return found;
    }
    return undefined;
  };
  const number = (row: FlowRow, field: Field): number | undefined => {
    const found = value(row, field);
    if (typeof found !== 'number' && typeof found !== 'bigint') return undefined;
    return found >= 0 && Number.isFinite(Number(found)) ? Number(found) : undefined;
  };
  const address = (row: FlowRow, field: Field): string | undefined => {
    const found = value(row, field);
    return found instanceof Uint8Array ? octetsToAddress(found) : undefined;
  };
  const aspects = ['protocol', 'sourcePort', 'destinationPort', 'tcpFlags'] as const;

  return (row) => {
    const source = address(row, 'source');
    const destination = address(row, 'destination');
    if (source === undefined || destination === undefined) return undefined;
    const known = aspects
      .map((name) => [name, number(row, name)] as const)
      .filter(([, each]) => each !== undefined);
    return readFlow({
      source,
      destination,
      ...Object.fromEntries(known),
      packets: number(row, 'packets') ?? 0,
      octets: number(row, 'octets') ?? 0,
      flows: 1,
    });
  };
}
