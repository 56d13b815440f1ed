import type { Environment, Evaluator, Subject } from '../compile/evaluator.ts';
import type { Group } from '../compile/group-class.ts';
import type { Program } from '../compile/program.ts';
import { GroupEvidence } from './evidence.ts';
import { NestedMap } from './nested-map.ts';
import type { PropertyType } from './property-type.ts';

export type { Group };

export function createGroup(program: Program, keys: readonly unknown[]): Group {
  const group = new program.Group(keys);
  if (program.evidence > 0) group.evidence = new GroupEvidence(program.evidence, program.plan.inputs.length);
  return group;
}

/** The groups of a statement by their keys. */
export class GroupTable {
  private readonly program: Program;
  private readonly keys: readonly Evaluator[];
  /** One key is the common case and needs no list. */
  private readonly single: Map<unknown, Group> | undefined;
  private readonly nested: NestedMap<Group> | undefined;
  /** The order in which keys are looked up: `path[i]` is the number of the key at depth i. */
  private readonly path: readonly number[];
  private readonly scratch: unknown[];

  constructor(program: Program) {
    this.program = program;
    this.keys = program.keys;
    this.path = lookupOrder(program.plan.groupBy.map(({ type }) => type));
    this.scratch = new Array(this.keys.length).fill(null);
    if (this.keys.length === 1) this.single = new Map();
    else this.nested = new NestedMap(this.keys.length);
  }

  get size(): number {
    return this.single !== undefined ? this.single.size : this.nested!.size;
  }

  /** The group of the event, made where it is new. */
  obtain(subject: Subject, environment: Environment): Group {
    const { single, keys, path, scratch } = this;
    if (single !== undefined) {
      const key = keys[0](subject, null, environment);
      let group = single.get(key);
      if (group === undefined) {
        group = createGroup(this.program, [key]);
        single.set(key, group);
      }
      return group;
    }
    for (let i = 0; i < path.length; i++) scratch[i] = keys[path[i]](subject, null, environment);
    let group = this.nested!.get(scratch);
    if (group === undefined) {
      group = createGroup(
        this.program,
        keys.map((_, key) => scratch[path.indexOf(key)]),
      );
      this.nested!.set(scratch, group);
    }
    return group;
  }

  /** The group that has the keys of another table's group. */
  find(like: Group): Group | undefined {
    if (this.single !== undefined) return this.single.get(like.key(0));
    return this.nested!.get(this.pathOf(like));
  }

  remove(group: Group): void {
    if (this.single !== undefined) this.single.delete(group.key(0));
    else this.nested!.delete(this.pathOf(group));
  }

  values(): Iterable<Group> {
    return this.single !== undefined ? this.single.values() : this.nested!.values();
  }

  private pathOf(group: Group): readonly unknown[] {
    for (let i = 0; i < this.path.length; i++) this.scratch[i] = group.key(this.path[i]);
    return this.scratch;
  }
}

/**
 * Keys with few values go to the outside of the nested maps, so that there are few inner maps and these are large:
 * ports before addresses. The types are what is known of it.
 */
function lookupOrder(types: readonly PropertyType[]): readonly number[] {
  const rank = (type: PropertyType): number => {
    if (type === 'boolean') return 0;
    return type === 'byte' || type === 'short' || type === 'int' ? 1 : 2;
  };
  return types.map((_, i) => i).sort((a, b) => rank(types[a]) - rank(types[b]) || a - b);
}
