import type { StorePlan } from '../plan/store-plan.ts';
import type { MergeActionPlan, MergeBranchPlan, MergeInsertPlan, OnMergePlan } from '../plan/trigger-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { SelectItem } from '../syntax/select.ts';
import type { MergeAction, MergeBranch, MergeInsert, OnMerge, Trigger } from '../syntax/trigger.ts';
import { bindRowAssignments } from './bind-assignment.ts';
import { type BoundColumn, bindColumns } from './bind-columns.ts';
import { bindCondition } from './bind-expression.ts';
import { bindInsert } from './bind-insert.ts';
import { bindTarget, bindTriggerSource, triggerBinder, triggerInput } from './bind-trigger.ts';
import type { Binder } from './binder.ts';
import { planLookup } from './plan-lookup.ts';
import type { ScopeStream } from './scope.ts';
import { insertableType } from './store-types.ts';
import type { UserLibrary } from './user-library.ts';

/** `on Event merge W …`. Adds the types of the streams that it inserts into. @throws Fault */
export function bindOnMerge(
  node: Trigger,
  action: OnMerge,
  eventTypes: Map<string, EventType>,
  library: UserLibrary,
): OnMergePlan {
  const trigger = bindTriggerSource(node, eventTypes, library);
  const { store, scope } = bindTarget(action.target, action.targetAlias, eventTypes, library);
  const binder = triggerBinder(trigger, scope, eventTypes, library, 'the where clause');
  const where = action.where && bindCondition(action.where, binder);
  const { insert } = action;
  const written: readonly MergeBranch[] =
    insert === undefined
      ? action.branches
      : [{ matched: false, actions: [insert], start: insert.start, end: insert.end }];
  const branches = written.map((branch) => bindBranch(branch, store, scope, eventTypes, binder));
  const expressions = branches.flatMap(({ condition, actions }) => [
    condition,
    ...actions.flatMap(expressionsOf),
  ]);
  return {
    kind: 'on-merge',
    input: triggerInput(trigger, store, [where, ...expressions]),
    subqueries: trigger.subqueries,
    store: store.name,
    lookup: planLookup(where, store, library),
    branches,
    insertsOnly: insert !== undefined,
    evidence: 0,
    rowType: store.type,
  };
}

function bindBranch(
  { matched, condition, actions }: MergeBranch,
  store: StorePlan,
  target: ScopeStream,
  eventTypes: Map<string, EventType>,
  binder: Binder,
): MergeBranchPlan {
  // Where no row is found there is none to name.
  const [, trigger] = binder.scope.streams;
  const own: Binder = matched
    ? binder
    : { ...binder, scope: { streams: [{ ...nameless(target) }, trigger] } };
  return {
    matched,
    condition: condition && bindCondition(condition, { ...own, place: "the condition behind 'matched'" }),
    actions: actions.map((action) => bindAction(action, store, target, eventTypes, own)),
  };
}

/** Keeps the place of the row in the scope, without a name that could reach it. */
const nameless = (target: ScopeStream): ScopeStream => ({ ...target, name: '', qualified: true });

function bindAction(
  action: MergeAction,
  store: StorePlan,
  target: ScopeStream,
  eventTypes: Map<string, EventType>,
  binder: Binder,
): MergeActionPlan {
  const where = action.where && bindCondition(action.where, { ...binder, place: 'the where clause' });
  switch (action.kind) {
    case 'insert':
      return bindMergeInsert(action, where, store, eventTypes, binder);
    case 'update': {
      const assignments = bindRowAssignments(action.assignments, store, target, {
        ...binder,
        place: "'set'",
      });
      return { kind: 'update', assignments, where };
    }
    case 'delete':
      return { kind: 'delete', where };
    default:
      return action satisfies never;
  }
}

function bindMergeInsert(
  action: MergeInsert,
  where: MergeInsertPlan['where'],
  store: StorePlan,
  eventTypes: Map<string, EventType>,
  binder: Binder,
): MergeInsertPlan {
  const name = action.target ?? { name: store.name, start: action.start, end: action.end };
  const known = binder.library!.stores.get(name.name);
  const existing = known === undefined ? eventTypes.get(name.name) : insertableType(known);
  const columns = action.items.flatMap((item) => columnsOf(item, existing, binder));
  const types = new Map(eventTypes);
  if (existing !== undefined) types.set(name.name, existing);
  const insertInto = {
    selector: 'istream' as const,
    target: name,
    columns: action.columns,
    start: action.start,
    end: action.end,
  };
  const { type, columns: fitted } = bindInsert(insertInto, columns, false, types);
  if (known === undefined) eventTypes.set(type.name, type);
  return { kind: 'insert', type, own: name.name === store.name, columns: fitted, where };
}

/** A wildcard stands for the columns of the triggering event that the target has. */
function columnsOf(item: SelectItem, target: EventType | undefined, binder: Binder): readonly BoundColumn[] {
  if (item.kind !== 'wildcard') return bindColumns([item], { ...binder, place: 'the select clause' }).columns;
  const { properties } = binder.scope.streams[1].type;
  return properties
    .filter(({ name }) => target === undefined || target.property(name) !== undefined)
    .map(({ name, type }) => ({
      name,
      value: { kind: 'property', type, stream: 1, name },
      span: item,
      named: true,
    }));
}

function expressionsOf(action: MergeActionPlan): readonly MergeBranchPlan['condition'][] {
  switch (action.kind) {
    case 'insert':
      return [action.where, ...action.columns.map(({ value }) => value)];
    case 'update':
      return [action.where, ...action.assignments.flatMap(({ index, value }) => [index, value])];
    case 'delete':
      return [action.where];
    default:
      return action satisfies never;
  }
}
