import type { Subject } from '../../compile/evaluator.ts';
import type { TimerLane } from '../timer-lane.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { ByteReader } from './byte-reader.ts';
import { type Stateful, type StateStream, UnfitState } from './state-stream.ts';
import { ValueReader } from './value-reader.ts';

/** Timers and entries of lanes, which get their old places in the order of all timers when all are there. */
export interface Sequenced {
  sequence: number;
}

/** Puts a snapshot back, section by section. */
export class StateReader implements StateStream {
  readonly loading = true;
  readonly isFresh: boolean;
  private readonly texts: readonly string[];
  private readonly objects: readonly object[];
  private readonly parts: (object | undefined)[] = [];
  private readonly mostSequence: number;
  /** The timers that were set, with their old places. */
  readonly timers = new Map<Timer, number>();
  /** The lanes that have entries again. */
  readonly lanes: TimerLane[] = [];
  private from = new ByteReader(new Uint8Array(0));
  private reader: ValueReader;
  private nextPart = 0;

  /** @param mostSequence one more than the latest place in the order of timers that the snapshot has */
  constructor(texts: readonly string[], objects: readonly object[], mostSequence: number, isFresh = false) {
    this.isFresh = isFresh;
    this.texts = texts;
    this.objects = objects;
    this.mostSequence = mostSequence;
    this.reader = new ValueReader(this.from, texts, objects);
  }

  /** Fills the part. */
  section(part: Stateful, bytes: Uint8Array, firstPart: number): void {
    this.from = new ByteReader(bytes);
    this.reader = new ValueReader(this.from, this.texts, this.objects);
    this.nextPart = firstPart;
    part.saveOrLoad(this);
    if (this.from.left > 0) throw new UnfitState(`${this.from.left} bytes are left`);
  }

  number(_value: number): number {
    const value = this.reader.read();
    if (typeof value !== 'number') throw new UnfitState('a number is missing');
    return value;
  }

  flag(_value: boolean): boolean {
    const byte = this.from.byte();
    if (byte > 1) throw new UnfitState('neither true nor false');
    return byte === 1;
  }

  count(_value: number): number {
    return this.from.count();
  }

  value<T>(_value: T): T {
    return this.reader.read() as T;
  }

  values<T>(): T[] {
    const values: T[] = [];
    for (let left = this.from.count(); left > 0; left--) values.push(this.reader.read() as T);
    return values;
  }

  events(_events: Iterable<Subject>): Subject[] {
    const events: Subject[] = [];
    for (let left = this.from.count(); left > 0; left--) events.push(this.event());
    return events;
  }

  rows(): Subject[] {
    const rows: Subject[] = [];
    for (let left = this.from.count(); left > 0; left--) {
      const row = this.flag(false) ? this.refer<Subject>(undefined) : this.event();
      if (row === undefined) throw new UnfitState('a row is missing');
      rows.push(row);
    }
    return rows;
  }

  event(): Subject {
    const event = this.reader.read();
    if (typeof event !== 'object' || event === null) throw new UnfitState('an event is missing');
    return event as Subject;
  }

  eventSet(events: Set<Subject>): void {
    events.clear();
    for (const event of this.events(events)) events.add(event);
  }

  numbers(_values: ArrayLike<number>): ArrayLike<number> {
    const values = new Float64Array(this.from.count());
    const packed = this.flag(false);
    let last = 0;
    for (let i = 0; i < values.length; i++) {
      last = packed ? last + this.from.signed() : this.from.double();
      values[i] = last;
    }
    return values;
  }

  timer(
    timer: Timer | undefined,
    owner: TimerOwner,
    host: { schedule(dueMs: number, owner: TimerOwner): Timer },
  ): Timer | undefined {
    // Set when the part was made.
    if (timer !== undefined) timer.cancelled = true;
    if (!this.flag(false)) return undefined;
    const dueMs = this.number(0);
    if (Number.isNaN(dueMs)) throw new UnfitState('a timer has no time');
    const restored = host.schedule(dueMs, owner);
    this.timers.set(restored, this.sequence(0));
    return restored;
  }

  sequence(_sequence: number): number {
    const sequence = this.from.unsigned();
    if (sequence >= this.mostSequence) throw new UnfitState('a timer comes from the future');
    return sequence;
  }

  lane(lane: TimerLane): void {
    this.lanes.push(lane);
  }

  introduce(part: object): void {
    this.parts[this.nextPart++] = part;
  }

  refer<T extends object>(_part: T | undefined): T | undefined {
    const number = this.from.unsigned();
    if (number === 0) return undefined;
    const part = this.parts[number - 1];
    if (part === undefined) throw new UnfitState('a part is missing');
    return part as T;
  }
}
