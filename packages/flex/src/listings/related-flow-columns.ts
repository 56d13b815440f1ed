import type { FlowColumn, FlowRow, FlowTable, FlowValue, Message } from '@flowpact/event';
import type { ListingsLoss } from './restrict-to-listings.ts';

/**
 * Information Elements of the values of a related flow, in the order of the NetFlow record of the FLEX slides:
 * flowStartSeconds, flowEndSeconds, addresses, ports, packets, octets, protocol, ipVersion, ipClassOfService,
 * tcpControlBits, interfaces, deltaFlowCount.
 */
export const defaultRelatedFlowColumns: readonly number[] = [
  150, 151, 8, 12, 7, 11, 2, 1, 4, 60, 5, 6, 10, 14, 3,
];

/** The elements that stand in a column where a flow has them and not the column's own. */
const insteadOf: ReadonlyMap<number, readonly { readonly id: number; readonly perUnit: number }[]> = new Map([
  [8, [{ id: 27, perUnit: 1 }]],
  [12, [{ id: 28, perUnit: 1 }]],
  [150, [{ id: 152, perUnit: 1000 }]],
  [151, [{ id: 153, perUnit: 1000 }]],
  [152, [{ id: 150, perUnit: 0.001 }]],
  [153, [{ id: 151, perUnit: 0.001 }]],
]);

/** A message whose rows come without columns, as the slides have them, with these for columns. */
export function withRelatedFlowColumns(message: Message, ids: readonly number[]): Message {
  const { flows } = message.event;
  if (flows === undefined || flows.layout.columns.length > 0) return message;
  const columns = ids.map((id): FlowColumn => ({ kind: 'iana', id }));
  return {
    ...message,
    event: { ...message.event, flows: { ...flows, layout: { ...flows.layout, columns } } },
  };
}

/**
 * A message whose rows have these columns and no others. Columns of the flows that have no place in them are reported
 * as dropped, times in another unit as approximated; the treatment of the flows (anonymisation, sampling) stays where
 * all groups share it.
 */
export function onRelatedFlowColumns(
  message: Message,
  ids: readonly number[],
): { readonly message: Message; readonly losses: readonly ListingsLoss[] } {
  const { flows } = message.event;
  if (flows === undefined) return { message, losses: [] };
  const losses: ListingsLoss[] = [];
  const columns = ids.map((id): FlowColumn => ({ kind: 'iana', id }));
  const projected: FlowTable = {
    layout: { ...withoutColumnNumbers(flows.layout), columns },
    ...(flows.trigger === undefined
      ? {}
      : { trigger: projectedRow(flows.trigger, placesOf(flows.layout.columns, ids, 'flowFields', losses)) }),
    groups: flows.groups.map(({ layout, rows, ...group }, i) => {
      const path = layout === undefined ? 'flowFields' : `correlation[${i}].fields`;
      const places = placesOf((layout ?? flows.layout).columns, ids, path, losses);
      return {
        ...group,
        ...(layout === undefined ? {} : { layout: { ...withoutColumnNumbers(layout), columns } }),
        rows: rows.map((row) => projectedRow(row, places)),
      };
    }),
  };
  return {
    message: { ...message, event: { ...message.event, flows: projected } },
    losses: [...new Map(losses.map((loss) => [loss.path, loss])).values()],
  };
}

/** The numbers of anonymised columns mean other columns now: left out, they mean all addresses. */
function withoutColumnNumbers(layout: FlowTable['layout']): FlowTable['layout'] {
  const { anonymisation } = layout;
  if (anonymisation?.columns === undefined) return layout;
  const { columns: _, ...kept } = anonymisation;
  return { ...layout, anonymisation: kept };
}

interface Place {
  readonly from: number;
  readonly perUnit: number;
}

/** For each column its places in a row, the first that has a value counts. */
function placesOf(
  columns: readonly FlowColumn[],
  ids: readonly number[],
  path: string,
  losses: ListingsLoss[],
): readonly (readonly Place[])[] {
  const at = (id: number) => columns.findIndex((column) => column.kind === 'iana' && column.id === id);
  const used = new Set<number>();
  const places = ids.map((id) =>
    [{ id, perUnit: 1 }, ...(insteadOf.get(id) ?? [])]
      .map(({ id: candidate, perUnit }) => ({ from: at(candidate), perUnit }))
      .filter(({ from }) => from >= 0),
  );
  for (const [i, candidates] of places.entries()) {
    for (const { from, perUnit } of candidates) {
      if (perUnit !== 1 && !used.has(from)) {
        const place = `${path}.fields[${from}]`;
        losses.push({ path: place, effect: 'approximated', note: `in the unit of column ${ids[i]}` });
      }
      used.add(from);
    }
  }
  for (const from of columns.keys()) {
    if (used.has(from)) continue;
    losses.push({
      path: `${path}.fields[${from}]`,
      effect: 'dropped',
      note: 'not among the columns of related flows',
    });
  }
  return places;
}

function projectedRow(row: FlowRow, places: readonly (readonly Place[])[]): FlowRow {
  return places.map((candidates): FlowValue => {
    for (const { from, perUnit } of candidates) {
      const value = row[from];
      if (value === undefined || value === null) continue;
      return perUnit !== 1 && typeof value === 'number' ? Math.trunc(value / perUnit) : value;
    }
    return null;
  });
}
