import type { SelectPlan } from '../plan/plan.ts';
import { KeyIndex } from '../runtime/key-index.ts';
import type { Stateful } from '../runtime/snapshot/state-stream.ts';
import { compileExpression } from './compile-expression.ts';
import type { Environment, Evaluator, Subject } from './evaluator.ts';
import { generate } from './generated-code.ts';
import type { Group } from './group-class.ts';
import { readInPlace } from './read-in-place.ts';

/** The groups of one instance by their keys. */
export interface GeneratedGroupTable extends Stateful {
  readonly size: number;
  /** The group of the event, made where it is new. */
  obtain(subject: Subject, environment: Environment): Group;
  /**
   * Lets the event enter its group, made where it is new. Returns the group where this is the first touch in that
   * change, else undefined.
   */
  enter(subject: Subject, environment: Environment, change: number): Group | undefined;
  /** As {@link enter}, of an event that leaves a group that is known. */
  leave(group: Group, subject: Subject, environment: Environment, change: number): Group | undefined;
  /** The group that has the keys of another table's group. */
  find(like: Group): Group | undefined;
  remove(group: Group): void;
  values(): Iterable<Group>;
  /** The group that the last `obtain` or `enter` dealt with, and whether it was made by it. */
  last: Group | undefined;
  made: boolean;
}

export type GroupTableClass = new (create: (keys: readonly unknown[]) => Group) => GeneratedGroupTable;

/**
 * The class of a statement's group tables, generated: keys are read in place. The text is made of fixed words, integers
 * and JSON.stringify'd names only; keys that are no plain property stay closures.
 */
export function compileGroupTable(
  { groupBy }: Pick<SelectPlan, 'groupBy'>,
  joined: boolean,
): GroupTableClass {
  const evaluators: Evaluator[] = [];
  const values = groupBy.map(
    (key) =>
      readInPlace(key, joined) ?? `e${evaluators.push(compileExpression(key, joined)) - 1}(s, null, v)`,
  );
  const locals = values.map((value, i) => `const a${i} = ${value};`).join(' ');
  const parts = (prefix: string) => groupBy.map((_, i) => `this.index.part(${i}, ${prefix}${i});`).join(' ');
  const all = groupBy.map((_, i) => `a${i}`).join(', ');
  const text = `"use strict";
${evaluators.map((_, i) => `const e${i} = e[${i}];`).join(' ')}
return class GroupTable {
  constructor(create) { this.index = new KeyIndex(${groupBy.length}); this.create = create; this.last = undefined; this.made = false; }
  get size() { return this.index.size; }
  obtain(s, v) {
    ${locals} ${parts('a')}
    let g = this.index.find();
    this.made = g === undefined;
    if (g === undefined) { g = this.create([${all}]); this.index.add(g); }
    return this.last = g;
  }
  enter(s, v, change) {
    const g = this.obtain(s, v);
    g.enter(s, v);
    if (g.touched === change) return undefined;
    g.touched = change;
    return g;
  }
  leave(g, s, v, change) {
    g.leave(s, v);
    if (g.touched === change) return undefined;
    g.touched = change;
    return g;
  }
  find(g) { ${parts('g.k')} return this.index.find(); }
  remove(g) { ${parts('g.k')} this.index.remove(); }
  values() { return this.index.values(); }
  saveOrLoad(state) {
    this.last = undefined;
    this.index.saveOrLoad(state, (known, keys) => {
      const g = known === undefined ? this.create(keys) : known;
      state.introduce(g);
      g.saveOrLoad(state);
      return g;
    });
  }
}`;
  return generate(text, { KeyIndex }, { e: evaluators });
}
