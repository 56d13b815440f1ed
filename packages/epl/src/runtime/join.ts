import { compileExpression } from '../compile/compile-expression.ts';
import type { Evaluator, Subject } from '../compile/evaluator.ts';
import type { Program } from '../compile/program.ts';
import type { JoinPlan } from '../plan/plan.ts';
import { isMany, type JoinHost, JoinIndex } from './join-index.ts';
import type { DeltaSink } from './windows/data-window.ts';

/** A tuple of events, one of each stream, in the order of the streams. */
type Tuple = Subject[];

type Excluded = readonly (ReadonlySet<Subject> | undefined)[] | undefined;

const noTuples: readonly Tuple[] = [];

interface Change {
  readonly stream: number;
  readonly entering: readonly Subject[];
  readonly leaving: readonly Subject[];
}

/** One step of a lookup: the stream to look into, by which keys of the streams already bound. */
interface LookupStep {
  readonly stream: number;
  readonly index: JoinIndex;
  /** Over the tuple so far. */
  readonly keys: readonly Evaluator[];
}

/**
 * The inner join of two or more streams: what the windows hold is kept in indexes by the equalities between streams;
 * a change looks up its partners from stream to stream. Old rows are the tuples of the leaving events with what stood
 * before the change, new rows those of the entering ones with what stands after it.
 */
export class Join {
  private readonly streams: number;
  private readonly host: JoinHost;
  private readonly sink: DeltaSink;
  private readonly residual: Program['joinResidual'];
  /** For each stream all its indexes, each maintained once. */
  private readonly indexes: JoinIndex[][];
  /** For each stream the way from it through all others. */
  private readonly ways: readonly (readonly LookupStep[])[];
  private changes: Change[] = [];
  /** The tuple that is being put together. */
  private readonly tuple: Tuple;
  private readonly wantLeaving: boolean;

  constructor(program: Program, host: JoinHost, wantLeaving: boolean, sink: DeltaSink) {
    const { plan } = program;
    this.streams = plan.inputs.length;
    this.tuple = new Array(this.streams).fill(null);
    this.host = host;
    this.sink = sink;
    this.residual = program.joinResidual;
    this.wantLeaving = wantLeaving;
    this.indexes = plan.inputs.map(() => []);
    this.ways = plan.inputs.map((_, stream) => this.wayFrom(stream, plan.join!));
  }

  /** Takes the delta of one stream; {@link flush} joins what has come. */
  change(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    this.changes.push({ stream, entering, leaving });
  }

  /** Joins the deltas of all streams as one change. */
  flush(): void {
    const { changes, indexes, host } = this;
    this.changes = [];
    const lost = this.wantLeaving ? this.tuples(changes, 'leaving') : noTuples;
    for (const { stream, entering, leaving } of changes) {
      for (const index of indexes[stream]) {
        for (const event of entering) index.add(event, host);
        for (const event of leaving) index.remove(event, host);
      }
    }
    const made = this.tuples(changes, 'entering');
    if (made.length > 0 || lost.length > 0)
      this.sink(made as unknown as Subject[], lost as unknown as Subject[]);
  }

  /** All tuples that stand now. */
  *contents(): Iterable<Subject> {
    const [first] = this.ways[0];
    // Any index of the first stream holds all its events that can join.
    const index = this.indexes[0][0] ?? first?.index;
    if (index === undefined) return;
    const tuples: Tuple[] = [];
    for (const event of index.all()) this.lookUp(0, event, undefined, tuples);
    yield* tuples as unknown as Subject[];
  }

  /** The tuples in which at least one of the changed events takes part, each once. */
  private tuples(changes: readonly Change[], side: 'entering' | 'leaving'): readonly Tuple[] {
    const found: Tuple[] = [];
    if (changes.length === 1) {
      const [change] = changes;
      for (const event of change[side]) this.lookUp(change.stream, event, undefined, found);
      return found;
    }
    // A tuple of two changed events is found from the first of them only.
    const earlier: (Set<Subject> | undefined)[] = new Array(this.streams).fill(undefined);
    for (const change of changes) {
      const { stream } = change;
      for (const event of change[side]) this.lookUp(stream, event, earlier, found);
      earlier[stream] ??= new Set();
      for (const event of change[side]) earlier[stream].add(event);
    }
    return found;
  }

  private lookUp(stream: number, event: Subject, excluded: Excluded, found: Tuple[]): void {
    this.tuple[stream] = event;
    this.extend(this.ways[stream], 0, excluded, found);
  }

  private extend(way: readonly LookupStep[], at: number, excluded: Excluded, found: Tuple[]): void {
    if (at === way.length) {
      if (this.passes()) found.push(this.tuple.slice());
      return;
    }
    const { stream, index, keys } = way[at];
    const partners = index.find(keys, this.tuple as unknown as Subject, this.host);
    if (partners === undefined) return;
    const without = excluded?.[stream];
    if (!isMany(partners)) {
      if (without?.has(partners)) return;
      this.tuple[stream] = partners;
      this.extend(way, at + 1, excluded, found);
      return;
    }
    for (const partner of partners) {
      if (without?.has(partner)) continue;
      this.tuple[stream] = partner;
      this.extend(way, at + 1, excluded, found);
    }
  }

  /** An exception keeps the tuple out, when it is made and when it is lost alike. */
  private passes(): boolean {
    if (this.residual === undefined) return true;
    try {
      return this.residual(this.tuple as unknown as Subject, null, this.host) === true;
    } catch (error) {
      this.host.failed(error);
      return false;
    }
  }

  /** From one stream to all others: next always one that an equality reaches, where there is one. */
  private wayFrom(start: number, { equalities }: JoinPlan): LookupStep[] {
    const bound = new Set([start]);
    const way: LookupStep[] = [];
    while (bound.size < this.streams) {
      const reach = (stream: number) =>
        equalities.flatMap(({ left, right }) => {
          if (left.stream === stream && bound.has(right.stream)) return [{ own: left, other: right }];
          return right.stream === stream && bound.has(left.stream) ? [{ own: right, other: left }] : [];
        });
      const open = Array.from({ length: this.streams }, (_, stream) => stream).filter(
        (stream) => !bound.has(stream),
      );
      const stream = open.find((candidate) => reach(candidate).length > 0) ?? open[0];
      const links = reach(stream);
      const index = this.indexOf(
        stream,
        links.map(({ own }) => own.key),
      );
      way.push({ stream, index, keys: links.map(({ other }) => compileExpression(other.key, true)) });
      bound.add(stream);
    }
    return way;
  }

  /** The index of that stream by those keys, shared by all ways that use it. */
  private indexOf(stream: number, keys: JoinIndex['plan']): JoinIndex {
    const known = this.indexes[stream].find(
      ({ plan }) => plan.length === keys.length && plan.every((key, i) => key === keys[i]),
    );
    if (known !== undefined) return known;
    const index = new JoinIndex(keys);
    this.indexes[stream].push(index);
    return index;
  }
}
