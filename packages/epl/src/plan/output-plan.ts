import type { EventType } from '../runtime/event-type.ts';
import type { Bound } from './expression.ts';
import type { DurationPart } from './pattern-plan.ts';
import type { Period } from './period.ts';
import type { VariableAssignment } from './plan.ts';
import type { Schedule } from './schedule.ts';

/** When a statement gives its rows, and which of them. */
export interface OutputPlan {
  /** `every`: all rows of the interval. */
  readonly display: 'every' | 'all' | 'first' | 'last' | 'snapshot';
  /** What comes before is counted by aggregates but not told. */
  readonly after: OutputAmount | undefined;
  /** Undefined: with each change. */
  readonly trigger: OutputAmount | OutputCondition | OutputSchedule | OutputAtEnd | undefined;
  /** In a context: given also when the partition ends. */
  readonly termination: OutputTermination | undefined;
}

/** Only when the partition ends. */
export interface OutputAtEnd {
  readonly kind: 'at-end';
}

export interface OutputTermination {
  /** Over an event of the `state` type. */
  readonly condition: { readonly test: Bound; readonly state: EventType } | undefined;
  /** `then set …`: over no event. */
  readonly assignments: readonly VariableAssignment[];
}

export type OutputAmount =
  /** With `parts` where variables stand in it: they are read anew with each event and each output. */
  | { readonly kind: 'time'; readonly period: Period; readonly parts: readonly DurationPart[] | undefined }
  /** A variable is read anew with each event. */
  | { readonly kind: 'events'; readonly count: number | string };

export interface OutputCondition {
  readonly kind: 'when';
  /** Over an event of the `state` type. */
  readonly condition: Bound;
  readonly state: EventType;
  /** That the condition reads: it is tested again when they change. */
  readonly variables: readonly string[];
  /** `then set …`, over an event of the `state` type. */
  readonly assignments: readonly VariableAssignment[];
}

/** A crontab. */
export interface OutputSchedule {
  readonly kind: 'at';
  readonly schedule: Schedule;
}
