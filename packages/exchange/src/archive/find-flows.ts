import type { FlowGroup, FlowLayout, FlowTable } from '@flowpact/event';
import type { FlowArchive } from './flow-archive.ts';
import type { FlowRequest } from './flow-request.ts';

/** What the archive has of a request, not yet fit for a partner's eyes. */
export interface FlowAnswer {
  readonly flows?: FlowTable;
  readonly isPartial: boolean;
}

/** Rejects where the archive does. */
export async function findFlows(
  { queries, isShortened }: FlowRequest,
  archive: FlowArchive,
  maxFlows: number,
): Promise<FlowAnswer> {
  const groups: (FlowGroup & { readonly layout: FlowLayout })[] = [];
  let rows = 0;
  let isPartial = isShortened;
  for (const { relation, query } of queries) {
    const limit = maxFlows - rows;
    if (limit <= 0) {
      isPartial = true;
      break;
    }
    const found = await archive.find({ ...query, limit });
    const kept = found.rows.slice(0, limit);
    isPartial ||= found.isPartial || kept.length < found.rows.length;
    rows += kept.length;
    if (kept.length > 0) groups.push({ relation, layout: found.layout, rows: kept });
  }
  const [first] = groups;
  return { isPartial, ...(first === undefined ? {} : { flows: { layout: first.layout, groups } }) };
}
