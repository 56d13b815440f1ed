import { TimerHeap } from './timer-heap.ts';
import { type LaneEntry, TimerLane } from './timer-lane.ts';

/** What a timer wakes. */
export interface TimerOwner {
  /** Called once, at the first move of the clock to or beyond the time it was due. */
  onTimer(): void;
  /** Which of a statement's timers that are due at one time run first: windows, which have none, then in this order. */
  readonly timerStage?: TimerStage;
}

/** 1: output rates, 2: patterns. */
export type TimerStage = 1 | 2;

/** Whose timer it is: it runs the owner and takes the blame for its exceptions. */
export interface TimerKeeper {
  /** Its number by deployment. Of what is due at one time, the statement deployed last runs first, as in Esper. */
  readonly timerRank: number;
  runTimer(owner: TimerOwner): void;
}

/** A timer in the heap. */
export class Timer {
  readonly keeper: TimerKeeper;
  readonly owner: TimerOwner;
  dueMs = 0;
  /** By statement, and in it by stage: of timers that fall due together the lower runs first. */
  readonly rank: number;
  /** Of those of one rank too. */
  sequence = 0;
  cancelled = false;
  /** The lane that the timer stands for. */
  readonly lane: TimerLane | undefined;
  private readonly timers: Timers;

  constructor(timers: Timers, owner: TimerOwner, keeper: TimerKeeper, lane?: TimerLane) {
    this.keeper = keeper;
    this.rank = rankOf(keeper, owner.timerStage ?? 0);
    this.owner = owner;
    this.lane = lane;
    this.timers = timers;
  }

  /** Sets it anew, once it has run. */
  set(dueMs: number): void {
    this.timers.set(this, dueMs);
  }
}

/** A timer that has fallen due; it may be cancelled by one that runs before it. */
interface DueTimer {
  readonly keeper: TimerKeeper;
  readonly owner: TimerOwner;
  readonly cancelled: boolean;
}

/** The statement deployed last comes first; there are three stages to a statement. */
const rankOf = (keeper: TimerKeeper, stage: TimerStage | 0): number => stage - keeper.timerRank * 3;
/** The owner of a timer that stands for a lane: only patterns have lanes. */
const ofPatterns: TimerOwner = { onTimer: () => undefined, timerStage: 2 };

/** Fewer cancelled timers than this are not worth a sweep. */
const leastSwept = 1024;

/** The list of timers that fall due together is used again unless it became longer. */
const mostKept = 1024;

/**
 * The timers of a runtime: in the order of (due time, statement, stage, sequence). So what leaves a window at a time is
 * gone before an output rate of the same statement tells what there is at that time, whichever timer was set first.
 */
export class Timers {
  private readonly heap = new TimerHeap();
  private sequence = 0;
  private cancelledCount = 0;
  /** Used again at every move of the clock. */
  private due: (DueTimer | undefined)[] = [];

  schedule(dueMs: number, owner: TimerOwner, keeper: TimerKeeper): Timer {
    const timer = new Timer(this, owner, keeper);
    this.set(timer, dueMs);
    return timer;
  }

  /** Sets a timer that is not set: a new one, or one that has run. */
  set(timer: Timer, dueMs: number): void {
    timer.dueMs = dueMs;
    timer.sequence = this.sequence++;
    this.heap.push(timer);
  }

  /** For timers of one constant length, of which there may be very many. */
  createLane(keeper: TimerKeeper): TimerLane {
    return new TimerLane(keeper, (lane) => new Timer(this, ofPatterns, keeper, lane));
  }

  /** Files the entry in its order among all timers. */
  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void {
    entry.dueMs = dueMs;
    entry.sequence = this.sequence++;
    lane.add(entry);
    if (!lane.armed) this.arm(lane);
    else if (dueMs < lane.head.dueMs) {
      // Only where the clock went back: the lane's place in the heap is found anew.
      this.heap.keep((timer) => timer !== lane.head);
      this.arm(lane);
    }
  }

  /** Cancels a timer of the heap, and sweeps where most of the heap is cancelled. */
  cancel(timer: Timer): void {
    if (timer.cancelled) return;
    timer.cancelled = true;
    if (++this.cancelledCount < leastSwept || this.cancelledCount * 2 < this.heap.size) return;
    this.cancelledCount = 0;
    this.heap.keep(({ cancelled }) => !cancelled);
  }

  /** Timers in the heap, cancelled ones that were not swept yet included. */
  get size(): number {
    return this.heap.size;
  }

  /** Due time of the next timer; Infinity where there is none. */
  get nextDueMs(): number {
    return this.heap.nextDueMs;
  }

  /**
   * Runs all timers due at or before that time, in order. What they set waits for the next call, and one that another
   * cancels is not run.
   */
  runDue(nowMs: number): void {
    const count = this.takeDue(nowMs);
    const { due } = this;
    for (let i = 0; i < count; i++) {
      const timer = due[i]!;
      due[i] = undefined;
      if (!timer.cancelled) timer.keeper.runTimer(timer.owner);
    }
    if (count > mostKept) this.due = [];
  }

  /** Puts those that are due into the list, and returns how many they are. */
  private takeDue(nowMs: number): number {
    const { due, heap } = this;
    let count = 0;
    while (heap.size > 0 && heap.nextDueMs <= nowMs) {
      const timer = heap.pop();
      const { lane } = timer;
      if (lane === undefined) {
        due[count++] = timer;
        continue;
      }
      lane.armed = false;
      const entry = lane.first;
      if (entry === undefined) continue;
      // The entry that the timer stood for may have left: then the next one waits for its own turn.
      if (entry.sequence === timer.sequence) {
        lane.remove(entry);
        due[count++] = entry;
      }
      this.arm(lane);
    }
    return count;
  }

  /** Puts the lane into the heap by its first entry. */
  private arm(lane: TimerLane): void {
    const { first, head } = lane;
    if (first === undefined) return;
    head.dueMs = first.dueMs;
    head.sequence = first.sequence;
    lane.armed = true;
    this.heap.push(head);
  }

  /** The place that the next timer gets. */
  get nextSequence(): number {
    return this.sequence;
  }

  /** Forgets all of them. */
  clear(): void {
    for (const { lane } of this.heap.takeAll()) if (lane !== undefined) lane.armed = false;
    this.cancelledCount = 0;
  }

  /**
   * Gives timers of a snapshot their old places back. Those that belong to no snapshot come behind them.
   * @param places of timers in the heap
   * @param lanes those whose entries have their old places already
   */
  resume(nextSequence: number, places: ReadonlyMap<Timer, number>, lanes: Iterable<TimerLane>): void {
    const all = this.heap.takeAll();
    const single = all.filter(({ lane }) => lane === undefined);
    const restored = single.filter((timer) => places.has(timer));
    const others = single.filter((timer) => !places.has(timer)).sort((a, b) => a.sequence - b.sequence);
    const armed = new Set([...all.flatMap(({ lane }) => lane ?? []), ...lanes]);
    this.sequence = nextSequence;
    for (const timer of restored) timer.sequence = places.get(timer)!;
    for (const timer of others) timer.sequence = this.sequence++;
    for (const timer of [...restored, ...others]) this.heap.push(timer);
    // A lane may have been armed while it was filled: it is armed anew, by its first entry.
    for (const lane of armed) {
      lane.armed = false;
      this.arm(lane);
    }
  }
}
