import type { ContextProperty, PointPlan } from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import { conjuncts, rewrite, someNode } from '../plan/expression-walk.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { ContextPoint } from '../syntax/context.ts';
import { Fault } from '../syntax/fault.ts';
import type { Name } from '../syntax/statement.ts';
import type { EventFilter } from '../syntax/stream.ts';
import { bindCondition } from './bind-expression.ts';
import { bindPattern, type Tags, tagType } from './bind-pattern.ts';
import { bindSchedule } from './bind-schedule.ts';
import { knownType } from './bind-schema.ts';
import type { Binder } from './binder.ts';
import { checkFilterTyping } from './filter-typing.ts';
import type { ScopeStream } from './scope.ts';
import type { UserLibrary } from './user-library.ts';
import { bindPeriod } from './window-parameters.ts';

/** What the events that open a partition are called, and their places among its values. */
export type OpeningTags = readonly (ContextProperty & { readonly slot: number })[];

interface Surroundings {
  readonly eventTypes: Binder['eventTypes'];
  readonly library: UserLibrary;
}

const typesOf = (tags: OpeningTags): Tags => new Map(tags.map(({ name, type }) => [name, type]));

/** For expressions over the event at hand, if any, and over tags: an event that holds them follows it in the scope. */
export function eventBinder(
  type: EventType | undefined,
  alias: Name | undefined,
  tags: OpeningTags,
  { eventTypes, library }: Surroundings,
  place: string,
): Binder {
  const own: ScopeStream[] =
    type === undefined ? [] : [{ name: alias?.name ?? type.name, aliased: alias !== undefined, type }];
  const named = { name: 'pattern', aliased: false, type: tagType(typesOf(tags)) };
  return {
    scope: { streams: [...own, named], preferred: own.length },
    eventTypes,
    aggregates: undefined,
    subqueries: undefined,
    library,
    place,
  };
}

/** Reads tags, which stand in the stream `from` of the scope, from the partition's values. */
export const readTags =
  (tags: OpeningTags, from: number) =>
  (bound: Bound): Bound =>
    rewrite(bound, (node) => {
      if (node.kind !== 'property' || node.stream !== from) return undefined;
      const { type, slot } = tags.find(({ name }) => name === node.name)!;
      return { kind: 'context', type, slot, text: node.name };
    });

/** The conjuncts of a filter, those that ask the partition apart. */
export function bindTaggedFilter(
  filter: EventFilter,
  alias: Name | undefined,
  tags: OpeningTags,
  surroundings: Surroundings,
): {
  readonly type: EventType;
  readonly conditions: readonly Bound[];
  readonly correlated: readonly Bound[];
} {
  const [contained] = filter.contained;
  if (contained !== undefined)
    throw new Fault(
      'EPL_VALUE',
      'a context takes whole events: insert the events inside into a stream of their own, and name that',
      contained,
    );
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
const asksPartition = (bound: Bound): boolean => someNode(bound, ({ kind }) => kind === 'context');

/** Binds what opens or ends a partition. A start of `@now` has been dealt with. @throws Fault */
export function bindPoint(
  node: ContextPoint,
  word: 'start' | 'end',
  given: OpeningTags,
  surroundings: Surroundings,
): { readonly point: PointPlan; readonly tags: readonly ContextProperty[] } {
  const constants = eventBinder(undefined, undefined, [], surroundings, `the ${word} of a context`);
  switch (node.kind) {
    case 'now':
      throw new Fault('EPL_VALUE', `'@now' opens a partition, it cannot end one`, node);
    case 'filter': {
      const { type, conditions, correlated } = bindTaggedFilter(node.filter, node.alias, given, surroundings);
      const tags: ContextProperty[] =
        node.alias === undefined ? [] : [{ name: node.alias.name, type: { kind: 'event', type } }];
      return {
        point: { kind: 'filter', type, filter: conditions, correlated, named: tags.length > 0 },
        tags,
      };
    }
    case 'pattern': {
      const pattern = bindPattern(
        { root: node.root, annotations: [] },
        { ...surroundings, subqueries: undefined },
        typesOf(given),
      );
      const own = pattern.type.properties.filter(({ name }) => given.every((tag) => tag.name !== name));
      const whole: ContextProperty[] =
        node.alias === undefined
          ? []
          : [{ name: node.alias.name, type: { kind: 'event', type: pattern.type } }];
      return {
        point: {
          kind: 'pattern',
          pattern,
          inclusive: node.inclusive,
          given: given.map(({ name, slot }) => ({ name, slot })),
          tags: own.map(({ name }) => name),
          named: whole.length > 0,
        },
        tags: [...own, ...whole],
      };
    }
    case 'cron': {
      const schedules = node.schedules.map((fields) => bindSchedule(fields, node, constants));
      return { point: { kind: 'cron', schedules }, tags: [] };
    }
    case 'after': {
      const period = bindPeriod(node.duration, `the ${word} of a context`, constants);
      return { point: { kind: 'after', period }, tags: [] };
    }
    default:
      return node satisfies never;
  }
}
