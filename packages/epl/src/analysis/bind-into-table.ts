import { someNode } from '../plan/expression-walk.ts';
import type { AggregatePlan, IntoTablePlan, SelectPlan } from '../plan/plan.ts';
import type { TablePlan } from '../plan/store-plan.ts';
import { printType, sameType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { PathPart } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { Select, SelectItem } from '../syntax/select.ts';
import type { Name } from '../syntax/statement.ts';
import { keyType } from './key-value.ts';
import type { UserLibrary } from './user-library.ts';

/** The table that `into table` names. @throws Fault */
export function intoTable(node: Name, { stores }: UserLibrary): TablePlan {
  const store = stores.get(node.name);
  if (store?.kind === 'create-table') return store;
  const tables = [...stores.values()].filter(({ kind }) => kind === 'create-table').map(({ name }) => name);
  throw store === undefined
    ? new Fault(
        'EPL_UNKNOWN_EVENT_TYPE',
        `unknown table '${node.name}'`,
        node,
        closestName(node.name, tables),
      )
    : new Fault('EPL_VALUE', `'${node.name}' is a named window, no table`, node);
}

const sortedFunctions: ReadonlySet<string> = new Set(['sorted', 'maxby', 'minby', 'maxbyever', 'minbyever']);

/** Lets `sorted() as column` take the sort keys from the declaration of the column. */
export function withDeclaredKeys(node: Select, { columns }: TablePlan): Select {
  const items = node.items.map((item): SelectItem => {
    const part = emptyCall(item);
    if (part === undefined || item.kind !== 'expression') return item;
    const keys = columns.find(({ name }) => name === item.alias)?.written;
    if (keys === undefined) return item;
    const { start, end } = item.expression;
    const filled: PathPart = { ...part, arguments: { distinct: false, list: keys } };
    return { ...item, expression: { kind: 'path', parts: [filled], start, end } };
  });
  return { ...node, items };
}

/** `sorted()` and its like without arguments. */
function emptyCall(item: SelectItem): PathPart | undefined {
  if (item.kind !== 'expression' || item.expression.kind !== 'path') return undefined;
  const [part, more] = item.expression.parts;
  const empty = more === undefined && part.arguments?.list.length === 0;
  return empty && sortedFunctions.has(part.name.toLowerCase()) ? part : undefined;
}

/** Fits the aggregates of the select to the columns of the table, and its groups to the primary key. @throws Fault */
export function planIntoTable(node: Select, plan: SelectPlan, table: TablePlan): IntoTablePlan {
  checkKeys(node, plan, table);
  if (plan.groupingSets !== undefined)
    throw notSupported('rollup, cube and grouping sets into a table', node.groupBy[0]);
  const local = plan.aggregates.find(({ groupBy }) => groupBy !== undefined);
  if (local !== undefined) throw notSupported("'group_by:' of aggregates into a table", node.intoTable!);
  const unbound = plan.inputs.every(({ window }) => window === undefined);
  const columns = plan.result.columns.flatMap(({ name, value }, i): IntoTablePlan['columns'] => {
    const place = node.items[i] ?? node;
    if (value.kind !== 'aggregate') {
      if (!someNode(value, ({ kind }) => kind === 'aggregate')) return [];
      const message = `'into table' takes aggregates as they are: '${name}' computes with one`;
      throw new Fault('EPL_AGGREGATION', message, place);
    }
    const column = table.columns.find((other) => other.name === name);
    if (column === undefined) {
      const close = closestName(
        name,
        table.columns.map((other) => other.name),
      );
      throw new Fault(
        'EPL_UNKNOWN_PROPERTY',
        `the table '${table.name}' has no column '${name}'`,
        place,
        close,
      );
    }
    const aggregate = plan.aggregates[value.index];
    const misfit =
      column.aggregate === undefined
        ? `is ${printType(column.type)} and holds no aggregation`
        : misfitOf(column.aggregate, aggregate, unbound);
    if (misfit !== undefined) {
      const message = `'${name}' of the table '${table.name}' ${misfit}: ${aggregate.text} cannot go into it`;
      throw new Fault('EPL_AGGREGATION', message, place);
    }
    return [{ aggregate: value.index, column: name }];
  });
  if (columns.length === 0)
    throw new Fault(
      'EPL_AGGREGATION',
      `'into table' needs an aggregate, such as sum(x) as total`,
      node.intoTable!,
    );
  return { table: table.name, columns };
}

function checkKeys(node: Select, plan: SelectPlan, table: TablePlan): void {
  const { keys } = table;
  if (plan.groupBy.length !== keys.length) {
    const wanted = keys.length === 0 ? 'no primary key' : `the primary key ${keys.join(', ')}`;
    const message = `the table '${table.name}' has ${wanted}: the statement needs a group-by of ${keys.length} expressions, not ${plan.groupBy.length}`;
    throw new Fault('EPL_AGGREGATION', message, node.intoTable!);
  }
  keys.forEach((key, i) => {
    const { type } = table.type.property(key)!;
    const grouped = keyType(plan.groupBy[i]);
    if (sameType(type, grouped)) return;
    const item = node.groupBy[i];
    const message = `the type of the primary key '${key}' of '${table.name}' is ${printType(type)}, but the group-by expression is ${printType(grouped)}`;
    throw new Fault('EPL_TYPE', message, item);
  });
}

/** Aggregates that keep every value while values may leave. */
const keepsAll: ReadonlySet<AggregatePlan['function']> = new Set([
  'min',
  'max',
  'first',
  'last',
  'window',
  'nth',
  'sorted',
  'maxby',
  'minby',
] as const); // prettier-ignore

/** What of the column the aggregate does not meet; undefined where it fits. */
function misfitOf(declared: AggregatePlan, given: AggregatePlan, unbound: boolean): string | undefined {
  const same =
    declared.function === given.function &&
    declared.distinct === given.distinct &&
    declared.definition === given.definition &&
    declared.position === given.position &&
    JSON.stringify(declared.descending) === JSON.stringify(given.descending);
  if (!same || (declared.argument === undefined) !== (given.argument === undefined))
    return `holds ${declared.text}`;
  if ((declared.filter === undefined) !== (given.filter === undefined))
    return `holds ${declared.text}, ${declared.filter === undefined ? 'without' : 'with'} a filter`;
  const type = declared.argument?.type;
  const provided = given.argument?.type;
  if (type !== undefined && provided !== undefined && !sameType(type, provided))
    return `holds ${declared.text} with the parameter type ${printType(type)}, not ${printType(provided)}`;
  if (!sameType(declared.type, given.type)) return `holds ${declared.text} of ${printType(declared.type)}`;
  if (unbound && keepsAll.has(declared.function))
    return `holds ${declared.text}, which needs a data window in the statement that feeds it (or its form with 'ever')`;
  return undefined;
}
