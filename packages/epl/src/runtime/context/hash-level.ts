import type { HashProgram } from '../../compile/context-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type Door, everyPartition, type Level, type LevelHost, type LevelPlace } from './level.ts';
import type { Partition } from './partition.ts';

/** `coalesce by`: a partition for each remainder of a hash, from the start or from its first event on. */
export class HashLevel implements Level {
  readonly place: LevelPlace;
  private readonly program: HashProgram;
  private readonly host: LevelHost;
  private readonly byBucket = new Map<number, Partition>();

  constructor(program: HashProgram, place: LevelPlace, host: LevelHost) {
    this.program = program;
    this.place = place;
    this.host = host;
  }

  start(): void {
    const { granularity, preallocate } = this.program.body;
    if (!preallocate) return;
    for (let bucket = 0; bucket < granularity; bucket++) this.byBucket.set(bucket, this.host.open(this, []));
  }

  take(door: Door, event: Subject): void {
    const bucket = this.bucketOf(door.index, event);
    if (!this.byBucket.has(bucket)) this.byBucket.set(bucket, this.host.open(this, []));
  }

  reach(item: number, event: Subject, into: Partition[]): void {
    if (item === everyPartition) into.push(...this.byBucket.values());
    else {
      const found = this.byBucket.get(this.bucketOf(item, event));
      if (found !== undefined) into.push(found);
    }
  }

  partitions(): Iterable<Partition> {
    return this.byBucket.values();
  }

  hashOf(partition: Partition): number | undefined {
    for (const [bucket, own] of this.byBucket) if (own === partition) return bucket;
    return undefined;
  }

  /** Only with the context itself. */
  ended(): void {}

  stop(): void {}

  private bucketOf(item: number, event: Subject): number {
    return this.program.buckets[item](event, this.host);
  }

  saveOrLoad(state: StateStream): void {
    const known = [...this.byBucket];
    const count = state.count(known.length);
    for (let i = 0; i < count; i++) {
      const bucket = state.number(known[i]?.[0] ?? 0);
      const partition = this.host.saveOrLoadPartition(state, known[i]?.[1], this);
      this.byBucket.set(bucket, partition);
    }
  }
}
