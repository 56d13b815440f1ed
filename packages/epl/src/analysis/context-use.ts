import type { ContextPlan } from '../plan/context-plan.ts';
import type { InputPlan, StatementPlan } from '../plan/plan.ts';
import { usedStores } from '../plan/plan-stores.ts';
import { readsStore } from '../plan/window-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';
import type { Name } from '../syntax/statement.ts';
import type { UserLibrary } from './user-library.ts';

/** The context of that name. @throws Fault */
export function knownContext({ name, start, end }: Name, { contexts }: UserLibrary): ContextPlan {
  const context = contexts.get(name);
  if (context !== undefined) return context;
  const close = closestName(name, contexts.keys());
  throw new Fault('EPL_UNKNOWN_CONTEXT', `unknown context '${name}'`, { start, end }, close);
}

/** Of the event types that a statement reads the context must know one, or it would not share anything out. @throws Fault */
export function checkContext(plan: StatementPlan, context: ContextPlan, place: Name): void {
  const types = typesOf(plan);
  if (types.length === 0) return;
  for (const { name, body } of context.levels) {
    if (body.kind === 'span') continue;
    const known = new Set(body.items.map(({ type }) => type));
    if (types.some((type) => known.has(type) || type.supertypes.some((supertype) => known.has(supertype))))
      continue;
    const names = [...known].map((type) => type.name).join(', ');
    const read = types.map((type) => type.name).join(', ');
    const message = `the context '${name}' shares out ${names}, but the statement reads ${read}`;
    throw new Fault('EPL_VALUE', message, place);
  }
}

/** What runs in no context, or only with one of its own. @throws Fault */
export function checkPlace(
  plan: StatementPlan,
  context: ContextPlan,
  { storeContexts }: UserLibrary,
  place: Name,
): void {
  if (plan.kind === 'update-stream')
    throw new Fault('EPL_VALUE', "'update istream' runs in no context", place);
  if (plan.kind === 'create-window' && plan.model === undefined) {
    const keyed = context.levels.some(({ body }) => body.kind === 'keyed');
    const message = `a named window in the keyed context '${context.name}' is declared 'as' an event type that the context partitions`;
    if (keyed) throw new Fault('EPL_VALUE', message, place);
  }
  if ('store' in plan && 'lookup' in plan && !storeContexts.has(plan.store)) {
    const message = `'${plan.store}' was declared without a context: the statement runs without one, too`;
    throw new Fault('EPL_VALUE', message, place);
  }
}

/** Of a pattern those of its filters. */
const readTypes = ({ type, pattern }: InputPlan): readonly EventType[] =>
  pattern === undefined ? [type] : pattern.filters.map((filter) => filter.type);

/** A named window or table of a context is there in its partitions only. @throws Fault */
export function checkStores(
  plan: StatementPlan,
  context: ContextPlan | undefined,
  { stores, storeContexts }: UserLibrary,
  place: Span,
): void {
  for (const name of usedStores(plan)) {
    const needed = storeContexts.get(name);
    if (needed === undefined || needed === context?.name) continue;
    const what = stores.get(name)!.kind === 'create-window' ? 'named window' : 'table';
    const message = `each partition of the context '${needed}' has a ${what} '${name}': begin the statement with 'context ${needed}'`;
    throw new Fault('EPL_VALUE', message, place);
  }
}

function typesOf(plan: StatementPlan): readonly EventType[] {
  switch (plan.kind) {
    case 'select':
      return [...plan.inputs, ...plan.subqueries.map(({ input }) => input)]
        .filter(({ window }) => !readsStore(window))
        .flatMap(readTypes);
    case 'on-set':
    case 'on-split':
    case 'on-select':
    case 'on-delete':
    case 'on-update':
    case 'on-merge':
      return readTypes(plan.input);
    case 'create-window':
      return plan.model === undefined ? [] : [plan.model];
    case 'create-schema':
    case 'create-variable':
    case 'create-context':
    case 'create-expression':
    case 'update-stream':
    case 'create-table':
    case 'create-index':
      return [];
    default:
      return plan satisfies never;
  }
}
