import type { Subject } from '../../compile/evaluator.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';
import { type DeltaSink, nothing, type WindowHost } from './data-window.ts';

/** What a batch window collects, apart from when it is released. */
export interface BatchContent extends Stateful {
  add(event: Subject): void;
  /** Takes an event out of what is being collected. */
  remove(event: Subject): void;
  /** Events collected since the last release. */
  readonly collected: number;
  /** Events of the last release. */
  readonly released: number;
  /** Hands on what was collected; what was released before leaves. `forced`: even where both are empty. */
  release(forced: boolean): void;
  /** What is being collected. */
  contents(): Iterable<Subject>;
}

/** Keeps the events of this batch and of the one before. */
export class RetainedBatch implements BatchContent {
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private current: Subject[] = [];
  private last: readonly Subject[] = nothing;
  /** Of `current`, taken out again. */
  private removed: Set<Subject> | undefined;

  constructor(sink: DeltaSink, host: WindowHost) {
    this.sink = sink;
    this.host = host;
  }

  get collected(): number {
    return this.current.length - (this.removed?.size ?? 0);
  }

  get released(): number {
    return this.last.length;
  }

  add(event: Subject): void {
    this.host.retain(1);
    this.current.push(event);
  }

  remove(event: Subject): void {
    this.removed ??= new Set();
    this.removed.add(event);
    this.host.retain(-1);
  }

  release(forced: boolean): void {
    const { last } = this;
    const current = this.standing();
    this.last = current;
    this.host.retain(-last.length);
    try {
      // A snapshot that the rows call for still finds them in the window.
      this.sink(current, last, forced);
    } finally {
      this.current = [];
      this.removed = undefined;
    }
  }

  contents(): Iterable<Subject> {
    return this.standing();
  }

  private standing(): Subject[] {
    const { current, removed } = this;
    return removed === undefined ? current : current.filter((event) => !removed.has(event));
  }

  saveOrLoad(state: StateStream): void {
    this.current = state.events(this.standing(), this.collected);
    this.last = state.events(this.last, this.last.length);
    if (state.loading) this.removed = undefined;
  }
}
