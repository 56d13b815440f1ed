import type { Bound } from '../plan/expression.ts';
import type { TablePlan } from '../plan/store-plan.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Path, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Subquery } from '../syntax/select.ts';
import { bindExpression, describe } from './bind-expression.ts';
import { bindMethod } from './bind-path.ts';
import type { Binder } from './binder.ts';
import { isComparable, typeFault } from './types.ts';

/**
 * A path that starts with the name of a named window or table: the values of a table's row, or a method on all rows.
 * Undefined for any other. @throws Fault
 */
export function bindStorePath(path: Path, binder: Binder): Bound | undefined {
  const { parts } = path;
  const [first, second] = parts;
  const store = binder.library?.stores.get(first.name);
  if (store === undefined || first.arguments !== undefined) return undefined;
  if (store.kind === 'create-table') {
    const own = second?.arguments === undefined || first.indexes !== undefined;
    if (own) return bindTableAccess(store, path, binder);
    if (second.name.toLowerCase() === 'keys')
      return bindMethod(keysOf(store, second), parts, 2, `${store.name}.keys`, binder);
  }
  return second?.arguments === undefined ? undefined : bindRowsMethod(path, binder);
}

/** `T[k]…`: also where the table is a stream as well. Undefined for what is no table. @throws Fault */
export function bindTableRow(path: Path, binder: Binder): Bound | undefined {
  const [{ name }] = path.parts;
  const store = binder.library?.stores.get(name);
  const hidden = binder.scope.streams.some(({ type }) => type.property(name) !== undefined);
  return store?.kind !== 'create-table' || hidden ? undefined : bindTableAccess(store, path, binder);
}

/** `W.countOf(…)`: a method on the rows of the store, as on a subquery of all of them. */
function bindRowsMethod({ parts, start, end }: Path, binder: Binder): Bound {
  const [first] = parts;
  const span = { start: first.start, end: first.end };
  const source = {
    kind: 'event-filter' as const,
    type: { name: first.name, ...span },
    filters: [],
    contained: [],
  };
  const query: Subquery = {
    number: 1,
    distinct: false,
    items: [{ kind: 'wildcard', ...span }],
    groupBy: [],
    from: { source: { ...source, ...span }, windows: [], unidirectional: false, ...span },
    ...span,
  };
  const base = { kind: 'subquery' as const, query, ...span };
  return bindExpression({ kind: 'method', base, parts: parts.slice(1), start, end }, binder);
}

/** `T[a, b].column`, `T[a]`, and of a table without a primary key `T.column`. */
function bindTableAccess(table: TablePlan, { parts }: Path, binder: Binder): Bound {
  const [first, second] = parts;
  const keys = bindKeys(table, first, binder);
  const access = { kind: 'table-access' as const, table: table.name, keys };
  const row: Bound = { ...access, type: { kind: 'event', type: table.type }, column: undefined };
  if (second === undefined) return row;
  const property = second.arguments === undefined ? table.type.property(second.name) : undefined;
  if (property === undefined) {
    if (second.arguments !== undefined) return bindMethod(row, parts, 1, table.name, binder);
    const close = closestName(
      second.name,
      table.columns.map(({ name }) => name),
    );
    throw new Fault(
      'EPL_UNKNOWN_PROPERTY',
      `the table '${table.name}' has no column '${second.name}'`,
      second,
      close,
    );
  }
  const column: Bound = { ...access, type: property.type, column: property.name };
  const text = `${table.name}.${property.name}`;
  if (second.indexes === undefined) return bindMethod(column, parts, 2, text, binder);
  throw typeFault(`write the index of '${text}' in parentheses of their own`, second);
}

function bindKeys(table: TablePlan, part: PathPart, binder: Binder): readonly Bound[] {
  const written = part.indexes ?? [];
  const { keys, name } = table;
  if (written.length !== keys.length) {
    const message =
      keys.length === 0
        ? `the table '${name}' has no primary key: write ${name}.column`
        : `the table '${name}' has the primary key ${keys.join(', ')}: write ${name}[${keys.join(', ')}]`;
    throw new Fault('EPL_VALUE', message, part);
  }
  return written.map((expression, i) => {
    const bound = bindExpression(expression, binder);
    const { type } = table.type.property(keys[i])!;
    if (isComparable(type, bound.type)) return bound;
    throw typeFault(
      `cannot look up the primary key '${keys[i]}' of '${name}' by ${describe(expression, bound)}`,
      expression,
    );
  });
}

/** `T.keys()`: of one key column its values, of several the lists of these. */
function keysOf(table: TablePlan, part: PathPart): Bound {
  const [only, more] = table.keys;
  if (only === undefined) throw new Fault('EPL_VALUE', `the table '${table.name}' has no primary key`, part);
  const element = more === undefined ? table.type.property(only)!.type : 'object';
  return { kind: 'table-keys', type: { kind: 'array', element }, table: table.name };
}
