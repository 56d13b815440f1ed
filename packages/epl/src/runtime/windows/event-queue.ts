import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

/**
 * Events in the order in which they came, each with a time if wanted: a ring that doubles, and halves when it is nearly
 * empty. An event may also leave from the middle: its place is passed over until it comes to the front. There may be a
 * great many queues of few events, so both lists are arrays of the heap, and small at first.
 */
export class EventQueue {
  private slots: (Subject | undefined)[] = emptySlots(smallest);
  private times: number[] | undefined;
  private head = 0;
  private count = 0;
  /** Removed from the middle; the event at the front is never one of them. */
  private removed: Set<Subject> | undefined = undefined;

  constructor(timed: boolean) {
    this.times = timed ? emptyTimes(smallest) : undefined;
  }

  get length(): number {
    return this.removed === undefined ? this.count : this.count - this.removed.size;
  }

  /** The time of the oldest event; there must be one, and times. */
  get firstTimeMs(): number {
    return this.times![this.head];
  }

  /** `timeMs`: where the queue has times. */
  push(event: Subject, timeMs = 0): void {
    if (this.count === this.slots.length) this.resize(this.slots.length * 2);
    const at = (this.head + this.count++) & (this.slots.length - 1);
    this.slots[at] = event;
    if (this.times !== undefined) this.times[at] = timeMs;
  }

  /** Takes the oldest; there must be one. */
  shift(): Subject {
    const event = this.takeFirst();
    if (this.removed !== undefined) this.passOver(this.removed);
    return event;
  }

  /** Takes an event from anywhere. It must be here. */
  remove(event: Subject): void {
    this.removed ??= new Set();
    this.removed.add(event);
    this.passOver(this.removed);
    if (this.removed !== undefined && this.removed.size * 2 > this.count) this.compact(this.removed);
  }

  *[Symbol.iterator](): Iterator<Subject> {
    for (let i = 0; i < this.count; i++) {
      const event = this.slots[(this.head + i) & (this.slots.length - 1)]!;
      if (this.removed === undefined || !this.removed.has(event)) yield event;
    }
  }

  private takeFirst(): Subject {
    const event = this.slots[this.head]!;
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.count--;
    if (this.slots.length > smallest && this.count * 8 < this.slots.length)
      this.resize(this.slots.length >> 1);
    return event;
  }

  private passOver(removed: Set<Subject>): void {
    while (this.count > 0 && removed.delete(this.slots[this.head]!)) this.takeFirst();
    if (removed.size === 0) this.removed = undefined;
  }

  private compact(removed: ReadonlySet<Subject>): void {
    const { slots, times, head, count } = this;
    const mask = slots.length - 1;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const from = (head + i) & mask;
      const event = slots[from]!;
      if (removed.has(event)) continue;
      const to = (head + kept++) & mask;
      slots[to] = event;
      if (times !== undefined) times[to] = times[from];
    }
    for (let i = kept; i < count; i++) slots[(head + i) & mask] = undefined;
    this.count = kept;
    this.removed = undefined;
  }

  private resize(size: number): void {
    const { slots, times, head, count } = this;
    const nextSlots = emptySlots(size);
    const nextTimes = times && emptyTimes(size);
    for (let i = 0; i < count; i++) {
      const from = (head + i) & (slots.length - 1);
      nextSlots[i] = slots[from];
      if (nextTimes !== undefined) nextTimes[i] = times![from];
    }
    this.slots = nextSlots;
    this.times = nextTimes;
    this.head = 0;
  }

  saveOrLoad(state: StateStream): void {
    const events = state.events(this, this.length);
    const times = state.numbers(state.loading ? [] : this.timesOfEvents());
    if (!state.loading) return;
    this.slots = emptySlots(smallest);
    if (this.times !== undefined) this.times = emptyTimes(smallest);
    this.head = 0;
    this.count = 0;
    this.removed = undefined;
    for (let i = 0; i < events.length; i++) this.push(events[i], times[i] ?? 0);
  }

  private timesOfEvents(): Float64Array {
    const times = new Float64Array(this.length);
    let at = 0;
    for (let i = 0; i < this.count; i++) {
      const from = (this.head + i) & (this.slots.length - 1);
      if (this.removed === undefined || !this.removed.has(this.slots[from]!))
        times[at++] = this.times?.[from] ?? 0;
    }
    return times;
  }
}

const smallest = 4;

const emptySlots = (size: number): (Subject | undefined)[] => new Array(size).fill(undefined);
/** No whole numbers, so that the engine keeps plain doubles from the beginning. */
const emptyTimes = (size: number): number[] => new Array(size).fill(0.5);
