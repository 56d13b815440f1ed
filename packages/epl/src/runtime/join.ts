import { compileExpression } from '../compile/compile-expression.ts';
import type { Environment, Evaluator, Subject } from '../compile/evaluator.ts';
import type { Program } from '../compile/program.ts';
import type { JoinPlan } from '../plan/plan.ts';
import { NestedMap } from './nested-map.ts';
import type { DeltaSink } from './windows/data-window.ts';

/** A tuple of events, one of each stream, in the order of the streams. */
type Tuple = Subject[];

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
  private readonly environment: Environment;
  private readonly sink: DeltaSink;
  private readonly residual: Program['joinResidual'];
  /** For each stream all its indexes, each maintained once. */
  private readonly indexes: JoinIndex[][];
  /** For each stream the way from it through all others. */
  private readonly ways: readonly (readonly LookupStep[])[];
  private changes: Change[] = [];
  private readonly wantLeaving: boolean;

  constructor(program: Program, environment: Environment, wantLeaving: boolean, sink: DeltaSink) {
    const { plan } = program;
    this.streams = plan.inputs.length;
    this.environment = environment;
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
    const { changes, indexes, environment } = this;
    this.changes = [];
    const lost = this.wantLeaving ? this.tuples(changes, 'leaving') : noTuples;
    for (const { stream, entering, leaving } of changes) {
      for (const index of indexes[stream]) {
        for (const event of entering) index.add(event, environment);
        for (const event of leaving) index.remove(event, environment);
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
    const changed = changes.filter((change) => change[side].length > 0);
    // A tuple of two changed events is found from the first of them only.
    const earlier: (Set<Subject> | undefined)[] | undefined =
      changed.length > 1 ? new Array(this.streams).fill(undefined) : undefined;
    for (const change of changed) {
      const { stream } = change;
      for (const event of change[side]) this.lookUp(stream, event, earlier, found);
      if (earlier === undefined) continue;
      earlier[stream] ??= new Set();
      for (const event of change[side]) earlier[stream].add(event);
    }
    return found;
  }

  private lookUp(
    stream: number,
    event: Subject,
    excluded: readonly (ReadonlySet<Subject> | undefined)[] | undefined,
    found: Tuple[],
  ): void {
    const tuple: Tuple = new Array(this.streams).fill(null);
    tuple[stream] = event;
    this.extend(tuple, this.ways[stream], 0, excluded, found);
  }

  private extend(
    tuple: Tuple,
    way: readonly LookupStep[],
    at: number,
    excluded: readonly (ReadonlySet<Subject> | undefined)[] | undefined,
    found: Tuple[],
  ): void {
    if (at === way.length) {
      const subject = tuple as unknown as Subject;
      if (this.residual === undefined || this.residual(subject, null, this.environment) === true)
        found.push(tuple.slice());
      return;
    }
    const { stream, index, keys } = way[at];
    const partners = index.find(keys, tuple as unknown as Subject, this.environment);
    if (partners === undefined) return;
    const without = excluded?.[stream];
    for (const partner of partners) {
      if (without?.has(partner)) continue;
      tuple[stream] = partner;
      this.extend(tuple, way, at + 1, excluded, found);
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

/** The events of one stream by the values of some keys; without keys, all of them. */
class JoinIndex {
  readonly plan: readonly JoinPlan['equalities'][number]['left']['key'][];
  private readonly keys: readonly Evaluator[];
  /** A bucket of one event, the most common, is the event itself. */
  private readonly buckets: NestedMap<Subject | Subject[]>;
  private readonly everything: Set<Subject> | undefined;
  private readonly scratch: unknown[];

  constructor(plan: JoinIndex['plan']) {
    this.plan = plan;
    // The index sees single events, although the keys were bound over the tuple.
    this.keys = plan.map((key) => compileExpression(key, false));
    this.buckets = new NestedMap(Math.max(1, plan.length));
    this.everything = plan.length === 0 ? new Set() : undefined;
    this.scratch = new Array(plan.length).fill(null);
  }

  add(event: Subject, environment: Environment): void {
    if (this.everything !== undefined) this.everything.add(event);
    else if (this.evaluate(this.keys, event, environment)) {
      const bucket = this.buckets.get(this.scratch);
      if (bucket === undefined) this.buckets.set(this.scratch, event);
      else if (Array.isArray(bucket)) bucket.push(event);
      else this.buckets.set(this.scratch, [bucket, event]);
    }
  }

  remove(event: Subject, environment: Environment): void {
    if (this.everything !== undefined) this.everything.delete(event);
    else if (this.evaluate(this.keys, event, environment)) {
      const bucket = this.buckets.get(this.scratch);
      if (bucket === event) this.buckets.delete(this.scratch);
      else if (Array.isArray(bucket)) {
        const at = bucket.indexOf(event);
        if (at >= 0) bucket.splice(at, 1);
        if (bucket.length === 0) this.buckets.delete(this.scratch);
      }
    }
  }

  find(keys: readonly Evaluator[], tuple: Subject, environment: Environment): Iterable<Subject> | undefined {
    if (this.everything !== undefined) return this.everything;
    const bucket = this.evaluate(keys, tuple, environment) ? this.buckets.get(this.scratch) : undefined;
    return bucket === undefined || Array.isArray(bucket) ? bucket : [bucket];
  }

  *all(): Iterable<Subject> {
    if (this.everything !== undefined) yield* this.everything;
    else {
      for (const bucket of this.buckets.values()) {
        if (Array.isArray(bucket)) yield* bucket;
        else yield bucket;
      }
    }
  }

  /** Into the scratch list; false where a key is null, which equals nothing. */
  private evaluate(keys: readonly Evaluator[], subject: Subject, environment: Environment): boolean {
    for (let i = 0; i < keys.length; i++) {
      const value = keys[i](subject, null, environment);
      if (value === null) return false;
      this.scratch[i] = value;
    }
    return true;
  }
}
