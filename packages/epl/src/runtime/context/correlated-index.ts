import type { CorrelatedProgram } from '../../compile/context-program.ts';
import type { Environment, PartitionValues, Subject } from '../../compile/evaluator.ts';
import type { Partition } from './partition.ts';

/** Partitions by what a condition compares with their values, so that an event finds the ones that it concerns. */
export class CorrelatedIndex {
  private readonly program: CorrelatedProgram;
  private readonly environment: CorrelatedEnvironment;
  private readonly buckets = new Map<unknown, Set<Partition>>();
  /** Without an equality. */
  private readonly all = new Set<Partition>();

  constructor(program: CorrelatedProgram, environment: Environment) {
    this.program = program;
    this.environment = new CorrelatedEnvironment(environment);
  }

  add(partition: Partition): void {
    const { equality } = this.program;
    if (equality === undefined) this.all.add(partition);
    else {
      const key = this.keyOf(partition);
      // Null equals nothing.
      if (key === null) return;
      const bucket = this.buckets.get(key);
      if (bucket === undefined) this.buckets.set(key, new Set([partition]));
      else bucket.add(partition);
    }
  }

  remove(partition: Partition): void {
    if (this.program.equality === undefined) this.all.delete(partition);
    else {
      const key = this.keyOf(partition);
      const bucket = this.buckets.get(key);
      if (bucket?.delete(partition) && bucket.size === 0) this.buckets.delete(key);
    }
  }

  /** Those whose values fulfil the condition with the event, in the order in which they were added. */
  collect(event: Subject, into: Partition[]): void {
    const { equality, condition } = this.program;
    const { environment } = this;
    let candidates: ReadonlySet<Partition> | undefined = this.all;
    if (equality !== undefined) candidates = this.buckets.get(equality.ofEvent(event, null, environment));
    if (candidates === undefined) return;
    for (const partition of candidates) {
      environment.partition = partition;
      if (condition(event, null, environment) === true) into.push(partition);
    }
  }

  /** Whether the condition holds for the event and that partition. */
  fits(event: Subject, partition: Partition): boolean {
    this.environment.partition = partition;
    return this.program.condition(event, null, this.environment) === true;
  }

  private keyOf(partition: Partition): unknown {
    this.environment.partition = partition;
    return this.program.equality!.ofPartition(noEvent, null, this.environment);
  }
}

const noEvent: Subject = Object.freeze({});

/** Another one's environment, with a partition. */
export class CorrelatedEnvironment implements Environment {
  readonly isNew = true;
  readonly subqueries = [];
  partition: PartitionValues | undefined;
  private readonly inner: Environment;

  constructor(inner: Environment, partition?: PartitionValues) {
    this.inner = inner;
    this.partition = partition;
  }

  get nowMs(): number {
    return this.inner.nowMs;
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.inner.variables!;
  }
}
