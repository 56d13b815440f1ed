import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Stores } from '../store/row-store.ts';
import { type DeltaSink, nothing } from '../windows/data-window.ts';
import { InnerJoin } from './inner-join.ts';
import type { JoinHost } from './join-index.ts';
import { JoinIndexes } from './join-indexes.ts';
import { OuterJoin } from './outer-join.ts';
import { PairJoin } from './pair-join.ts';
import type { JoinState, Tuple, TupleFinder } from './tuple.ts';
import { TupleList } from './tuple-list.ts';

/** The delta of one stream. */
interface Change {
  readonly stream: number;
  readonly entering: readonly Subject[];
  readonly leaving: readonly Subject[];
}

const noTuples: readonly Tuple[] = [];
const none = -1;

/**
 * The join of two or more streams: what the windows hold is kept in indexes, a change looks up its partners. Old rows
 * are the tuples of the leaving events with what stood before the change, new rows those of the entering ones with
 * what stands after it. Of a unidirectional join only one stream makes rows.
 */
export class Join {
  private readonly streams: number;
  private readonly sink: DeltaSink;
  private readonly indexes: JoinState;
  private readonly finder: TupleFinder;
  private readonly driver: number | undefined;
  private readonly wantLeaving: boolean;
  private readonly found = new TupleList();
  /** The first change since the last flush, most often the only one: its stream, or none. And those behind it. */
  private stream = none;
  private entering: readonly Subject[] = nothing;
  private leaving: readonly Subject[] = nothing;
  private others: Change[] | undefined;

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
    if (PairJoin.fits(program.plan)) {
      const pair = new PairJoin(program, host);
      this.indexes = pair;
      this.finder = pair;
      return;
    }
    const indexes = new JoinIndexes(inputs.length, host, tables);
    this.indexes = indexes;
    this.finder =
      join!.outer === undefined
        ? new InnerJoin(program, indexes, host)
        : new OuterJoin(program, indexes, host);
  }

  /** Takes the delta of one stream; {@link flush} joins what has come. */
  change(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    if (this.stream === none) {
      this.stream = stream;
      this.entering = entering;
      this.leaving = leaving;
    } else {
      this.others ??= [];
      this.others.push({ stream, entering, leaving });
    }
  }

  /** Joins the deltas of all streams as one change. */
  flush(): void {
    const { stream, entering, leaving, others } = this;
    if (stream === none) return;
    this.stream = none;
    this.entering = nothing;
    this.leaving = nothing;
    if (others !== undefined) {
      this.others = undefined;
      this.joinAll([{ stream, entering, leaving }, ...others]);
      return;
    }
    const lost = this.wantLeaving ? this.tuplesOf(stream, leaving) : noTuples;
    if (stream !== this.driver) this.indexes.update(stream, entering, leaving);
    this.give(this.tuplesOf(stream, entering), lost);
  }

  /** All tuples that stand now; none of a unidirectional join. */
  *contents(): Iterable<Subject> {
    if (this.driver !== undefined) return;
    yield* this.finder.contents() as unknown as Iterable<Subject>;
  }

  stop(): void {
    this.indexes.stop();
  }

  private joinAll(changes: readonly Change[]): void {
    const lost = this.wantLeaving ? this.tuplesOfAll(changes, 'leaving') : noTuples;
    for (const { stream, entering, leaving } of changes)
      if (stream !== this.driver) this.indexes.update(stream, entering, leaving);
    this.give(this.tuplesOfAll(changes, 'entering'), lost);
  }

  private give(made: readonly Tuple[], lost: readonly Tuple[]): void {
    if (made.length > 0 || lost.length > 0)
      this.sink(made as unknown as Subject[], lost as unknown as Subject[]);
  }

  /** The tuples in which these events of one stream take part. */
  private tuplesOf(stream: number, events: readonly Subject[]): readonly Tuple[] {
    const { driver, finder, found } = this;
    if (events.length === 0 || (driver !== undefined && driver !== stream)) return noTuples;
    found.begin();
    for (const event of events) finder.find(stream, event, undefined, found);
    return found.take();
  }

  /** The tuples in which at least one of the changed events takes part, each once. */
  private tuplesOfAll(changes: readonly Change[], side: 'entering' | 'leaving'): readonly Tuple[] {
    const { driver, finder, found } = this;
    found.begin();
    // A tuple of two changed events is found from the first of them only.
    const earlier: (Set<Subject> | undefined)[] = new Array(this.streams).fill(undefined);
    for (const { stream, [side]: events } of changes) {
      if (driver !== undefined && driver !== stream) continue;
      for (const event of events) finder.find(stream, event, earlier, found);
      earlier[stream] ??= new Set();
      for (const event of events) earlier[stream].add(event);
    }
    return found.take();
  }

  saveOrLoad(state: StateStream): void {
    this.indexes.saveOrLoad(state);
  }
}
