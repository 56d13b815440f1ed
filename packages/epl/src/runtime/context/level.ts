import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { PatternProgram } from '../../compile/pattern-program.ts';
import type { ContextItem } from '../../plan/context-plan.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { Endings } from './ending.ts';
import type { Partition } from './partition.ts';
import type { PointPattern } from './point-pattern.ts';

/** In the place of an item: the event's type is none of the level's, so it reaches all partitions. */
export const everyPartition = -1;

/**
 * What an event at a level may do. Ends come before openings, so that one event can end one partition and open the
 * next. `end-pattern` and `open-pattern`: it goes to a filter of the pattern at the end or the start.
 */
export interface Door extends ContextItem {
  readonly kind: 'end' | 'end-pattern' | 'open' | 'open-pattern';
  /** Which of the level's openings, or which filter of the pattern. */
  readonly index: number;
}

/** Where a level stands in its context. */
export interface LevelPlace {
  /** From 0, the outermost. */
  readonly depth: number;
  /** The values of the partition outside: those of its own partitions begin with them. */
  readonly outer: readonly unknown[];
}

/** The partitions of one level inside one partition of the level outside, if any. */
export interface Level extends Stateful {
  readonly place: LevelPlace;
  /** Opens what is there from the start, and waits for what opens the rest. */
  start(): void;
  take(door: Door, event: Subject): void;
  /** Puts the open partitions that an event of that item belongs to into the list. */
  reach(item: number, event: Subject, into: Partition[]): void;
  /** In the order in which they opened. */
  partitions(): Iterable<Partition>;
  /** Of `coalesce by`: the remainder that the partition stands for. */
  hashOf?(partition: Partition): number | undefined;
  /** One of its partitions has ended. `event`: the one that ended it, if any. */
  ended(partition: Partition, event: Subject | undefined): void;
  /** Waits for nothing any more. Its partitions are ended by the context. */
  stop(): void;
}

/** Takes the matches of a start or an end that came together; `event`: the one that completed them, if any. */
export type PointSink = (matches: readonly Subject[], event: Subject | undefined) => void;

/** What a level needs from its context. */
export interface LevelHost extends Environment {
  /** Creates a pattern in the surroundings of these values. */
  createPattern(program: PatternProgram, values: readonly unknown[], sink: PointSink): PointPattern;
  cancel(timer: Timer): void;
  schedule(dueMs: number, owner: TimerOwner): Timer;
  /** Opens a partition with these values of its own; what ends it is set up before what lives in it. */
  open(level: Level, values: readonly unknown[], endings?: Endings, unseen?: Subject): Partition;
  /** A partition of a level as a snapshot has it, with the levels inside of it. What ends it is set up by the level. */
  saveOrLoadPartition(state: StateStream, known: Partition | undefined, level: Level): Partition;
  /** Ends it, with the output that its statements have for that. */
  end(partition: Partition, event?: Subject): void;
  failed(error: unknown): void;
}
