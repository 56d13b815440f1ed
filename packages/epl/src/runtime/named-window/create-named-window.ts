import { compileCondition, compileExpression } from '../../compile/compile-expression.ts';
import type { Environment, Subject } from '../../compile/evaluator.ts';
import { compileWindow } from '../../compile/window-program.ts';
import type { FillPlan, NamedWindowPlan } from '../../plan/store-plan.ts';
import type { SelectHost } from '../select-instance.ts';
import { StatementEnvironment } from '../statement-environment.ts';
import type { Draft, RowStore } from '../store/row-store.ts';
import type { StoreRegistry } from '../store/store-registry.ts';
import { NamedWindow } from './named-window.ts';
import type { WindowDispatch } from './window-dispatch.ts';

/** Starts a `create window`: its rows count in the budget of the statement. */
export function createNamedWindow(
  plan: NamedWindowPlan,
  host: SelectHost,
  stores: StoreRegistry,
  dispatch: WindowDispatch,
): NamedWindow {
  const environment = new StatementEnvironment(host);
  const window = new NamedWindow(plan, compileWindow(plan.window), environment, dispatch);
  host.budget.mayDrop(window);
  stores.add(window);
  dispatch.own(window, host);
  if (plan.fill !== undefined) fill(window, plan.fill, stores.get(plan.fill.from), environment);
  return window;
}

/** `insert`: copies of the rows of another named window. */
function fill(
  window: NamedWindow,
  { where, columns }: FillPlan,
  from: RowStore,
  environment: Environment,
): void {
  const passes = where && compileCondition(where, false);
  const values = columns.map(({ name, value }) => ({ name, evaluate: compileExpression(value, false) }));
  const drafts: Draft[] = [];
  for (const row of from.contents()) {
    if (passes !== undefined && passes(row, null, environment) !== true) continue;
    const draft = new window.type.Instance() as Draft;
    for (const { name, evaluate } of values) draft[name] = evaluate(row as Subject, null, environment);
    drafts.push(draft);
  }
  window.commit(drafts.map((draft) => ({ row: undefined, draft })));
}
