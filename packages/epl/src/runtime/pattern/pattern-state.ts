import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { PatternProgram } from '../../compile/pattern-program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { LaneEntry, TimerLane } from '../timer-lane.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { WaitTable } from './wait-table.ts';

/** Whoever opened a state and hears of it. */
export interface PatternParent {
  /** Whether a filter directly below goes on waiting after an event that it takes. */
  readonly keepsFilters: boolean;
  /** The state matches with that partial match. `ended`: it has nothing more to wait for and is closed. */
  matched(partial: Subject, from: PatternState, ended: boolean): void;
  /** The state can never match any more. `restartable`: unless it is opened anew. */
  failed(from: PatternState, restartable: boolean): void;
}

/** What the states of one running pattern share. */
export interface PatternContext {
  readonly program: PatternProgram;
  readonly environment: Environment;
  /** Of each filter the states that wait. */
  readonly tables: readonly WaitTable[];
  /** By the numbers of the program's constant lengths of time. */
  readonly lanes: readonly TimerLane[];
  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void;
  schedule(dueMs: number, owner: TimerOwner): Timer;
  cancel(timer: Timer): void;
  /** Counts so many more, or fewer, events and keys that are kept. @throws EplError `EPL_LIMIT` */
  retain(count: number): void;
  /** Counts one more partial match; false where there is no room for it. */
  openPartial(): boolean;
  closePartial(): void;
  /** Counts an exception inside a condition: the event does not pass. */
  failedOver(error: unknown): void;
}

/**
 * One open node of a pattern: what it waits for, given what has matched before it. It tells its parent when it matches
 * and when it never will; it is opened by {@link start}, at most once, and closed by {@link quit}.
 */
export abstract class PatternState {
  readonly parent: PatternParent;
  /** Its place among the parts of the parent's node. */
  readonly place: number;
  /** In the list of the parent, where it keeps one. */
  listed = false;
  previous: PatternState | undefined = undefined;
  next: PatternState | undefined = undefined;

  constructor(parent: PatternParent, place: number) {
    this.parent = parent;
    this.place = place;
  }

  /** Whether `every` leaves it as it is after a match, instead of opening it anew. */
  get staysOpen(): boolean {
    return false;
  }

  /** True of `not`: it keeps nothing open by itself. */
  get isNegation(): boolean {
    return false;
  }

  abstract start(partial: Subject): void;
  abstract quit(): void;
  /** Into a state that was created for it, and not started. */
  abstract saveOrLoad(state: StateStream): void;
  /** Closes what has one of these events in its partial match. */
  abstract discard(events: ReadonlySet<unknown>): void;

  /** Gives up the oldest partial match below; false where there is none. */
  dropOldest(): boolean {
    return false;
  }
}

/** Whether one of the events stands under a tag of the partial match. */
export function sharesEvent(partial: Subject, events: ReadonlySet<unknown>): boolean {
  for (const value of Object.values(partial)) {
    if (Array.isArray(value) ? value.some((event) => events.has(event)) : events.has(value)) return true;
  }
  return false;
}

/** All events under the tags of a match. */
export function eventsOf(match: Subject): unknown[] {
  return Object.values(match)
    .flat()
    .filter((event) => event !== null);
}
