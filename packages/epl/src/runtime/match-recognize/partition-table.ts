import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { RecognizeProgram } from '../../compile/recognize-program.ts';
import { NestedMap } from '../nested-map.ts';
import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';
import { RowMemory } from './row-memory.ts';
import { RowPartition } from './row-partition.ts';
import type { RunTable } from './run-table.ts';

/** Fewer partitions without a run than this are not worth a sweep. */
const leastSwept = 16_384;

/** The partitions by their keys. Those without anything in them are swept now and then. */
export class PartitionTable {
  private readonly program: RecognizeProgram;
  /** Counts the rows that are remembered for `prev`; undefined where nothing is counted. */
  private readonly account: { retain(count: number): void } | undefined;
  private readonly previous: number;
  /** Without keys the only one. */
  private readonly only: RowPartition | undefined;
  private readonly byKey = new Map<unknown, RowPartition>();
  private readonly byKeys: NestedMap<RowPartition>;
  private idleCount = 0;

  constructor(
    program: RecognizeProgram,
    account: { retain(count: number): void } | undefined,
    previous: number,
  ) {
    this.program = program;
    this.account = account;
    this.previous = previous;
    const { length } = program.partitionBy;
    this.only = length === 0 ? this.create([]) : undefined;
    this.byKeys = new NestedMap(Math.max(1, length));
  }

  /** The partition of the next row, which it remembers. */
  of(row: Subject, environment: Environment): RowPartition {
    let partition = this.find(row, environment);
    if (partition === undefined) {
      const keys = this.keysOf(row, environment);
      partition = this.create(keys);
      if (keys.length === 1) this.byKey.set(keys[0], partition);
      else this.byKeys.set(keys, partition);
      this.idle();
    }
    if (partition.memory?.add(row) === true) this.account?.retain(1);
    return partition;
  }

  find(row: Subject, environment: Environment): RowPartition | undefined {
    if (this.only !== undefined) return this.only;
    const { partitionBy } = this.program;
    if (partitionBy.length === 1) return this.byKey.get(partitionBy[0](row, null, environment));
    return this.byKeys.get(this.keysOf(row, environment));
  }

  /** A partition with open runs. */
  busy(): RowPartition | undefined {
    for (const partition of this.all()) if (partition.count > 0) return partition;
    return undefined;
  }

  /** A partition has nothing in it yet, or any more. */
  idle(): void {
    const size = this.byKey.size + this.byKeys.size;
    if (++this.idleCount < leastSwept || this.idleCount < size) return;
    this.idleCount = 0;
    for (const partition of [...this.all()]) if (partition.isEmpty) this.remove(partition);
  }

  /** Forgets the runs of all, and the rows before. */
  clear(): void {
    for (const partition of this.all()) {
      partition.truncate(0);
      this.account?.retain(-(partition.memory?.count ?? 0));
      partition.memory = this.createMemory();
    }
  }

  private *all(): Iterable<RowPartition> {
    if (this.only !== undefined) yield this.only;
    yield* this.byKey.values();
    yield* this.byKeys.values();
  }

  private remove({ keys }: RowPartition): void {
    if (keys.length === 1) this.byKey.delete(keys[0]);
    else if (keys.length > 1) this.byKeys.delete(keys);
  }

  private keysOf(row: Subject, environment: Environment): readonly unknown[] {
    return this.program.partitionBy.map((key) => key(row, null, environment));
  }

  private create(keys: readonly unknown[]): RowPartition {
    return new RowPartition(keys, this.createMemory());
  }

  private createMemory(): RowMemory | undefined {
    return this.previous === 0 ? undefined : new RowMemory(this.previous);
  }

  saveOrLoad(state: StateStream, runs: RunTable): void {
    this.idleCount = state.number(this.idleCount);
    if (this.only !== undefined) {
      this.only.saveOrLoad(state, runs);
      return;
    }
    const known = [...this.all()];
    const count = state.count(known.length);
    if (state.loading) {
      this.byKey.clear();
      this.byKeys.clear();
    }
    const { length } = this.program.partitionBy;
    for (let i = 0; i < count; i++) {
      const keys = state.values(known[i]?.keys ?? [], length);
      if (keys.length !== length) throw new UnfitState('a partition lacks a key');
      const partition = state.loading ? this.create(keys) : known[i];
      partition.saveOrLoad(state, runs);
      if (!state.loading) continue;
      if (length === 1) this.byKey.set(keys[0], partition);
      else this.byKeys.set(keys, partition);
    }
  }
}
