import type { Subject } from '../../compile/evaluator.ts';
import type { Timer } from '../timers.ts';
import { ByteWriter } from './byte-writer.ts';
import { ObjectTableWriter } from './object-table-writer.ts';
import type { Stateful, StateStream } from './state-stream.ts';
import { UnsavableState } from './state-stream.ts';
import { TextTable } from './text-table.ts';
import { isPacked } from './value-tag.ts';
import { ValueWriter } from './value-writer.ts';

/** What one part of the runtime gave: its bytes, or why it has none. */
export interface WrittenSection {
  readonly bytes: Uint8Array | undefined;
  readonly reason: string;
  /** The number that its first introduced part has. */
  readonly firstPart: number;
}

/** Objects that stand beside what no snapshot can hold, by their numbers. */
interface Spoilt {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Takes a snapshot, section by section. */
export class StateWriter implements StateStream {
  readonly loading = false;
  readonly isFresh: boolean;
  private readonly texts = new TextTable();
  private readonly objects: ObjectTableWriter;
  private readonly parts = new Map<object, number>();
  private readonly mostBytes: number;
  private into: ByteWriter;
  private writer: ValueWriter;
  private readonly spoilt: Spoilt[] = [];

  constructor(mostBytes: number, isFresh = false) {
    this.mostBytes = mostBytes;
    this.isFresh = isFresh;
    this.objects = new ObjectTableWriter(this.texts, mostBytes);
    this.into = new ByteWriter(mostBytes);
    this.writer = new ValueWriter(this.into, this.texts, this.objects);
  }

  /** Writes all that the part names. */
  section(part: Stateful): WrittenSection {
    this.into = new ByteWriter(this.mostBytes);
    this.writer = new ValueWriter(this.into, this.texts, this.objects);
    const firstPart = this.parts.size;
    const firstObject = this.objects.count;
    let reason: string | undefined;
    try {
      part.saveOrLoad(this);
    } catch (error) {
      if (!(error instanceof UnsavableState)) throw error;
      reason = error.message;
    }
    const refused = this.objects.settle();
    if (refused !== undefined) {
      reason ??= `it holds ${refused}, which a snapshot cannot`;
      this.spoilt.push({ from: firstObject, to: this.objects.count, reason });
    }
    return {
      bytes: reason === undefined ? this.into.written() : undefined,
      reason: reason ?? '',
      firstPart,
    };
  }

  /** The texts and objects of all sections. */
  tables(): Uint8Array {
    const objects = new ByteWriter(this.mostBytes);
    this.objects.write(objects);
    const all = new ByteWriter(this.mostBytes);
    this.texts.write(all);
    all.append(objects.written());
    return all.written();
  }

  number(value: number): number {
    this.writer.number(value);
    return value;
  }

  flag(value: boolean): boolean {
    this.into.byte(Number(value));
    return value;
  }

  count(value: number): number {
    this.into.unsigned(value);
    return value;
  }

  value<T>(value: T): T {
    if (typeof value === 'object' && value !== null && this.spoilt.length > 0) this.checkSpoilt(value);
    this.writer.write(value);
    return value;
  }

  values<T>(values: Iterable<T>, count: number): T[] {
    this.into.unsigned(count);
    for (const value of values) this.value(value);
    return values as T[];
  }

  events(events: Iterable<Subject>, count: number): Subject[] {
    return this.values(events, count);
  }

  rows(rows: Iterable<Subject>, count: number): Subject[] {
    this.into.unsigned(count);
    for (const row of rows) {
      const isPart = this.flag(this.parts.has(row));
      if (isPart) this.refer(row);
      else this.value(row);
    }
    return rows as Subject[];
  }

  event(event: Subject | undefined): Subject {
    return this.value(event!);
  }

  eventSet(events: Set<Subject>): void {
    this.values(events, events.size);
  }

  numbers(values: ArrayLike<number>): ArrayLike<number> {
    const { into } = this;
    into.unsigned(values.length);
    let packed = true;
    for (let i = 0; i < values.length && packed; i++)
      packed = isPacked(values[i]) && Math.abs(values[i]) <= 2 ** 50;
    this.flag(packed);
    let last = 0;
    for (let i = 0; i < values.length; i++) {
      if (packed) into.signed(values[i] - last);
      else into.double(values[i]);
      last = values[i];
    }
    return values;
  }

  timer(timer: Timer | undefined): Timer | undefined {
    this.flag(timer !== undefined && !timer.cancelled);
    if (timer === undefined || timer.cancelled) return timer;
    this.number(timer.dueMs);
    this.into.unsigned(timer.sequence);
    return timer;
  }

  sequence(sequence: number): number {
    this.into.unsigned(sequence);
    return sequence;
  }

  lane(): void {}

  introduce(part: object): void {
    this.parts.set(part, this.parts.size);
  }

  refer<T extends object>(part: T | undefined): T | undefined {
    if (part === undefined) {
      this.into.unsigned(0);
      return part;
    }
    const number = this.parts.get(part);
    if (number === undefined) throw new Error('a part is referred to that was not introduced');
    this.into.unsigned(number + 1);
    return part;
  }

  private checkSpoilt(value: object): void {
    const number = this.objects.numberOf(value);
    const found = this.spoilt.find(({ from, to }) => number !== undefined && number >= from && number < to);
    if (found !== undefined) throw new UnsavableState(found.reason);
  }
}
