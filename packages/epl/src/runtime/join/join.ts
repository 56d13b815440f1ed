import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { Stores } from '../store/row-store.ts';
import type { DeltaSink } from '../windows/data-window.ts';
import { InnerJoin } from './inner-join.ts';
import type { JoinHost } from './join-index.ts';
import { JoinIndexes } from './join-indexes.ts';
import { OuterJoin } from './outer-join.ts';
import type { Tuple, TupleFinder } from './tuple.ts';

interface Change {
  readonly stream: number;
  readonly entering: readonly Subject[];
  readonly leaving: readonly Subject[];
}

const noTuples: readonly Tuple[] = [];

/**
 * The join of two or more streams: what the windows hold is kept in indexes, a change looks up its partners. Old rows
 * are the tuples of the leaving events with what stood before the change, new rows those of the entering ones with
 * what stands after it. Of a unidirectional join only one stream makes rows.
 */
export class Join {
  private readonly streams: number;
  private readonly sink: DeltaSink;
  private readonly indexes: JoinIndexes;
  private readonly finder: TupleFinder;
  private readonly driver: number | undefined;
  private readonly wantLeaving: boolean;
  private changes: Change[] = [];

  constructor(
    program: Program,
    host: JoinHost & { readonly stores: Stores },
    wantLeaving: boolean,
    sink: DeltaSink,
  ) {
    const { inputs, join } = program.plan;
    this.streams = inputs.length;
    this.sink = sink;
    this.driver = join!.driver;
    this.wantLeaving = wantLeaving && this.driver === undefined;
    const tables = inputs.map(({ window }) =>
      window?.kind === 'table' ? host.stores.get(window.name) : undefined,
    );
    this.indexes = new JoinIndexes(inputs.length, host, tables);
    this.finder =
      join!.outer === undefined
        ? new InnerJoin(program, this.indexes, host)
        : new OuterJoin(program, this.indexes, host);
  }

  /** Takes the delta of one stream; {@link flush} joins what has come. */
  change(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    this.changes.push({ stream, entering, leaving });
  }

  /** Joins the deltas of all streams as one change. */
  flush(): void {
    const { changes } = this;
    this.changes = [];
    const lost = this.wantLeaving ? this.tuples(changes, 'leaving') : noTuples;
    for (const { stream, entering, leaving } of changes)
      if (stream !== this.driver) this.indexes.update(stream, entering, leaving);
    const made = this.tuples(changes, 'entering');
    if (made.length > 0 || lost.length > 0)
      this.sink(made as unknown as Subject[], lost as unknown as Subject[]);
  }

  /** All tuples that stand now; none of a unidirectional join. */
  *contents(): Iterable<Subject> {
    if (this.driver !== undefined) return;
    yield* this.finder.contents() as unknown as Iterable<Subject>;
  }

  stop(): void {
    this.indexes.stop();
  }

  /** The tuples in which at least one of the changed events takes part, each once. */
  private tuples(changes: readonly Change[], side: 'entering' | 'leaving'): readonly Tuple[] {
    const { driver, finder } = this;
    const found: Tuple[] = [];
    if (changes.length === 1) {
      const [{ stream, [side]: events }] = changes;
      if (driver === undefined || driver === stream)
        for (const event of events) finder.find(stream, event, undefined, found);
      return found;
    }
    // A tuple of two changed events is found from the first of them only.
    const earlier: (Set<Subject> | undefined)[] = new Array(this.streams).fill(undefined);
    for (const { stream, [side]: events } of changes) {
      if (driver !== undefined && driver !== stream) continue;
      for (const event of events) finder.find(stream, event, earlier, found);
      earlier[stream] ??= new Set();
      for (const event of events) earlier[stream].add(event);
    }
    return found;
  }
}
