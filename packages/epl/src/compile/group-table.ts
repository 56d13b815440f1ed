import type { SelectPlan } from '../plan/plan.ts';
import { KeyIndex } from '../runtime/key-index.ts';
import { NestedMap } from '../runtime/nested-map.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import { compileExpression } from './compile-expression.ts';
import type { Environment, Evaluator, Subject } from './evaluator.ts';
import type { Group } from './group-class.ts';
import { readInPlace } from './read-in-place.ts';

/** The groups of one instance by their keys. */
export interface GeneratedGroupTable {
  size: number;
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

/** Groups that share their first key stand in a chain of at most so many; more get maps of their own. */
const longestChain = 8;

/**
 * The class of a statement's group tables, generated: keys are read in place, and one lookup by the key that is likely
 * to have the most values leads to a short chain of the groups that share it. The text is made of fixed words,
 * integers and JSON.stringify'd names only; keys that are no plain property stay closures.
 */
export function compileGroupTable(
  { groupBy }: Pick<SelectPlan, 'groupBy'>,
  joined: boolean,
): GroupTableClass {
  const evaluators: Evaluator[] = [];
  const locals = groupBy.map((key, i) => {
    const source =
      readInPlace(key, joined) ?? `e${evaluators.push(compileExpression(key, joined)) - 1}(s, null, v)`;
    return `const a${i} = ${source};`;
  });
  const order = lookupOrder(groupBy.map(({ type }) => type));
  const [first, ...others] = order;
  const all = groupBy.map((_, i) => `a${i}`).join(', ');
  // NaN is a key like any other.
  const same = others
    .map((i) => `(g.k${i} === a${i} || (a${i} !== a${i} && g.k${i} !== g.k${i}))`)
    .join(' && ');
  const path = (prefix: string) => `[${others.map((i) => `${prefix}${i}`).join(', ')}]`;
  const single = others.length === 0;
  const lookUp = single
    ? `return this.map.get(a${first});`
    : `let g = this.map.get(a${first});
       if (g instanceof NestedMap) return g.get(${path('a')});
       while (g !== undefined && !(${same})) g = g.next;
       return g;`;
  const parameters = groupBy.map((_, i) => `a${i}`).join(', ');
  const text = `"use strict";
${evaluators.map((_, i) => `const e${i} = e[${i}];`).join(' ')}
return class GroupTable {
  constructor(create) { this.map = new KeyIndex(); this.create = create; this.size = 0; this.last = undefined; this.made = false; }
  look(${parameters}) { ${lookUp} }
  obtain(s, v) {
    ${locals.join(' ')}
    let g = this.look(${all});
    this.made = g === undefined;
    if (g === undefined) g = this.make(${all});
    return this.last = g;
  }
  enter(s, v, change) {
    ${locals.join(' ')}
    let g = this.look(${all});
    this.made = g === undefined;
    if (g === undefined) g = this.make(${all});
    this.last = g;
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
  make(${parameters}) {
    const g = this.create([${all}]);
    ${single ? `this.map.set(a${first}, g);` : `this.file(a${first}, g);`}
    this.size++;
    return g;
  }
  file(key, g) {
    const head = this.map.get(key);
    if (head === undefined) { this.map.set(key, g); return; }
    if (head instanceof NestedMap) { head.set(${path('g.k')}, g); return; }
    let end = head, count = 1;
    while (end.next !== undefined) { end = end.next; count++; }
    if (count < ${longestChain}) { end.next = g; return; }
    const branch = new NestedMap(${Math.max(1, others.length)});
    for (let i = head; i !== undefined;) { const n = i.next; i.next = undefined; branch.set(${path('i.k')}, i); i = n; }
    branch.set(${path('g.k')}, g);
    this.map.set(key, branch);
  }
  find(g) { return this.look(${groupBy.map((_, i) => `g.k${i}`).join(', ')}); }
  remove(g) {
    const key = g.k${first}, head = this.map.get(key);
    if (head instanceof NestedMap) { head.delete(${path('g.k')}); if (head.size === 0) this.map.delete(key); }
    else if (head === g) { if (g.next === undefined) this.map.delete(key); else this.map.set(key, g.next); }
    else { let before = head; while (before.next !== g) before = before.next; before.next = g.next; }
    g.next = undefined;
    this.size--;
  }
  *values() {
    for (const head of this.map.values()) {
      if (head instanceof NestedMap) yield* head.values();
      else for (let g = head; g !== undefined; ) { const n = g.next; yield g; g = n; }
    }
  }
}`;
  return new Function('e', 'NestedMap', 'KeyIndex', text)(evaluators, NestedMap, KeyIndex);
}

/**
 * The key with the most values goes first, so that few groups share it: addresses before ports. The types are what is
 * known of it.
 */
function lookupOrder(types: readonly PropertyType[]): readonly number[] {
  const rank = (type: PropertyType): number => {
    if (type === 'boolean') return 2;
    return type === 'byte' || type === 'short' || type === 'int' ? 1 : 0;
  };
  return types.map((_, i) => i).sort((a, b) => rank(types[a]) - rank(types[b]) || a - b);
}
