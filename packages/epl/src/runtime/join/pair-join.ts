import type { Subject } from '../../compile/evaluator.ts';
import { compileKeyReader, type KeyReader } from '../../compile/key-reader.ts';
import type { Program } from '../../compile/program.ts';
import type { SelectPlan } from '../../plan/plan.ts';
import { KeyIndex } from '../key-index.ts';
import { Ring } from '../ring.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { leavesInOrder } from '../windows/leaves-in-order.ts';
import { EventChains, emptyChain } from './event-chains.ts';
import type { JoinHost } from './join-index.ts';
import type { Excluded, JoinState, Tuple, TupleFinder } from './tuple.ts';
import { TupleList } from './tuple-list.ts';

/** The events of both streams that share a key: a chain of each. */
class Bucket {
  first = emptyChain;
  second = emptyChain;

  get isEmpty(): boolean {
    return this.first === emptyChain && this.second === emptyChain;
  }
}

/** Stands in the queue for an event that has no key. */
const noBucket = new Bucket();

/** Buckets without events may be this many, or as many as the others, before they are cleared away. */
const slack = 1024;

/**
 * The inner join of two streams by equalities: one index for both, so that an event finds its own bucket and its
 * partners in one lookup. Where events leave in the order in which they came, the buckets wait in a queue beside the
 * window, so that leaving needs no lookup. A bucket that has become empty stays for a while: its key may come again.
 */
export class PairJoin implements TupleFinder, JoinState {
  private readonly host: JoinHost;
  private readonly readers: readonly KeyReader[];
  private readonly residual: Program['joinResidual'];
  private readonly index: KeyIndex<Bucket>;
  private firsts = new EventChains();
  private seconds = new EventChains();
  /** Of each stream the buckets of its events, in the order of their arrival; undefined where they leave in any order. */
  private readonly waiting: readonly (Ring<Bucket> | undefined)[];
  private empty = 0;
  /** The event that came last, of that stream, and its bucket: it is looked up to be put in and to find its partners. */
  private latest: Subject | undefined;
  private latestStream = 0;
  private latestBucket: Bucket | undefined;

  static fits({ inputs, join }: SelectPlan): boolean {
    return (
      inputs.length === 2 &&
      join!.outer === undefined &&
      join!.equalities.length > 0 &&
      inputs.every(({ window }) => window?.kind !== 'table')
    );
  }

  constructor(program: Program, host: JoinHost) {
    const { inputs, join } = program.plan;
    const { equalities } = join!;
    this.host = host;
    this.readers = [
      compileKeyReader(equalities.map(({ left }) => left.key)),
      compileKeyReader(equalities.map(({ right }) => right.key)),
    ];
    this.residual = program.joinResidual;
    this.index = new KeyIndex(equalities.length);
    this.waiting = inputs.map(({ window }) => (leavesInOrder(window) ? new Ring() : undefined));
  }

  update(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    const waiting = this.waiting[stream];
    for (const event of entering) {
      const bucket = this.bucketOf(stream, event, true);
      if (bucket !== undefined) this.put(bucket, stream, event);
      waiting?.push(bucket ?? noBucket);
    }
    for (const event of leaving) {
      const bucket = waiting === undefined ? this.bucketOf(stream, event, false) : waiting.shift();
      if (bucket !== undefined && bucket !== noBucket) this.take(bucket, stream, event);
    }
    if (this.empty > slack && this.empty * 2 > this.index.size) this.clear();
  }

  find(stream: number, event: Subject, excluded: Excluded, found: TupleList): void {
    const bucket = this.bucketOf(stream, event, false);
    if (bucket === undefined) return;
    const last = stream === 0 ? bucket.second : bucket.first;
    if (last === emptyChain) return;
    const chains = stream === 0 ? this.seconds : this.firsts;
    const without = excluded?.[1 - stream];
    for (let place = chains.first(last); ; place = chains.behind(place)) {
      this.join(stream, event, chains.at(place), without, found);
      if (place === last) return;
    }
  }

  *contents(): Iterable<Tuple> {
    const { firsts } = this;
    const tuples = new TupleList();
    for (const { first } of this.index.values()) {
      if (first === emptyChain) continue;
      for (let place = firsts.first(first); ; place = firsts.behind(place)) {
        this.find(0, firsts.at(place), undefined, tuples);
        if (place === first) break;
      }
    }
    yield* tuples.take();
  }

  stop(): void {}

  /**
   * The bucket of the event; where there is none, a new one if wanted. Undefined also where a key is null, which equals
   * nothing, or cannot be evaluated.
   */
  private bucketOf(stream: number, event: Subject, make: boolean): Bucket | undefined {
    if (event === this.latest && stream === this.latestStream) return this.latestBucket;
    const { index, host } = this;
    try {
      if (!this.readers[stream](event, host, index)) return undefined;
    } catch (error) {
      host.failed(error);
      return undefined;
    }
    const found = index.find();
    if (found !== undefined || !make) return found;
    const bucket = new Bucket();
    index.add(bucket);
    this.empty++;
    return bucket;
  }

  private put(bucket: Bucket, stream: number, event: Subject): void {
    if (bucket.isEmpty) this.empty--;
    if (stream === 0) bucket.first = this.firsts.append(bucket.first, event);
    else bucket.second = this.seconds.append(bucket.second, event);
    this.latest = event;
    this.latestStream = stream;
    this.latestBucket = bucket;
  }

  private take(bucket: Bucket, stream: number, event: Subject): void {
    if (bucket.isEmpty) return;
    if (stream === 0) bucket.first = this.firsts.remove(bucket.first, event);
    else bucket.second = this.seconds.remove(bucket.second, event);
    if (bucket.isEmpty) this.empty++;
  }

  private join(
    stream: number,
    event: Subject,
    partner: Subject,
    without: ReadonlySet<Subject> | undefined,
    found: TupleList,
  ): void {
    if (without?.has(partner)) return;
    const tuple = stream === 0 ? [event, partner] : [partner, event];
    if (this.passes(tuple)) found.add(tuple);
  }

  /** An exception keeps the tuple out, when it is made and when it is lost alike. */
  private passes(tuple: Tuple): boolean {
    if (this.residual === undefined) return true;
    try {
      return this.residual(tuple as unknown as Subject, null, this.host) === true;
    } catch (error) {
      this.host.failed(error);
      return false;
    }
  }

  /** Clears the buckets without events away, and the places that events have left. */
  private clear(): void {
    this.index.keep((bucket) => !bucket.isEmpty);
    const { firsts, seconds } = this;
    this.firsts = new EventChains();
    this.seconds = new EventChains();
    for (const bucket of this.index.values()) {
      bucket.first = this.firsts.copy(firsts, bucket.first);
      bucket.second = this.seconds.copy(seconds, bucket.second);
    }
    this.empty = 0;
    this.latest = undefined;
    this.latestBucket = undefined;
  }

  saveOrLoad(state: StateStream): void {
    this.latest = undefined;
    this.latestBucket = undefined;
    if (state.loading) {
      this.firsts = new EventChains();
      this.seconds = new EventChains();
    }
    this.index.saveOrLoad(state, (known) => {
      const bucket = known ?? new Bucket();
      state.introduce(bucket);
      bucket.first = this.firsts.saveOrLoad(state, bucket.first);
      bucket.second = this.seconds.saveOrLoad(state, bucket.second);
      return bucket;
    });
    this.empty = state.number(this.empty);
    for (const waiting of this.waiting) {
      if (waiting === undefined) continue;
      let left = state.count(waiting.length);
      if (!state.loading) for (const bucket of waiting) state.refer(bucket === noBucket ? undefined : bucket);
      else {
        while (waiting.length > 0) waiting.shift();
        for (; left > 0; left--) waiting.push(state.refer<Bucket>(undefined) ?? noBucket);
      }
    }
  }
}
