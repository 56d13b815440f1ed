/** What a timer wakes. */
export interface TimerOwner {
  /** Called once, at the first move of the clock to or beyond the time it was due. */
  onTimer(): void;
}

/** Whose timer it is: it runs the owner and takes the blame for its exceptions. */
export interface TimerKeeper {
  runTimer(owner: TimerOwner): void;
}

export interface Timer {
  readonly keeper: TimerKeeper;
  readonly dueMs: number;
  readonly sequence: number;
  readonly owner: TimerOwner;
  cancelled: boolean;
}

/** The timers of a runtime: a binary heap by (due time, sequence). */
export class Timers {
  private readonly heap: Timer[] = [];
  private sequence = 0;

  schedule(dueMs: number, owner: TimerOwner, keeper: TimerKeeper): Timer {
    const timer: Timer = { keeper, dueMs, sequence: this.sequence++, owner, cancelled: false };
    const { heap } = this;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
    return timer;
  }

  /** Due time of the next timer; Infinity where there is none. */
  get nextDueMs(): number {
    return this.heap.length === 0 ? Number.POSITIVE_INFINITY : this.heap[0].dueMs;
  }

  /** Takes all timers due at or before that time, in order. */
  takeDue(nowMs: number): Timer[] {
    const due: Timer[] = [];
    while (this.heap.length > 0 && this.heap[0].dueMs <= nowMs) due.push(this.pop());
    return due;
  }

  private pop(): Timer {
    const { heap } = this;
    const top = heap[0];
    const moved = heap.pop()!;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
        if (!before(heap[child], moved)) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = moved;
    }
    return top;
  }
}

const before = (a: Timer, b: Timer): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence);
