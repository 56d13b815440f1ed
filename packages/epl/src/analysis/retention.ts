import type { Bound } from '../plan/expression.ts';
import { someNode } from '../plan/expression-walk.ts';
import type { AggregatePlan, RetentionPlan, SelectPlan } from '../plan/plan.ts';
import type { WindowPlan } from '../plan/window-plan.ts';
import { readsEvent } from './bind-grouping.ts';

const batchWindows: ReadonlySet<WindowPlan['kind']> = new Set([
  'time_batch',
  'length_batch',
  'ext_timed_batch',
  'time_length_batch',
]);
const slidingWindows: ReadonlySet<WindowPlan['kind']> = new Set(['time', 'length']);

/** What the window of a select keeps: no events where nothing in the plan looks at a single event again. */
export function retentionOf(plan: Omit<SelectPlan, 'retention'>): RetentionPlan {
  const [{ window, recognize }] = plan.inputs;
  if (plan.join !== undefined || recognize !== undefined || window === undefined) return 'events';
  if (plan.output !== undefined || plan.intoTable !== undefined || plan.subqueries.length > 0)
    return 'events';
  const { kind } = plan.result;
  if (kind !== 'per-group' && kind !== 'one-row') return 'events';
  // What is selected must not read an event either, such as in having of an ungrouped query.
  const reads = [...plan.result.columns.map(({ value }) => value), ...plan.orderBy.map(({ value }) => value)];
  if (plan.having !== undefined) reads.push(plan.having);
  if (reads.some(readsEvent)) return 'events';
  if (batchWindows.has(window.kind)) return ofBatch(plan);
  return slidingWindows.has(window.kind) && countsOnly(plan) && isTold(plan) ? 'counts' : 'events';
}

function ofBatch(plan: Omit<SelectPlan, 'retention'>): RetentionPlan {
  const onArrival = [
    plan.where,
    ...plan.groupBy,
    ...plan.aggregates.flatMap(({ argument, filter }) => [argument, filter]),
  ];
  const late = onArrival.some(
    (bound) => bound !== undefined && someNode(bound, ({ kind }) => onlyLate.has(kind)),
  );
  const ever = plan.aggregates.some(
    ({ function: name, groupBy }) => name.endsWith('ever') || name === 'leaving' || groupBy !== undefined,
  );
  if (late || ever) return 'events';
  return plan.groupBy.length > 0 && countsOnly(plan) ? 'counts' : 'counters';
}

/** What has another value when an event leaves, or a batch is released, than on arrival. */
const onlyLate: ReadonlySet<Bound['kind']> = new Set(['now', 'is-new', 'previous', 'prior']);

/** All that is asked of a group is how many events it has. Evidence is more than that. */
const countsOnly = ({ aggregates, evidence }: Pick<SelectPlan, 'aggregates' | 'evidence'>): boolean =>
  evidence === 0 && aggregates.every(isPlainCount);

const isPlainCount = ({ function: name, argument, filter, groupBy }: AggregatePlan): boolean =>
  name === 'count' && argument === undefined && filter === undefined && groupBy === undefined;

/** Of a sliding window: every event of the stream goes into it, and is counted there. */
const isTold = ({ where, inputs: [input] }: Omit<SelectPlan, 'retention'>): boolean =>
  where === undefined &&
  input.history === undefined &&
  input.contained === undefined &&
  input.pattern === undefined;
