import { compileCondition, compileExpression } from '../../compile/compile-expression.ts';
import { compileContained } from '../../compile/contained-program.ts';
import type { Condition } from '../../compile/evaluator.ts';
import { compileSubquery } from '../../compile/subquery-program.ts';
import { compileStoreTrigger } from '../../compile/trigger-program.ts';
import type { SetPlan, SplitPlan } from '../../plan/plan.ts';
import type { StoreTriggerPlan } from '../../plan/trigger-plan.ts';
import { ConsumerWindow } from '../named-window/consumer-window.ts';
import type { NamedWindow } from '../named-window/named-window.ts';
import type { SelectHost } from '../select-instance.ts';
import { StatementEnvironment } from '../statement-environment.ts';
import type { Variables } from '../variable-store.ts';
import { createSetAction } from './on-set.ts';
import { createSplitAction } from './on-split.ts';
import { createStoreAction } from './store-action.ts';
import { type TriggerAction, TriggerInstance } from './trigger-instance.ts';

type TriggerPlan = SetPlan | SplitPlan | StoreTriggerPlan;

/** Starts an `on …`. New rows of a named window trigger as events of a stream do. */
export function createTrigger(plan: TriggerPlan, host: SelectHost, variables: Variables): TriggerInstance {
  const { input } = plan;
  const environment = new StatementEnvironment(host, plan.subqueries.map(compileSubquery));
  const action = actionOf(plan, host, environment, variables);
  const lateFilter = input.lateFilter && compileCondition(input.lateFilter, false);
  const { window } = input;
  const inside = window?.kind === 'named-window' ? window.contained : input.contained;
  const contained = inside && compileContained(inside, false);
  const trigger = new TriggerInstance(
    { lateFilter, contained },
    environment,
    action,
    host,
    plan.kind === 'on-set',
  );
  if (window?.kind === 'named-window') {
    const filter = window.filter && (compileExpression(window.filter, false) as Condition);
    const source = new StatementEnvironment(host);
    const store = host.stores.get(window.name) as NamedWindow;
    trigger.source = new ConsumerWindow(store, filter, (entering) => trigger.runTogether(entering), source);
  }
  return trigger;
}

function actionOf(
  plan: TriggerPlan,
  host: SelectHost,
  environment: StatementEnvironment,
  variables: Variables,
): TriggerAction {
  switch (plan.kind) {
    case 'on-set':
      return createSetAction(plan, host, variables, environment);
    case 'on-split':
      return createSplitAction(plan, host, environment);
    case 'on-select':
    case 'on-delete':
    case 'on-update':
    case 'on-merge': {
      const store = host.stores.get(plan.store);
      return createStoreAction(compileStoreTrigger(plan), { store, environment, statement: host });
    }
    default:
      return plan satisfies never;
  }
}
