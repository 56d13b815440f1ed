import type { Bound } from '../plan/expression.ts';
import type { WindowPlan } from '../plan/plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';

export interface ScopeStream {
  /** Its alias, or the name of its type. */
  readonly name: string;
  readonly aliased: boolean;
  readonly type: EventType;
  readonly window?: WindowPlan | undefined;
  /** The place, inside of a declared expression, sees it only where it is handed in. */
  readonly hidden?: boolean;
  /** Of a table: columns whose values change while the row stands. */
  readonly live?: ReadonlySet<string>;
  /** Its properties are named with the name of the stream before them only: `initial.x`. */
  readonly qualified?: true;
}

/** The streams whose properties an expression may name. */
export interface Scope {
  readonly streams: readonly ScopeStream[];
  /** So many of the first streams are asked before the others: of a subquery its own. */
  readonly preferred?: number;
}

/** What the first parts of a path mean, and how many of them were used. */
export interface Match {
  readonly bound: Bound;
  readonly used: number;
}

/**
 * Finds the longest run of parts that names a property, with or without the name of a stream before it, else a
 * stream. Columns may contain dots: `Uniques.ipfix.x` is the stream Uniques and its property `ipfix.x`.
 */
export function matchProperty(scope: Scope, parts: readonly PathPart[]): Match | undefined {
  // Names end at the first part with arguments; a last part may carry an index.
  let plain = 0;
  while (plain < parts.length && parts[plain].arguments === undefined) {
    plain++;
    if (parts[plain - 1].indexes !== undefined) break;
  }
  const names = parts.slice(0, plain).map((part) => part.name);
  for (let count = names.length; count > 0; count--) {
    const whole = names.slice(0, count).join('.');
    let owners: number[] = [];
    scope.streams.forEach(({ type, hidden, qualified }, stream) => {
      if (hidden !== true && qualified !== true && declares(type, whole)) owners.push(stream);
    });
    const { preferred = 0 } = scope;
    if (owners.some((stream) => stream < preferred)) owners = owners.filter((stream) => stream < preferred);
    if (owners.length > 1) {
      const where = owners.map((stream) => scope.streams[stream].name).join(' and ');
      throw new Fault(
        'EPL_AMBIGUOUS_NAME',
        `'${whole}' is a property of several streams (${where}): write the name of the stream before it`,
        spanOf(parts, count),
      );
    }
    if (owners.length === 1) return { bound: propertyOf(scope, owners[0], whole), used: count };
    if (count > 1) {
      const stream = namedStream(scope, names[0]);
      const rest = names.slice(1, count).join('.');
      if (stream >= 0 && declares(scope.streams[stream].type, rest)) {
        return { bound: propertyOf(scope, stream, rest), used: count };
      }
    }
  }
  const stream = namedStream(scope, names[0]);
  if (stream < 0 || names.length > 1) return undefined;
  return { bound: eventOf(scope, stream), used: 1 };
}

/** A variant of all types has every property, but what a dot stands in is the name of a stream or a path. */
const declares = (type: EventType, name: string): boolean =>
  type.property(name) !== undefined && !(type.variants?.any === true && name.includes('.'));

/** By its alias, else by the name of its type where just one stream has that type. */
function namedStream({ streams }: Scope, wanted: string): number {
  const named = streams.findIndex(({ name, hidden }) => name === wanted && hidden !== true);
  if (named >= 0) return named;
  const typed = streams.flatMap(({ type, hidden }, i) =>
    type.name === wanted && hidden !== true ? [i] : [],
  );
  return typed.length === 1 ? typed[0] : -1;
}

/** The whole event of one of the streams. */
export function eventOf(scope: Scope, stream: number): Bound {
  const { type, live } = scope.streams[stream];
  const event: Bound = { kind: 'event', type: { kind: 'event', type }, stream };
  return live === undefined ? event : { ...event, live: true };
}

/** A property of one of the streams; it must have it. */
export function propertyOf(scope: Scope, stream: number, name: string): Bound {
  const { type, live } = scope.streams[stream];
  const property = type.property(name)!;
  // The events of a variant of all types may lack it.
  if (type.variants?.any === true) {
    const base: Bound = { kind: 'event', type: { kind: 'event', type }, stream };
    return { kind: 'member', type: property.type, base, name };
  }
  const bound: Bound = { kind: 'property', type: property.type, stream, name };
  return live?.has(name) ? { ...bound, live: true } : bound;
}

const spanOf = (parts: readonly PathPart[], count: number): Span => ({
  start: parts[0].start,
  end: parts[count - 1].end,
});

/** For a path of which nothing fits. */
export function unknownProperty({ streams }: Scope, parts: readonly PathPart[]): Fault {
  const visible = streams.filter(({ hidden }) => hidden !== true);
  const plain = parts.findIndex((part) => part.arguments !== undefined || part.indexes !== undefined);
  const count = plain < 0 ? parts.length : plain + 1;
  const names = parts.slice(0, count).map((part) => part.name);
  const whole = names.join('.');
  const span = spanOf(parts, count);
  const stream = names.length > 1 ? visible.find(({ name }) => name === names[0]) : undefined;
  if (stream !== undefined) {
    const rest = names.slice(1).join('.');
    const close = closestName(
      rest,
      stream.type.properties.map(({ name }) => name),
    );
    return new Fault(
      'EPL_UNKNOWN_PROPERTY',
      `unknown property '${whole}': ${stream.name} has no '${rest}'`,
      span,
      close === undefined ? undefined : `${stream.name}.${close}`,
    );
  }
  if (visible.length === 0 && streams.length > 0) {
    const message = `unknown name '${whole}': a declared expression sees its parameters only, such as f in f => f.${whole}`;
    return new Fault('EPL_UNKNOWN_PROPERTY', message, span);
  }
  const candidates = visible.flatMap(({ name, type }) => [
    ...type.properties.map((property) => property.name),
    ...(names.length > 1 ? type.properties.map((property) => `${name}.${property.name}`) : []),
  ]);
  const where = visible.map(({ name }) => name).join(', ');
  return new Fault(
    'EPL_UNKNOWN_PROPERTY',
    `unknown property '${whole}' of ${where}`,
    span,
    closestName(whole, candidates),
  );
}
