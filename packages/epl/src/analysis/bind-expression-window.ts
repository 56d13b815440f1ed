import { variablesOf } from '../plan/expression-walk.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { ExpressionWindowPlan } from '../plan/window-plan.ts';
import { createEventType } from '../runtime/event-type.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { bindCondition } from './bind-expression.ts';
import type { Binder } from './binder.ts';

/**
 * Binds `expr(condition)` and `expr_batch(condition[, includeTrigger])`. Beside the event's own properties the
 * condition sees the numbers of the window, the oldest and the newest event, and aggregates over the window.
 */
export function bindExpressionWindow(
  kind: 'expr' | 'expr_batch',
  args: readonly Expression[],
  binder: Binder,
): ExpressionWindowPlan {
  const [stream] = binder.scope.streams;
  const event = { kind: 'event', type: stream.type } as const;
  const state = createEventType('window', [
    { name: 'current_count', type: 'int' },
    { name: 'expired_count', type: 'int' },
    { name: 'oldest_timestamp', type: 'long' },
    { name: 'newest_timestamp', type: 'long' },
    { name: 'oldest_event', type: event },
    { name: 'newest_event', type: event },
  ]);
  const aggregates: AggregatePlan[] = [];
  const condition = bindCondition(args[0], {
    ...binder,
    scope: { streams: [stream, { name: state.name, aliased: false, type: state }] },
    aggregates,
    place: `the data window '${kind}'`,
  });
  const variables = variablesOf(condition);
  return { kind, condition, aggregates, state, variables, includeTrigger: includesTrigger(args[1]) };
}

function includesTrigger(argument: Expression | undefined): boolean {
  if (argument === undefined) return true;
  if (argument.kind === 'literal' && typeof argument.value === 'boolean') return argument.value;
  throw new Fault('EPL_VALUE', "the second parameter of 'expr_batch' is true or false", argument);
}
