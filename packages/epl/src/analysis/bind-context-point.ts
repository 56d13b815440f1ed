import type { ContextProperty, PointPlan } from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import { conjuncts, rewrite, someNode } from '../plan/expression-walk.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { ContextPoint } from '../syntax/context.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { Name } from '../syntax/statement.ts';
import type { EventFilter } from '../syntax/stream.ts';
import { bindCondition } from './bind-expression.ts';
import { bindSchedule } from './bind-schedule.ts';
import { knownType } from './bind-schema.ts';
import type { Binder } from './binder.ts';
import { checkFilterTyping } from './filter-typing.ts';
import type { ScopeStream } from './scope.ts';
import type { UserLibrary } from './user-library.ts';
import { bindPeriod } from './window-parameters.ts';

/** What an event that opens a partition is called. */
export interface Tag extends ContextProperty {
  readonly type: { readonly kind: 'event'; readonly type: EventType };
}

/** The names that expressions may use beside the event at hand, and their places among the partition's values. */
export type TagTypes = readonly (Tag & { readonly slot: number })[];

interface Surroundings {
  readonly eventTypes: Binder['eventTypes'];
  readonly library: UserLibrary;
}

/** For expressions over the event at hand, if any, and over tags: these follow it in the scope. */
export function eventBinder(
  type: EventType | undefined,
  alias: Name | undefined,
  tags: TagTypes,
  { eventTypes, library }: Surroundings,
  place: string,
): Binder {
  const own: ScopeStream[] =
    type === undefined ? [] : [{ name: alias?.name ?? type.name, aliased: alias !== undefined, type }];
  const named = tags.map(({ name, type: tag }) => ({ name, aliased: true, type: tag.type }));
  return {
    scope: { streams: [...own, ...named], preferred: own.length },
    eventTypes,
    aggregates: undefined,
    subqueries: undefined,
    library,
    place,
  };
}

/** Reads tags, the streams of the scope from `first` on, from the partition's values. */
export const readTags =
  (tags: TagTypes, first: number) =>
  (bound: Bound): Bound =>
    rewrite(bound, (node) => {
      if ((node.kind !== 'property' && node.kind !== 'event') || node.stream < first) return undefined;
      const { name, type, slot } = tags[node.stream - first];
      const event: Bound = { kind: 'context', type, slot, text: name };
      return node.kind === 'event'
        ? event
        : { kind: 'member', type: node.type, base: event, name: node.name };
    });

/** The conjuncts of a filter, those that ask the partition apart. */
export function bindTaggedFilter(
  filter: EventFilter,
  alias: Name | undefined,
  tags: TagTypes,
  surroundings: Surroundings,
): {
  readonly type: EventType;
  readonly conditions: readonly Bound[];
  readonly correlated: readonly Bound[];
} {
  const [contained] = filter.contained;
  if (contained !== undefined) throw notSupported('contained-event selection in a context', contained);
  const type = knownType(filter.type, surroundings.eventTypes);
  const binder = eventBinder(type, alias, tags, surroundings, 'the filter of a context');
  const all = filter.filters.flatMap((written) => {
    const parts = conjuncts(bindCondition(written, binder));
    for (const part of parts) checkFilterTyping(part, written);
    return parts.map(readTags(tags, 1));
  });
  return {
    type,
    conditions: all.filter((condition) => !asksPartition(condition)),
    correlated: all.filter(asksPartition),
  };
}

/** Whether the expression reads a property of the partition. */
export const asksPartition = (bound: Bound): boolean => someNode(bound, ({ kind }) => kind === 'context');

/** Binds what opens or ends a partition. `@now` has been dealt with. @throws Fault */
export function bindPoint(
  node: ContextPoint,
  word: 'start' | 'end',
  tags: TagTypes,
  surroundings: Surroundings,
): { readonly point: PointPlan; readonly tags: readonly Tag[] } {
  const constants = eventBinder(undefined, undefined, [], surroundings, `the ${word} of a context`);
  switch (node.kind) {
    case 'now':
      throw new Fault('EPL_VALUE', `'@now' opens a partition, it cannot end one`, node);
    case 'filter': {
      const { type, conditions, correlated } = bindTaggedFilter(node.filter, node.alias, tags, surroundings);
      const own: Tag[] =
        node.alias === undefined ? [] : [{ name: node.alias.name, type: { kind: 'event', type } }];
      return {
        point: { kind: 'filter', type, filter: conditions, correlated, named: own.length > 0 },
        tags: own,
      };
    }
    case 'cron':
      return {
        point: {
          kind: 'cron',
          schedules: node.schedules.map((fields) => bindSchedule(fields, node, constants)),
        },
        tags: [],
      };
    case 'after':
      return {
        point: { kind: 'after', period: bindPeriod(node.duration, `the ${word} of a context`, constants) },
        tags: [],
      };
    case 'pattern':
      throw notSupported('patterns', node);
    default:
      return node satisfies never;
  }
}
