import type { EventType } from '../runtime/event-type.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import type { Bound } from './expression.ts';
import type { PatternPlan } from './pattern-plan.ts';
import type { Period } from './period.ts';
import type { Schedule } from './schedule.ts';

/**
 * A context: how events are shared out among partitions. A nested context has several levels, each partition of one
 * holding partitions of the next; statements run in those of the innermost.
 */
export interface ContextPlan {
  readonly kind: 'create-context';
  readonly name: string;
  readonly levels: readonly ContextLevelPlan[];
  readonly rowType: EventType;
}

export interface ContextLevelPlan {
  /** Of a context that is not nested, that of the context. */
  readonly name: string;
  /** Where the values of its partitions begin among those of all levels. */
  readonly base: number;
  /** What statements may read as `context.…`: in the order of the values. */
  readonly properties: readonly ContextProperty[];
  readonly body: ContextBodyPlan;
}

export interface ContextProperty {
  readonly name: string;
  readonly type: PropertyType;
}

export type ContextBodyPlan = KeyedPlan | HashPlan | CategoryPlan | SpanPlan;

/** Events of a type that a level takes, and their filter. */
export interface ContextItem {
  readonly type: EventType;
  /** Conjuncts over the event. */
  readonly filter: readonly Bound[];
}

/** `partition by`: a partition for each key. Its values are the keys, then what the opening event is called. */
export interface KeyedPlan {
  readonly kind: 'keyed';
  readonly items: readonly (ContextItem & { readonly keys: readonly Bound[] })[];
  /** Empty where the first event of a key opens its partition. `item`: whose keys the event has. */
  readonly initiated: readonly (ContextItem & { readonly item: number; readonly named: boolean })[];
  readonly terminated: PointPlan | undefined;
}

/** `coalesce by`: a partition for each remainder of a hash. */
export interface HashPlan {
  readonly kind: 'hash';
  readonly items: readonly (ContextItem & { readonly hash: HashFunction; readonly keys: readonly Bound[] })[];
  readonly granularity: number;
  readonly preallocate: boolean;
}

/** `value`: the keys are one number, the hash itself. */
export type HashFunction = 'consistent_hash_crc32' | 'hash_code' | 'value';

/** `group by … as label`: partitions by condition, there from the start. An event goes to all that fit. */
export interface CategoryPlan {
  readonly kind: 'category';
  readonly items: readonly [ContextItem];
  readonly categories: readonly { readonly label: string; readonly condition: Bound }[];
}

/**
 * Partitions in time. `overlapping`: each opening starts another one; else there is one at a time. The values are the
 * times of start and end, then what the opening events are called.
 */
export interface SpanPlan {
  readonly kind: 'span';
  readonly overlapping: boolean;
  /** One partition from the start, besides those that the point opens. */
  readonly now: boolean;
  /** Of the opening events; a partition whose values another one has is not opened. */
  readonly distinct: readonly Bound[];
  /** Undefined where only {@link now} opens. */
  readonly opened: PointPlan | undefined;
  readonly terminated: PointPlan | undefined;
}

/** What opens or ends a partition. */
export type PointPlan = FilterPoint | PatternPoint | CronPoint | AfterPoint;

export interface FilterPoint extends ContextItem {
  readonly kind: 'filter';
  /** Whether the opening event is among the values. */
  readonly named: boolean;
  /** Of an end: what must be true of the event and the partition's values together. */
  readonly correlated: readonly Bound[];
}

/** A match of a pattern. */
export interface PatternPoint {
  readonly kind: 'pattern';
  readonly pattern: PatternPlan;
  /** Whether the statements see the event that completes the match. */
  readonly inclusive: boolean;
  /** Of an end: the places, among the values of the partition, of what its opening events are called. */
  readonly given: readonly { readonly name: string; readonly slot: number }[];
  /** Of a start: the properties of the match that are values of the partition; the match itself stands behind them. */
  readonly tags: readonly string[];
  readonly named: boolean;
}

/** At the points of crontabs, whichever comes first. */
export interface CronPoint {
  readonly kind: 'cron';
  readonly schedules: readonly Schedule[];
}

export interface AfterPoint {
  readonly kind: 'after';
  readonly period: Period;
}
