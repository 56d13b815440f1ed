import type { Condition, Subject } from '../../compile/evaluator.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from '../windows/data-window.ts';
import type { NamedWindow } from './named-window.ts';

/** The statement that reads a named window: it runs what the change leads to and takes the blame for exceptions. */
export interface ConsumerOwner {
  /** Of a partition of a context the statement that all partitions belong to. */
  readonly statement?: object;
  consume(consumer: ConsumerWindow, entering: readonly Subject[], leaving: readonly Subject[]): void;
}

/** A named window as one of its readers sees it: the rows that pass the reader's filter. It keeps nothing itself. */
export class ConsumerWindow implements DataWindow {
  readonly owner: ConsumerOwner;
  private readonly store: NamedWindow;
  private readonly filter: Condition | undefined;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;

  constructor(store: NamedWindow, filter: Condition | undefined, sink: DeltaSink, host: WindowHost) {
    this.store = store;
    this.filter = filter;
    this.sink = sink;
    this.host = host;
    this.owner = host.owner;
    store.subscribe(this);
    host.consumes(this);
  }

  /** A change of the named window. Returns how many rows came in. */
  take(entering: readonly Subject[], leaving: readonly Subject[]): number {
    const { filter } = this;
    const [entered, left] =
      filter === undefined
        ? [entering, leaving]
        : [entering, leaving].map((rows) => rows.filter(this.passes));
    if (entered.length > 0 || left.length > 0) this.sink(entered, left);
    return entered.length;
  }

  /** A reader that starts late finds what the window holds already. What a batch collects is not told yet. */
  load(): void {
    if (this.store.batching) return;
    const rows = [...this.contents()];
    if (rows.length > 0) this.sink(rows, nothing);
  }

  /** Rows come in through the named window only. */
  insert(): void {}

  /** Rows leave through the named window only. */
  remove(): void {}

  contents(): Iterable<Subject> {
    const rows = this.store.contents();
    return this.filter === undefined ? rows : [...rows].filter(this.passes);
  }

  stop(): void {
    this.store.unsubscribe(this);
  }

  private readonly passes = (row: Subject): boolean => this.filter!(row, null, this.host) === true;

  /** It keeps nothing. */
  saveOrLoad(): void {}
}
