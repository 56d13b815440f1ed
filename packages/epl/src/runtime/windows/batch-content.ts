import type { Subject } from '../../compile/evaluator.ts';
import { type DeltaSink, nothing, type WindowHost } from './data-window.ts';

/** What a batch window collects, apart from when it is released. */
export interface BatchContent {
  add(event: Subject): void;
  /** Events collected since the last release. */
  readonly collected: number;
  /** Events of the last release. */
  readonly released: number;
  /** Hands on what was collected; what was released before leaves. `forced`: even where both are empty. */
  release(forced: boolean): void;
  contents(): Iterable<Subject>;
}

/** Keeps the events of this batch and of the one before. */
export class RetainedBatch implements BatchContent {
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private current: Subject[] = [];
  private last: readonly Subject[] = nothing;

  constructor(sink: DeltaSink, host: WindowHost) {
    this.sink = sink;
    this.host = host;
  }

  get collected(): number {
    return this.current.length;
  }

  get released(): number {
    return this.last.length;
  }

  add(event: Subject): void {
    this.host.retain(1);
    this.current.push(event);
  }

  release(): void {
    const { current, last } = this;
    this.current = [];
    this.last = current;
    this.host.retain(-last.length);
    this.sink(current, last);
  }

  contents(): Iterable<Subject> {
    return this.current;
  }
}
