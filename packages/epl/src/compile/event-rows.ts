import type { SelectPlan } from '../plan/plan.ts';
import { compileSelectRows, type RowMaker } from './row-maker.ts';

/** A select that makes a row of each event that passes its filter, and does nothing before or behind that. */
export interface EventRows {
  readonly makeRow: RowMaker;
  /** Making a row cannot fail, so one that nobody hears of need not be made. */
  readonly isSafe: boolean;
}

const known = new WeakMap<SelectPlan, EventRows>();

/** Undefined of a select that does more than that: there may be thousands of statements that do not. */
export function eventRowsOf(plan: SelectPlan): EventRows | undefined {
  if (!makesRowsOnly(plan)) return undefined;
  let rows = known.get(plan);
  if (rows === undefined) {
    const isSafe = plan.result.columns.every(
      ({ value: { kind } }) => kind === 'property' || kind === 'constant',
    );
    rows = { makeRow: compileSelectRows(plan), isSafe };
    known.set(plan, rows);
  }
  return rows;
}

/** Whether the filter is all that stands between an event and its row, and the row goes to listeners only. */
function makesRowsOnly(plan: SelectPlan): boolean {
  const [{ window, lateFilter, contained, recognize, pattern, history }] = plan.inputs;
  return (
    plan.result.kind === 'per-event' &&
    plan.selector === 'istream' &&
    plan.evidence === 0 &&
    !plan.distinct &&
    plan.iterableUnbound !== true &&
    plan.orderBy.length === 0 &&
    plan.subqueries.length === 0 &&
    (window ?? lateFilter ?? contained ?? recognize ?? pattern ?? history) === undefined &&
    (plan.join ?? plan.where ?? plan.having ?? plan.output ?? plan.limit) === undefined &&
    (plan.insertInto ?? plan.intoTable) === undefined
  );
}
