import type { EventType } from '../runtime/event-type.ts';
import type { ContainedPlan } from './contained-plan.ts';
import type { Bound } from './expression.ts';
import type { Period } from './period.ts';
import type { AggregatePlan } from './plan.ts';

/** A data window, or several put together. */
export type WindowPlan =
  | { readonly kind: 'length'; readonly size: number }
  | { readonly kind: 'length_batch'; readonly size: number }
  | { readonly kind: 'time'; readonly period: Period }
  | TimeBatchPlan
  | TimeLengthBatchPlan
  | { readonly kind: 'ext_timed'; readonly timestamp: Bound; readonly period: Period }
  | {
      readonly kind: 'ext_timed_batch';
      readonly timestamp: Bound;
      readonly period: Period;
      readonly referenceMs: number | undefined;
    }
  | { readonly kind: 'keepall' }
  | { readonly kind: 'firstlength'; readonly size: number }
  | { readonly kind: 'firsttime'; readonly period: Period }
  | { readonly kind: 'lastevent' }
  | { readonly kind: 'firstevent' }
  | { readonly kind: 'unique'; readonly keys: readonly Bound[] }
  | { readonly kind: 'firstunique'; readonly keys: readonly Bound[] }
  | { readonly kind: 'time_accum'; readonly period: Period }
  | { readonly kind: 'sort'; readonly size: number; readonly order: readonly SortKey[] }
  | RankPlan
  | { readonly kind: 'time_order'; readonly timestamp: Bound; readonly period: Period }
  | { readonly kind: 'timetolive'; readonly deadline: Bound }
  | ExpressionWindowPlan
  | { readonly kind: 'intersection' | 'union'; readonly windows: readonly WindowPlan[] }
  | GroupWindowPlan
  | DerivedPlan
  | NamedWindowReference
  | { readonly kind: 'table'; readonly name: string };

/** What a named window holds, or the rows of it that pass the filter. */
export interface NamedWindowReference {
  readonly kind: 'named-window';
  readonly name: string;
  readonly filter: Bound | undefined;
  /** The events inside of its rows, which stand for them. */
  readonly contained?: ContainedPlan;
}

export interface TimeBatchPlan {
  readonly kind: 'time_batch';
  readonly period: Period;
  /** The grid goes through this point in time instead of through the first event's arrival. */
  readonly referenceMs: number | undefined;
  readonly forceUpdate: boolean;
  readonly startEager: boolean;
}

export interface TimeLengthBatchPlan {
  readonly kind: 'time_length_batch';
  readonly period: Period;
  readonly size: number;
  readonly forceUpdate: boolean;
  readonly startEager: boolean;
}

export interface SortKey {
  readonly value: Bound;
  readonly descending: boolean;
}

/** The first `size` keys by an order, each with its latest event. */
export interface RankPlan {
  readonly kind: 'rank';
  readonly keys: readonly Bound[];
  readonly size: number;
  readonly order: readonly SortKey[];
}

/**
 * `expr`: the oldest events leave while the condition is not true. `expr_batch`: what was collected is released when
 * it is true. The condition reads the pair of an event and of the {@link windowState}.
 */
export interface ExpressionWindowPlan {
  readonly kind: 'expr' | 'expr_batch';
  readonly condition: Bound;
  /** Over what the window holds. */
  readonly aggregates: readonly AggregatePlan[];
  /** The type of the second of the pair. */
  readonly state: EventType;
  /** That the condition reads: it is tested again when they change. */
  readonly variables: readonly string[];
  /** `expr_batch`: whether the event that makes it true belongs to the batch. */
  readonly includeTrigger: boolean;
}

/** A window of its own for each key. */
export interface GroupWindowPlan {
  readonly kind: 'groupwin';
  readonly keys: readonly Bound[];
  readonly window: WindowPlan;
}

export type DerivedMeasure = 'size' | 'uni' | 'linest' | 'correl' | 'weighted_avg';

/** One event of numbers about what a window holds; over no window, about all that came. */
export interface DerivedPlan {
  readonly kind: 'derived';
  readonly measure: DerivedMeasure;
  readonly window: WindowPlan | undefined;
  /** Of the measure: none, one or two numbers of the event. */
  readonly arguments: readonly Bound[];
  /** Expressions of the latest event that stand beside the numbers, by their column. */
  readonly extras: readonly { readonly name: string; readonly value: Bound }[];
  /** Columns of the keys of the `groupwin` that it stands in. */
  readonly keyNames: readonly string[];
  readonly type: EventType;
}

/** The window that decides what kind of deltas come: of a group its own, of several the one that batches. */
export function isBatching(window: WindowPlan): boolean {
  switch (window.kind) {
    case 'length_batch':
    case 'time_batch':
    case 'time_length_batch':
    case 'ext_timed_batch':
    case 'expr_batch':
      return true;
    case 'intersection':
      return window.windows.some(isBatching);
    case 'groupwin':
      return isBatching(window.window);
    default:
      return false;
  }
}

/** Whether it stands for the rows of a named window or table. */
export function readsStore(window: WindowPlan | undefined): boolean {
  if (window?.kind === 'derived') return readsStore(window.window);
  return window?.kind === 'named-window' || window?.kind === 'table';
}

/** The type of the events that come out of a window; of most windows it is the type that goes in. */
export function windowType(window: WindowPlan | undefined, type: EventType): EventType {
  if (window?.kind === 'derived') return window.type;
  if (window?.kind === 'named-window') return window.contained?.type ?? type;
  return window?.kind === 'groupwin' ? windowType(window.window, type) : type;
}
