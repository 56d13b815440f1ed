import type { Subject } from '../../compile/evaluator.ts';
import type { TimerLane } from '../timer-lane.ts';
import type { Timer, TimerOwner } from '../timers.ts';

/**
 * What a part with state goes through when a snapshot is taken or put back. The same calls in the same order serve
 * both ways: each takes what stands in the part now and gives what shall stand there, which is the same while a
 * snapshot is taken, and what the snapshot holds while it is put back.
 */
export interface StateStream {
  /** Whether a snapshot is put back. */
  readonly loading: boolean;
  /**
   * Whether what is taken is the state of a runtime that has seen nothing yet, to be put back at once where a restore
   * goes wrong: what cannot be saved is made anew then.
   */
  readonly isFresh: boolean;
  number(value: number): number;
  flag(value: boolean): boolean;
  /** How many of something follow: a whole number from 0. */
  count(value: number): number;
  /**
   * Any data: simple values, events and rows, arrays, maps and sets of these. An object that stands in several places
   * is one object afterwards.
   */
  value<T>(value: T): T;
  /** Many data, one after the other. */
  values<T>(values: Iterable<T>, count: number): T[];
  /** Many events or rows, in their order. */
  events(events: Iterable<Subject>, count: number): Subject[];
  event(event: Subject | undefined): Subject;
  /** As {@link events}, where rows of a table may stand, which were introduced before. */
  rows(rows: Iterable<Subject>, count: number): Subject[];
  /** The events of a set, in their order. */
  eventSet(events: Set<Subject>): void;
  /** Many numbers. */
  numbers(values: ArrayLike<number>): ArrayLike<number>;
  /** A timer, set again with its place in the order of all timers. */
  timer(
    timer: Timer | undefined,
    owner: TimerOwner,
    host: { schedule(dueMs: number, owner: TimerOwner): Timer },
  ): Timer | undefined;
  /** The place of a timer, which stands in a lane, in the order of all timers. */
  sequence(sequence: number): number;
  /** A lane whose entries are there again. */
  lane(lane: TimerLane): void;
  /** Gives a part, which its owner writes or makes, a number by which others may name it. */
  introduce(part: object): void;
  /** A part that was introduced before. */
  refer<T extends object>(part: T | undefined): T | undefined;
}

/** A part with state. */
export interface Stateful {
  /** Names all of its state: what is written into a snapshot, and read into a part that was made anew. */
  saveOrLoad(state: StateStream): void;
}

/** State that cannot stand in a snapshot: the statement begins anew. */
export class UnsavableState extends Error {}

/** What is read does not fit: the snapshot was not written by what reads it. */
export class UnfitState extends Error {}
