import type { Environment, Evaluator, GroupValues, Subject } from '../compile/evaluator.ts';
import type { AggregateProgram, Program } from '../compile/program.ts';
import type { Aggregator } from './aggregates/aggregator.ts';
import { GroupEvidence } from './evidence.ts';
import { NestedMap } from './nested-map.ts';

/** One group: its key, its aggregates, and how many events it holds. */
export class Group implements GroupValues {
  readonly keys: readonly unknown[];
  readonly aggregates: readonly Aggregator[];
  readonly evidence: GroupEvidence | undefined;
  size = 0;
  /** The change in which the group was last touched: the mark of the builder, instead of a set a change. */
  touched = -1;

  constructor(
    keys: readonly unknown[],
    aggregates: readonly Aggregator[],
    evidence: GroupEvidence | undefined,
  ) {
    this.keys = keys;
    this.aggregates = aggregates;
    this.evidence = evidence;
  }

  enter(programs: readonly AggregateProgram[], subject: Subject, environment: Environment): void {
    this.size++;
    for (let i = 0; i < programs.length; i++) {
      const { argument, filter } = programs[i];
      if (filter !== undefined && filter(subject, null, environment) !== true) continue;
      this.aggregates[i].enter(argument === undefined ? subject : argument(subject, null, environment));
    }
    this.evidence?.enter(subject);
  }

  leave(programs: readonly AggregateProgram[], subject: Subject, environment: Environment): void {
    this.size--;
    for (let i = 0; i < programs.length; i++) {
      const { argument, filter } = programs[i];
      if (filter !== undefined && filter(subject, null, environment) !== true) continue;
      this.aggregates[i].leave(argument === undefined ? subject : argument(subject, null, environment));
    }
    this.evidence?.leave(subject);
  }
}

export function createGroup(program: Program, keys: readonly unknown[]): Group {
  const { aggregates, evidence, plan } = program;
  return new Group(
    keys,
    aggregates.map(({ create }) => create()),
    evidence > 0 ? new GroupEvidence(evidence, plan.inputs.length) : undefined,
  );
}

/** The groups of a statement by their keys. */
export class GroupTable {
  private readonly program: Program;
  private readonly keys: readonly Evaluator[];
  /** One key is the common case and needs no list. */
  private readonly single: Map<unknown, Group> | undefined;
  private readonly nested: NestedMap<Group> | undefined;
  private readonly scratch: unknown[];

  constructor(program: Program) {
    this.program = program;
    this.keys = program.keys;
    this.scratch = new Array(this.keys.length).fill(null);
    if (this.keys.length === 1) this.single = new Map();
    else this.nested = new NestedMap(this.keys.length);
  }

  get size(): number {
    return this.single?.size ?? this.nested!.size;
  }

  /** The group of the event, made where it is new. */
  obtain(subject: Subject, environment: Environment): Group {
    const { single, keys, scratch } = this;
    if (single !== undefined) {
      const key = keys[0](subject, null, environment);
      let group = single.get(key);
      if (group === undefined) {
        group = createGroup(this.program, [key]);
        single.set(key, group);
      }
      return group;
    }
    for (let i = 0; i < keys.length; i++) scratch[i] = keys[i](subject, null, environment);
    let group = this.nested!.get(scratch);
    if (group === undefined) {
      const own = scratch.slice();
      group = createGroup(this.program, own);
      this.nested!.set(own, group);
    }
    return group;
  }

  find(keys: readonly unknown[]): Group | undefined {
    return this.single !== undefined ? this.single.get(keys[0]) : this.nested!.get(keys);
  }

  remove(group: Group): void {
    if (this.single !== undefined) this.single.delete(group.keys[0]);
    else this.nested!.delete(group.keys);
  }

  values(): Iterable<Group> {
    return this.single?.values() ?? this.nested!.values();
  }
}
