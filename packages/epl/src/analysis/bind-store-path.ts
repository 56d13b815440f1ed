import type { Bound } from '../plan/expression.ts';
import type { Path } from '../syntax/expression.ts';
import type { Subquery } from '../syntax/select.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';

/** A path that starts with the name of a named window or table; undefined for any other. @throws Fault */
export function bindStorePath({ parts, end }: Path, binder: Binder): Bound | undefined {
  const [first, second] = parts;
  const store = binder.library?.stores.get(first.name);
  if (store === undefined || first.arguments !== undefined) return undefined;
  if (second?.arguments === undefined) return undefined;
  // `W.countOf(…)`: a method on the rows of the store, as on a subquery of all of them.
  const span = { start: first.start, end: first.end };
  const source = {
    kind: 'event-filter' as const,
    type: { name: first.name, ...span },
    filters: [],
    contained: [],
  };
  const query: Subquery = {
    distinct: false,
    items: [{ kind: 'wildcard', ...span }],
    groupBy: [],
    from: { source: { ...source, ...span }, windows: [], unidirectional: false, ...span },
    ...span,
  };
  const base = { kind: 'subquery' as const, query, ...span };
  return bindExpression({ kind: 'method', base, parts: parts.slice(1), start: first.start, end }, binder);
}
