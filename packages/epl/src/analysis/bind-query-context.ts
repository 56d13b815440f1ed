import type { ContextPlan } from '../plan/context-plan.ts';
import { usedStores } from '../plan/plan-stores.ts';
import type { QueryContext, QueryPlan } from '../plan/query-plan.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';
import type { UserLibrary } from './user-library.ts';

/**
 * The context in whose partitions a query runs: the one that it names, else that of the only store that it reads or
 * changes. @throws Fault where it has to name one, or names one that its stores do not live in
 */
export function bindQueryContext(
  plan: QueryPlan,
  context: ContextPlan | undefined,
  { storeContexts }: UserLibrary,
  place: Span,
): QueryContext | undefined {
  const into = plan.kind === 'query-select' ? plan.into : undefined;
  const used = new Set([...usedStores(plan), ...(into === undefined ? [] : [into])]);
  const living = [...used].filter((store) => storeContexts.has(store));
  if (context === undefined && living.length === 0) return undefined;
  const stranger = living.find((store) => storeContexts.get(store) !== context?.name);
  if (context !== undefined) {
    if (stranger !== undefined) throw nameIt(stranger, storeContexts.get(stranger)!, place);
    if (living.length > 0) return { name: context.name, scope: 'each' };
    const names = [...used].map((store) => `'${store}'`).join(' and ');
    const message = `${names} lives in no context: leave 'context ${context.name}' out`;
    throw new Fault('EPL_VALUE', message, place);
  }
  const [only, ...others] = living;
  const name = storeContexts.get(only)!;
  const direct = plan.kind === 'query-select' ? [...inputStores(plan), into] : [plan.store];
  const joins = plan.kind === 'query-select' && plan.select.inputs.length > 1;
  if (others.length > 0 || joins || !direct.includes(only)) throw nameIt(only, name, place);
  return { name, scope: plan.kind === 'query-select' && only !== into ? 'all' : 'each' };
}

const inputStores = ({ select }: Extract<QueryPlan, { kind: 'query-select' }>): readonly string[] =>
  select.inputs.flatMap(({ window }) =>
    (window?.kind === 'named-window' && window.contained === undefined) || window?.kind === 'table'
      ? [window.name]
      : [],
  );

const nameIt = (store: string, context: string, place: Span): Fault =>
  new Fault(
    'EPL_VALUE',
    `each partition of the context '${context}' has a '${store}' of its own: begin the query with 'context ${context}'`,
    place,
  );
