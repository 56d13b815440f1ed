import type { Bound } from '../plan/expression.ts';
import { conjunction } from '../plan/expression-walk.ts';
import type { StorePlan } from '../plan/store-plan.ts';
import { isBatching, type WindowPlan, windowType } from '../plan/window-plan.ts';
import { Fault } from '../syntax/fault.ts';
import type { EventFilter, StreamNode } from '../syntax/stream.ts';
import { bindContained } from './bind-contained.ts';
import { bindCondition } from './bind-expression.ts';
import type { BoundStream } from './bind-stream.ts';
import { bindWindows } from './bind-window.ts';
import type { Binder } from './binder.ts';
import type { ScopeStream } from './scope.ts';

/**
 * An item of the from clause that reads a named window or a table: what these hold stands in the place of a data
 * window of its own. A filter of a named window chooses among its rows; that of a table is a condition like where.
 */
export function bindStoreStream(
  node: StreamNode,
  source: EventFilter,
  store: StorePlan,
  binder: Omit<Binder, 'scope' | 'place' | 'aggregates'>,
): BoundStream {
  const { name: storeName, type } = store;
  const [inside] = source.contained;
  if (inside !== undefined && store.kind === 'create-table')
    throw new Fault(
      'EPL_VALUE',
      `the table '${storeName}' gives no contained events: its rows change where they stand; keep them in a named window`,
      inside,
    );
  const stream: ScopeStream = {
    name: node.alias?.name ?? storeName,
    aliased: node.alias !== undefined,
    type,
    ...(store.kind === 'create-table' && { live: liveColumns(store) }),
  };
  const own: Binder = { ...binder, scope: { streams: [stream] }, aggregates: undefined, place: 'a filter' };
  const filter = conjunction(source.filters.map((condition) => bindCondition(condition, own)));
  const input = { name: stream.name, type, filter: [], lateFilter: undefined };
  if (store.kind === 'create-table') {
    const [first] = node.windows;
    if (first !== undefined) {
      const message = `the table '${storeName}' takes no data window: it keeps its rows itself`;
      throw new Fault('EPL_VALUE', message, first);
    }
    if (node.unidirectional) {
      const message = `the table '${storeName}' tells of no changes: it cannot be 'unidirectional'`;
      throw new Fault('EPL_VALUE', message, node);
    }
    const window: WindowPlan = { kind: 'table', name: storeName };
    return {
      input: { ...input, window },
      scope: { ...stream, window },
      ...(filter && { condition: filter }),
    };
  }
  const contained =
    inside && bindContained(source.contained, { name: storeName, aliased: false, type }, binder);
  const consumed: WindowPlan = {
    kind: 'named-window',
    name: storeName,
    filter,
    ...(contained && { contained }),
  };
  const events =
    contained === undefined ? own : { ...own, scope: { streams: [{ ...stream, type: contained.type }] } };
  const window = derivedFrom(node, consumed, { ...events, place: 'a data window' });
  return { input: { ...input, window }, scope: { ...stream, type: windowType(window, type), window } };
}

/** The columns whose values change while the row stands. */
export const liveColumns = (store: Extract<StorePlan, { kind: 'create-table' }>): ReadonlySet<string> =>
  new Set(store.columns.filter(({ aggregate }) => aggregate !== undefined).map(({ name }) => name));

/** Derived numbers such as `#size` may be told of a named window; it takes no further data window. */
function derivedFrom(node: StreamNode, consumed: WindowPlan, binder: Binder): WindowPlan {
  const own = bindWindows(node.windows, node.retain, binder);
  if (own === undefined) return consumed;
  if (own.kind === 'derived' && own.window === undefined) return { ...own, window: consumed };
  const { name } = binder.scope.streams[0];
  const batch = isBatching(own) ? 'batch ' : '';
  throw new Fault(
    'EPL_VALUE',
    `'${name}' reads a named window, which takes no further data window: its own ${batch}data window decides what it holds`,
    node.windows[0],
  );
}

/** Whether the value may change while its row stands, so that no index can hold it. */
export const isLive = (node: Bound): boolean => node.kind === 'property' && node.live === true;
