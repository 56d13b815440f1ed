import type { EventType } from '../runtime/event-type.ts';
import type { TimeUnit } from '../syntax/time-unit.ts';
import type { ContainedPlan } from './contained-plan.ts';
import type { Bound } from './expression.ts';
import type { Period } from './period.ts';
import type { Schedule } from './schedule.ts';

/**
 * A pattern as a source of events. A match is an event whose properties are the tags. Expressions see the partial
 * match, an event of the same type with null under the tags that are not reached yet, as their stream 0; filters see
 * the event that they test as stream 0 and the partial match as stream 1.
 */
export interface PatternPlan {
  /** Of the matches. */
  readonly type: EventType;
  readonly root: PatternNodePlan;
  /** All filters of the tree, which names them by their place. */
  readonly filters: readonly PatternFilterPlan[];
  /** `@SuppressOverlappingMatches`: of the matches of one event or tick that share an event only the first is given. */
  readonly suppressOverlapping: boolean;
  /** `@DiscardPartialsOnMatch`: partial matches that share an event with a match end with it. */
  readonly discardPartials: boolean;
}

export type PatternNodePlan =
  | PatternFilterReference
  | PatternFollowedByPlan
  | { readonly kind: 'and' | 'or'; readonly operands: readonly PatternNodePlan[] }
  | { readonly kind: 'every' | 'not'; readonly operand: PatternNodePlan }
  | PatternEveryDistinctPlan
  | PatternRepeatPlan
  | PatternGuardPlan
  | PatternObserverPlan;

export interface PatternFilterReference {
  readonly kind: 'filter';
  /** In {@link PatternPlan.filters}. */
  readonly filter: number;
}

export interface PatternFilterPlan {
  readonly type: EventType;
  /** Undefined where the event is not kept. */
  readonly tag: string | undefined;
  /** For messages: the tag, else the type. */
  readonly name: string;
  /** The events inside of the event, all of which stand under the tag as one array. */
  readonly contained?: ContainedPlan;
  /** Conjuncts on the event alone: tested once by the shared index of the event type. */
  readonly fixed: readonly Bound[];
  /** `own = other`: waits are looked up by the value that `other` had when the wait began. */
  readonly equalities: readonly { readonly own: Bound; readonly other: Bound }[];
  /** Conjuncts that are tested for each wait that is looked up. */
  readonly residual: readonly Bound[];
  /** The bound of a comparison with the partial match: waits that one event ends, end in the order of this value. */
  readonly order: Bound | undefined;
  /** The level of `@consume`; undefined without it. */
  readonly consume: number | undefined;
  /** Names that are read although the type does not declare them. */
  readonly dynamic: readonly string[];
}

export interface PatternFollowedByPlan {
  readonly kind: 'followed-by';
  readonly first: PatternNodePlan;
  /** `max`: of `-[max]>`, how many of the step may be open at a time. */
  readonly steps: readonly { readonly max: Bound | undefined; readonly node: PatternNodePlan }[];
}

export interface PatternEveryDistinctPlan {
  readonly kind: 'every-distinct';
  readonly keys: readonly Bound[];
  /** After which a key is forgotten, counted from when it was first seen. */
  readonly expiry: DurationPlan | undefined;
  readonly operand: PatternNodePlan;
}

export interface PatternRepeatPlan {
  readonly kind: 'repeat';
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
  readonly operand: PatternNodePlan;
  readonly until: PatternNodePlan | undefined;
  /** The tags of the operand: of each the match has an array. */
  readonly tags: readonly string[];
}

export interface PatternGuardPlan {
  readonly kind: 'guard';
  readonly guard:
    | { readonly kind: 'within'; readonly duration: DurationPlan; readonly most: Bound | undefined }
    | { readonly kind: 'while'; readonly condition: Bound };
  readonly operand: PatternNodePlan;
}

export type PatternObserverPlan =
  | { readonly kind: 'interval'; readonly duration: DurationPlan }
  | { readonly kind: 'at'; readonly schedule: Schedule }
  | { readonly kind: 'schedule'; readonly schedule: TimerSchedulePlan };

/** A length of time that is known beforehand, or computed when the step begins. */
export type DurationPlan =
  | { readonly kind: 'constant'; readonly period: Period }
  | { readonly kind: 'computed'; readonly parts: readonly DurationPart[] };

export interface DurationPart {
  readonly unit: TimeUnit;
  readonly value: Bound;
}

/** `timer:schedule`: either one text in the form of ISO 8601, or its parts. */
export type TimerSchedulePlan =
  | { readonly kind: 'iso'; readonly text: Bound }
  | {
      readonly kind: 'parts';
      /** A text in the form of ISO 8601, or milliseconds since 1970. */
      readonly date: Bound | undefined;
      readonly period: DurationPlan | undefined;
      /** Negative: without end. */
      readonly repetitions: Bound | undefined;
    };
