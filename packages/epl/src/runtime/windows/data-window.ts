import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { ConsumerOwner, ConsumerWindow } from '../named-window/consumer-window.ts';
import type { Stateful } from '../snapshot/state-stream.ts';
import type { Stores } from '../store/row-store.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { Variables } from '../variable-store.ts';

/** What a window may ask of the statement's instance. */
export interface WindowHost extends Environment {
  readonly variableStore: Variables;
  schedule(dueMs: number, owner: TimerOwner): Timer;
  /** Reports one more or fewer event kept, for the limit. @throws EplError `EPL_LIMIT` */
  retain(count: number): void;
  /** The named windows and tables of the runtime. */
  readonly stores: Stores;
  /** Who is told of changes of the named windows that are read. */
  readonly owner: ConsumerOwner;
  /** A named window is read from now on. */
  consumes(consumer: ConsumerWindow): void;
}

/** Takes the deltas of a window: what enters and what leaves in one change. `forced`: told even if nothing happened. */
export type DeltaSink = (entering: readonly Subject[], leaving: readonly Subject[], forced?: boolean) => void;

export interface DataWindow extends Stateful {
  insert(event: Subject): void;
  /** Takes several events at once, where that is not the same as one after the other. */
  insertTogether?(events: readonly Subject[]): void;
  /** Takes an event that it holds out, without a word: another window has let it go. */
  remove(event: Subject): void;
  /** What it holds now, in its order. */
  contents(): Iterable<Subject>;
  /** Forgets everything and cancels its timers. */
  stop(): void;
}

export const nothing: readonly Subject[] = [];
