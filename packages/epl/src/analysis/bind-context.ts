import type {
  CategoryPlan,
  ContextBodyPlan,
  ContextItem,
  ContextLevelPlan,
  ContextPlan,
  ContextProperty,
  HashFunction,
  HashPlan,
  KeyedPlan,
  SpanPlan,
} from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import { createEventType } from '../runtime/event-type.ts';
import { type PropertyType, printType, sameType } from '../runtime/property-type.ts';
import type {
  CategoryContext,
  ContextNode,
  CreateContext,
  HashContext,
  KeyedContext,
  OverlappingContext,
  RangeContext,
} from '../syntax/context.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import {
  bindPoint,
  bindTaggedFilter,
  eventBinder,
  type OpeningTags,
  readTags,
} from './bind-context-point.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { keyType, keyValue } from './key-value.ts';
import { isInteger } from './types.ts';
import type { UserLibrary } from './user-library.ts';
import { bindSize } from './window-parameters.ts';

type EventTypes = Binder['eventTypes'];

/** What the parts of a context's definition may name. */
interface Surroundings {
  readonly eventTypes: EventTypes;
  /** Its context is that of the levels outside, if any. */
  readonly library: UserLibrary;
  readonly base: number;
}

/** A level's kind, and the properties of its partitions. */
interface BoundBody {
  readonly body: ContextBodyPlan;
  readonly properties: readonly ContextProperty[];
}

/** `create context`. @throws Fault */
export function bindContext(node: CreateContext, eventTypes: EventTypes, library: UserLibrary): ContextPlan {
  const { name } = node.name;
  if (library.contexts.has(name))
    throw new Fault('EPL_DUPLICATE_NAME', `the context '${name}' exists already`, node.name);
  const rowType = createEventType(name, []);
  const written = node.body.kind === 'nested' ? node.body.contexts : [{ name: node.name, body: node.body }];
  const levels: ContextLevelPlan[] = [];
  for (const { name: levelName, body } of written) {
    if (levels.some((level) => level.name === levelName.name)) {
      const message = `two of the nested contexts are named '${levelName.name}'`;
      throw new Fault('EPL_DUPLICATE_NAME', message, levelName);
    }
    const base = levels.reduce((count, { properties }) => count + properties.length, 0);
    const outside: ContextPlan = { kind: 'create-context', name, levels: [...levels], rowType };
    const around = { eventTypes, library: { ...library, context: outside }, base };
    levels.push({ name: levelName.name, base, ...bindBody(body, around) });
  }
  const plan: ContextPlan = { kind: 'create-context', name, levels, rowType };
  library.contexts.set(name, plan);
  return plan;
}

function bindBody(node: ContextNode, around: Surroundings): BoundBody {
  switch (node.kind) {
    case 'keyed':
      return bindKeyed(node, around);
    case 'hash':
      return { body: bindHash(node, around), properties: [] };
    case 'category':
      return { body: bindCategory(node, around), properties: [{ name: 'label', type: 'string' }] };
    case 'range':
    case 'overlapping':
      return bindSpan(node, around);
    case 'nested':
      throw new Fault('EPL_SYNTAX', 'a nested context cannot stand inside of another one', node);
    default:
      return node satisfies never;
  }
}

function bindKeyed(node: KeyedContext, { eventTypes, library, base }: Surroundings): BoundBody {
  const tags: ContextProperty[] = [];
  const items = node.items.map(({ keys, filter, alias }) => {
    const { type, conditions } = bindTaggedFilter(filter, alias, [], { eventTypes, library });
    const binder = eventBinder(type, alias, [], { eventTypes, library }, 'the key of a context');
    return { type, filter: conditions, keys: keys.map((key) => bindKeyOf(key, binder)) };
  });
  const [first] = items;
  items.forEach(({ keys }, i) => {
    const { keys: written, filter } = node.items[i];
    if (keys.length !== first.keys.length) {
      const message = `partition by: ${count(first.keys.length)} for ${first.type.name}, but ${count(keys.length)} for ${filter.type.name}`;
      throw new Fault('EPL_VALUE', message, written[0]);
    }
    keys.forEach((key, at) => {
      const wanted = keyType(first.keys[at]);
      if (sameType(keyType(key), wanted)) return;
      const message = `partition by: the type of ${reprint(written[at])} is ${printType(keyType(key))}, not ${printType(wanted)} as the one of ${first.type.name}`;
      throw new Fault('EPL_TYPE', message, written[at]);
    });
  });
  const itemOf = (type: ContextItem['type']) => items.findIndex((item) => item.type === type);
  const initiated = node.initiated.map(({ filter, alias }) => {
    const { type, conditions } = bindTaggedFilter(filter, alias, [], { eventTypes, library });
    const item = itemOf(type);
    if (item < 0) {
      const message = `'initiated by' needs an event type that 'partition by' has a key for, not ${type.name}`;
      throw new Fault('EPL_VALUE', message, filter);
    }
    if (alias !== undefined) tags.push({ name: alias.name, type: { kind: 'event', type } });
    return { type, filter: conditions, item, named: alias !== undefined };
  });
  const keyed: ContextProperty[] = first.keys.map((key, i) => ({ name: `key${i + 1}`, type: keyType(key) }));
  const properties = [...keyed, ...tags];
  const body: KeyedPlan = {
    kind: 'keyed',
    items,
    initiated,
    terminated:
      node.terminated &&
      bindPoint(node.terminated, 'end', tagTypes(tags, base + keyed.length), { eventTypes, library }).point,
  };
  return { body, properties };
}

const count = (keys: number): string => (keys === 1 ? 'one key' : `${keys} keys`);

const tagTypes = (tags: readonly ContextProperty[], slot: number): OpeningTags =>
  tags.map((tag, i) => ({ ...tag, slot: slot + i }));

function bindKeyOf(key: Expression, binder: Binder): Bound {
  const bound = bindExpression(key, binder);
  if (bound.kind === 'constant') {
    const message = `the key of a context needs an expression of the event's properties`;
    throw new Fault('EPL_VALUE', message, key);
  }
  return keyValue(bound);
}

const hashFunctions: readonly HashFunction[] = ['consistent_hash_crc32', 'hash_code'];

function bindHash(node: HashContext, { eventTypes, library }: Surroundings): HashPlan {
  const items = node.items.map(({ hash, filter }) => {
    const { type, conditions } = bindTaggedFilter(filter, undefined, [], { eventTypes, library });
    const binder = eventBinder(type, undefined, [], { eventTypes, library }, 'the hash of a context');
    return { type, filter: conditions, ...bindHashCall(hash, binder) };
  });
  const constants = eventBinder(undefined, undefined, [], { eventTypes, library }, "'granularity'");
  const granularity = bindSize(node.granularity, "'granularity'", constants);
  if (granularity > mostBuckets) {
    const message = `'granularity' can be ${mostBuckets} at most`;
    throw new Fault('EPL_VALUE', message, node.granularity);
  }
  return { kind: 'hash', items, granularity, preallocate: node.preallocate };
}

/** Preallocated buckets are partitions from the start. */
const mostBuckets = 1_000_000;

function bindHashCall(node: Expression, binder: Binder): { hash: HashFunction; keys: readonly Bound[] } {
  if (node.kind === 'path' && node.parts.length === 1) {
    const [{ name, arguments: args }] = node.parts;
    const known = hashFunctions.find((hash) => hash === name.toLowerCase());
    if (known !== undefined && args !== undefined) {
      if (args.list.length === 0) throw new Fault('EPL_VALUE', `${known} needs the property to hash`, node);
      return { hash: known, keys: args.list.map((key) => bindKeyOf(key, binder)) };
    }
  }
  const value = bindExpression(node, binder);
  if (isInteger(value.type)) return { hash: 'value', keys: [value] };
  const message = `'coalesce by' needs ${hashFunctions.join(', ')} or a whole number, not ${printType(value.type)}`;
  throw new Fault('EPL_TYPE', message, node);
}

function bindCategory(node: CategoryContext, { eventTypes, library }: Surroundings): CategoryPlan {
  const { type } = bindTaggedFilter(node.filter, undefined, [], { eventTypes, library });
  const binder = eventBinder(type, undefined, [], { eventTypes, library }, 'the category');
  const labels = new Set<string>();
  const categories = node.categories.map(({ condition, label }) => {
    if (labels.has(label.name))
      throw new Fault('EPL_DUPLICATE_NAME', `two categories are labelled '${label.name}'`, label);
    labels.add(label.name);
    return { label: label.name, condition: bindCondition(condition, binder) };
  });
  // As in Esper a filter behind the type is checked, but only the conditions of the categories choose the events.
  return { kind: 'category', items: [{ type, filter: [] }], categories };
}

function bindSpan(
  node: RangeContext | OverlappingContext,
  { eventTypes, library, base }: Surroundings,
): BoundBody {
  const times: readonly { name: string; type: PropertyType }[] = [
    { name: 'startTime', type: 'long' },
    { name: 'endTime', type: 'long' },
  ];
  const immediate = node.opened.kind === 'now';
  const opened = immediate ? undefined : bindPoint(node.opened, 'start', [], { eventTypes, library });
  const tags = tagTypes(opened?.tags ?? [], base + times.length);
  const keys = node.kind === 'overlapping' ? node.distinct : [];
  if (keys.length > 0 && tags.length === 0) {
    const message =
      "'distinct' needs an event that starts the partition, with a name: initiated by distinct(a.x) E as a";
    throw new Fault('EPL_VALUE', message, keys[0]);
  }
  const distinct = keys.map((key) =>
    keyValue(bindTagged(ofOpening(key, tags), tags, { eventTypes, library }, "'distinct' of a context")),
  );
  const body: SpanPlan = {
    kind: 'span',
    overlapping: node.kind === 'overlapping',
    now: immediate || (node.kind === 'overlapping' && node.now),
    distinct,
    opened: opened?.point,
    terminated: node.terminated && bindPoint(node.terminated, 'end', tags, { eventTypes, library }).point,
  };
  return { body, properties: [...times, ...(opened?.tags ?? [])] };
}

/** `distinct(src)` is short for `distinct(a.src)`, where a single event opens the partition. */
function ofOpening(node: Expression, tags: OpeningTags): Expression {
  const [tag, ...others] = tags;
  if (node.kind !== 'path' || others.length > 0 || node.parts[0].arguments !== undefined) return node;
  if (node.parts[0].name === tag.name) return node;
  const { parts, start } = node;
  return { ...node, parts: [{ ...parts[0], name: tag.name, indexes: undefined, end: start }, ...parts] };
}

/** An expression over nothing but what the opening events are called. */
function bindTagged(
  node: Expression,
  tags: OpeningTags,
  surroundings: Pick<Surroundings, 'eventTypes' | 'library'>,
  place: string,
): Bound {
  return readTags(
    tags,
    0,
  )(bindExpression(node, eventBinder(undefined, undefined, tags, surroundings, place)));
}
