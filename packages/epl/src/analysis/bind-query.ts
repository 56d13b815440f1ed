import type { ColumnPlan } from '../plan/plan.ts';
import type { QueryInsertPlan, QueryPlan, QuerySelectPlan } from '../plan/query-plan.ts';
import type { StorePlan } from '../plan/store-plan.ts';
import type { SubqueryPlan } from '../plan/subquery-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { Fault } from '../syntax/fault.ts';
import type { QueryInsert } from '../syntax/query.ts';
import type { Select } from '../syntax/select.ts';
import type { Name, StatementNode } from '../syntax/statement.ts';
import { bindRowAssignments } from './bind-assignment.ts';
import { withDeclarations } from './bind-declared.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { bindInsert } from './bind-insert.ts';
import { bindQueryContext } from './bind-query-context.ts';
import { bindSelect } from './bind-select.ts';
import { bindTarget } from './bind-trigger.ts';
import type { Binder } from './binder.ts';
import { knownContext } from './context-use.ts';
import { planLookup } from './plan-lookup.ts';
import type { ScopeStream } from './scope.ts';
import { insertableType } from './store-types.ts';
import type { UserLibrary } from './user-library.ts';

/** An on-demand query. @throws Fault */
export function bindQuery(
  node: StatementNode,
  eventTypes: ReadonlyMap<string, EventType>,
  known: UserLibrary,
): QueryPlan {
  const context = node.context && knownContext(node.context, known);
  const library = withDeclarations({ ...known, context }, node.declarations);
  const plan = bindPlan(node, eventTypes, library);
  const within = bindQueryContext(plan, context, library, node.context ?? node);
  return within === undefined ? plan : { ...plan, context: within };
}

function bindPlan(
  node: StatementNode,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): QueryPlan {
  const subqueries: SubqueryPlan[] = [];
  const binder = (streams: readonly ScopeStream[], place: string): Binder => ({
    scope: { streams },
    eventTypes,
    aggregates: undefined,
    subqueries,
    library,
    place,
  });
  switch (node.kind) {
    case 'select':
      return bindQuerySelect(node, eventTypes, library);
    case 'query-insert': {
      const { store } = bindTarget(node.target, undefined, eventTypes, library);
      return bindQueryInsert(node, store, subqueries, binder([], 'the values'));
    }
    case 'query-update': {
      const { store, scope } = bindTarget(node.target, node.alias, eventTypes, library);
      const where = node.where && bindCondition(node.where, binder([scope], 'the where clause'));
      const assignments = bindRowAssignments(node.assignments, store, scope, binder([scope], "'set'"));
      return {
        kind: 'query-update',
        subqueries,
        store: store.name,
        lookup: planLookup(where, store, library),
        assignments,
        rowType: store.type,
      };
    }
    case 'query-delete': {
      const { store, scope } = bindTarget(node.target, node.alias, eventTypes, library);
      const where = node.where && bindCondition(node.where, binder([scope], 'the where clause'));
      return {
        kind: 'query-delete',
        subqueries,
        store: store.name,
        lookup: planLookup(where, store, library),
        rowType: store.type,
      };
    }
    default:
      throw new Fault(
        'EPL_USAGE',
        'an on-demand query selects, inserts, updates or deletes: other statements belong into a module',
        node,
      );
  }
}

function bindQuerySelect(
  node: Select,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): QuerySelectPlan {
  if (node.delivery !== undefined)
    throw new Fault('EPL_USAGE', "an on-demand query gives its rows once: it has no 'for'", node.delivery);
  let queried: StorePlan | undefined;
  for (const { source } of node.from) {
    if (source.kind === 'pattern')
      throw new Fault('EPL_USAGE', 'an on-demand query cannot wait for a pattern', source);
    queried = bindTarget(source.type, undefined, eventTypes, library).store;
  }
  if (node.output !== undefined)
    throw new Fault(
      'EPL_USAGE',
      'an on-demand query gives its rows once: it has no output rate',
      node.output,
    );
  const driver = node.from.find(({ unidirectional }) => unidirectional);
  if (driver !== undefined)
    throw new Fault('EPL_USAGE', "in an on-demand query no stream is 'unidirectional'", driver);
  const into: Name | undefined = node.insertInto?.target;
  if (into !== undefined) bindTarget(into, undefined, eventTypes, library);
  const select = bindSelect(node, 'query', eventTypes, library);
  return {
    kind: 'query-select',
    subqueries: select.subqueries,
    select: { ...select, where: undefined },
    lookup: select.join === undefined ? planLookup(select.where, queried!, library) : undefined,
    into: into?.name,
    rowType: select.rowType,
  };
}

function bindQueryInsert(
  node: QueryInsert,
  store: StorePlan,
  subqueries: readonly SubqueryPlan[],
  binder: Binder,
): QueryInsertPlan {
  const type = insertableType(store);
  const names =
    node.columns ?? type.properties.map(({ name }) => ({ name, start: node.start, end: node.end }));
  const rows = node.rows.map((values): readonly ColumnPlan[] => {
    if (values.length !== names.length) {
      const message = `'${store.name}' takes ${names.length} values (${names.map(({ name }) => name).join(', ')}), not ${values.length}`;
      throw new Fault('EPL_VALUE', message, values[0]);
    }
    const columns = values.map((value, i) => ({
      name: names[i].name,
      value: bindExpression(value, binder),
      span: node.columns === undefined ? value : names[i],
      named: true,
    }));
    const insertInto = {
      selector: 'istream' as const,
      target: node.target,
      columns: undefined,
      start: node.start,
      end: node.end,
    };
    return bindInsert(insertInto, columns, false, new Map([[node.target.name, type]])).columns;
  });
  return { kind: 'query-insert', subqueries, store: store.name, rows, rowType: type };
}
