import { compileExpression } from '../../compile/compile-expression.ts';
import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { JoinPlan } from '../../plan/plan.ts';
import { type EventIndex, isMany, type JoinHost } from './join-index.ts';
import type { JoinIndexes } from './join-indexes.ts';
import type { Excluded, Tuple, TupleFinder } from './tuple.ts';
import { TupleList } from './tuple-list.ts';

/** One step of a lookup: the stream to look into, by which keys of the streams already bound. */
interface LookupStep {
  readonly stream: number;
  readonly index: EventIndex;
  /** Over the tuple so far. */
  readonly keys: readonly Evaluator[];
}

/** Inner joins of all streams: an event looks up its partners from stream to stream, by equalities where there are any. */
export class InnerJoin implements TupleFinder {
  private readonly streams: number;
  private readonly host: JoinHost;
  private readonly indexes: JoinIndexes;
  private readonly residual: Program['joinResidual'];
  /** For each stream the way from it through all others. */
  private readonly ways: readonly (readonly LookupStep[])[];
  /** The tuple that is being put together. */
  private readonly tuple: Tuple;

  constructor(program: Program, indexes: JoinIndexes, host: JoinHost) {
    const { plan } = program;
    const join = plan.join!;
    this.streams = plan.inputs.length;
    this.host = host;
    this.indexes = indexes;
    this.residual = program.joinResidual;
    this.tuple = new Array(this.streams).fill(null);
    this.ways = plan.inputs.map((_, stream) =>
      join.driver === undefined || join.driver === stream ? this.wayFrom(stream, join) : [],
    );
  }

  find(stream: number, event: Subject, excluded: Excluded, found: TupleList): void {
    this.tuple[stream] = event;
    this.extend(this.ways[stream], 0, excluded, found);
  }

  *contents(): Iterable<Tuple> {
    // Any index of the first stream holds all its events that can join.
    const index = this.indexes.any(0);
    if (index === undefined) return;
    const tuples = new TupleList();
    for (const event of index.all()) this.find(0, event, undefined, tuples);
    yield* tuples.take();
  }

  private extend(way: readonly LookupStep[], at: number, excluded: Excluded, found: TupleList): void {
    if (at === way.length) {
      if (this.passes()) found.add(this.tuple.slice());
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

  /** From one stream to all others: next always one that an equality reaches, or else a range, where there is one. */
  private wayFrom(start: number, join: JoinPlan): LookupStep[] {
    const bound = new Set([start]);
    const way: LookupStep[] = [];
    while (bound.size < this.streams) {
      const open = Array.from({ length: this.streams }, (_, stream) => stream).filter(
        (stream) => !bound.has(stream),
      );
      const step =
        firstOf(open, (stream) => this.byEqualities(stream, bound, join)) ??
        firstOf(open, (stream) => this.byRange(stream, bound, join)) ??
        this.byNothing(open[0]);
      way.push(step);
      bound.add(step.stream);
    }
    return way;
  }

  private byEqualities(
    stream: number,
    bound: ReadonlySet<number>,
    { equalities }: JoinPlan,
  ): LookupStep | undefined {
    const links = equalities.flatMap(({ left, right }) => {
      if (left.stream === stream && bound.has(right.stream)) return [{ own: left, other: right }];
      return right.stream === stream && bound.has(left.stream) ? [{ own: right, other: left }] : [];
    });
    if (links.length === 0) return undefined;
    const index = this.indexes.obtain(
      stream,
      links.map(({ own }) => own.key),
    );
    return { stream, index, keys: links.map(({ other }) => compileExpression(other.key, true)) };
  }

  private byRange(stream: number, bound: ReadonlySet<number>, { ranges }: JoinPlan): LookupStep | undefined {
    const own = ranges.filter(
      (range) => range.stream === stream && range.streams.every((of) => bound.has(of)),
    );
    const lookup = this.indexes.lookUpRanges(stream, own);
    return lookup && { stream, ...lookup };
  }

  private byNothing(stream: number): LookupStep {
    return { stream, index: this.indexes.obtain(stream, []), keys: [] };
  }
}

function firstOf<T, U>(list: readonly T[], find: (value: T) => U | undefined): U | undefined {
  for (const value of list) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
