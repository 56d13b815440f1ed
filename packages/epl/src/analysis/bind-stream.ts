import type { Bound } from '../plan/expression.ts';
import { conjunction, conjuncts, someNode } from '../plan/expression-walk.ts';
import type { InputPlan } from '../plan/plan.ts';
import { windowType } from '../plan/window-plan.ts';
import { Fault } from '../syntax/fault.ts';
import type { PatternSource, StreamNode } from '../syntax/stream.ts';
import { bindContained } from './bind-contained.ts';
import { bindCondition } from './bind-expression.ts';
import { bindPattern } from './bind-pattern.ts';
import { knownType } from './bind-schema.ts';
import { bindStoreStream } from './bind-store-stream.ts';
import { bindWindows } from './bind-window.ts';
import type { Binder } from './binder.ts';
import { checkFilterTyping } from './filter-typing.ts';
import type { ScopeStream } from './scope.ts';

export interface BoundStream {
  readonly input: InputPlan;
  /** As the other clauses see it: what comes out of its windows. */
  readonly scope: ScopeStream;
  /** A condition on its rows that counts like where. */
  readonly condition?: Bound;
}

/** Binds one item of the from clause. Filters and windows see its own event only. */
export function bindStream(
  node: StreamNode,
  { eventTypes, subqueries, library }: Pick<Binder, 'eventTypes' | 'subqueries' | 'library'>,
): BoundStream {
  const { source } = node;
  if (source.kind === 'pattern') return bindPatternStream(node, source, { eventTypes, subqueries, library });
  const store = library?.stores.get(source.type.name);
  if (store !== undefined) return bindStoreStream(node, source, store, { eventTypes, subqueries, library });
  const type = knownType(source.type, eventTypes);
  const name = node.alias?.name ?? type.name;
  const stream = { name, aliased: node.alias !== undefined, type };
  const binder: Binder = {
    scope: { streams: [stream] },
    eventTypes,
    aggregates: undefined,
    subqueries,
    library,
    place: 'a filter',
  };
  const conditions = source.filters.flatMap((condition) => {
    const parts = conjuncts(bindCondition(condition, binder));
    for (const conjunct of parts) checkFilterTyping(conjunct, condition);
    return parts;
  });
  const contained =
    source.contained.length === 0
      ? undefined
      : bindContained(source.contained, { name: type.name, aliased: false, type }, { eventTypes, library });
  const inner = { ...stream, type: contained?.type ?? type };
  const window = bindWindows(node.windows, node.retain, {
    ...binder,
    scope: { streams: [inner] },
    place: 'a data window',
  });
  return {
    input: { name, type, ...splitFilter(conditions), ...(contained && { contained }), window },
    scope: { ...inner, type: windowType(window, inner.type), window },
  };
}

/** A pattern: its matches are the events. */
function bindPatternStream(
  node: StreamNode,
  source: PatternSource,
  surroundings: Pick<Binder, 'eventTypes' | 'subqueries' | 'library'>,
): BoundStream {
  const pattern = bindPattern(source, surroundings);
  const { type } = pattern;
  const stream = { name: node.alias?.name ?? type.name, aliased: node.alias !== undefined, type };
  const window = bindWindows(node.windows, node.retain, {
    ...surroundings,
    scope: { streams: [stream] },
    aggregates: undefined,
    place: 'a data window',
  });
  return {
    input: { name: stream.name, type, pattern, filter: [], lateFilter: undefined, window },
    scope: { ...stream, type: windowType(window, type), window },
  };
}

/** What the shared index of the event type may test, and what only the statement can. */
export function splitFilter(conditions: readonly Bound[]): Pick<InputPlan, 'filter' | 'lateFilter'> {
  const asks = (condition: Bound) =>
    someNode(condition, ({ kind }) => kind === 'subquery' || kind === 'context');
  return {
    filter: conditions.filter((condition) => !asks(condition)),
    lateFilter: conjunction(conditions.filter(asks)),
  };
}

export function checkStreamNames(nodes: readonly StreamNode[]): void {
  const names = new Set<string>();
  for (const { alias } of nodes) {
    if (alias === undefined) continue;
    if (names.has(alias.name)) {
      throw new Fault('EPL_DUPLICATE_NAME', `two streams are named '${alias.name}'`, alias);
    }
    names.add(alias.name);
  }
}
