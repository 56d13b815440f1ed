import { compileCondition } from '../compile/compile-expression.ts';
import type { Condition, Environment, Subject } from '../compile/evaluator.ts';
import type { Bound } from '../plan/expression.ts';
import { conjunction } from '../plan/expression-walk.ts';
import { planKey } from '../plan/plan-key.ts';

/** Who receives the events that pass a filter. Compared by order, which is that of deployment. */
export interface FilterTarget {
  readonly order: number;
  /** An exception inside its filter: counted, and the event does not pass. */
  failed(error: unknown): void;
}

/** A condition and all who wait for it: it is tested once for all of them. */
interface Entry<T extends FilterTarget> {
  readonly key: string;
  /** What the index has not decided yet. */
  readonly rest: Condition | undefined;
  readonly targets: T[];
}

interface EqualityIndex<T extends FilterTarget> {
  readonly property: string;
  /** A target that waits alone for a value, and for nothing else, stands for its entry: it is found at once. */
  readonly byValue: Map<unknown, T | Entry<T>[]>;
}

type RangeOperator = '<' | '<=' | '>' | '>=';

/** Filters `property op constant`, the constants sorted so that those that hold are found from one end. */
interface RangeIndex<T extends FilterTarget> {
  readonly property: string;
  readonly operator: RangeOperator;
  readonly bounds: { readonly constant: number; readonly entries: Entry<T>[] }[];
}

/**
 * The filters of all statements on one event type. A filter is filed under the most selective of its conjuncts: an
 * equality of a property with a constant in a hash, else a comparison with a number in a sorted list; what remains of
 * it is tested only where that part holds. Filters with neither are tested one by one.
 */
export class FilterIndex<T extends FilterTarget> {
  private readonly equalities: EqualityIndex<T>[] = [];
  private readonly ranges: RangeIndex<T>[] = [];
  private readonly others: Entry<T>[] = [];
  private readonly environment: Environment;
  private count = 0;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  get size(): number {
    return this.count;
  }

  add(target: T, filter: readonly Bound[]): void {
    this.count++;
    const place = placeOf(filter);
    const rest = filter.filter((conjunct) => conjunct !== place);
    if (place === undefined) {
      this.file(this.others, rest, target);
      return;
    }
    const { name } = place.left as { readonly name: string };
    const constant = (place.right as { readonly value: unknown }).value;
    if (place.operator === '=') {
      const { byValue } = this.equalityIndex(name);
      const known = byValue.get(constant);
      if (known === undefined && rest.length === 0) {
        byValue.set(constant, target);
        return;
      }
      const entries = Array.isArray(known) ? known : [];
      if (known !== undefined && !Array.isArray(known)) this.file(entries, [], known);
      byValue.set(constant, entries);
      this.file(entries, rest, target);
      return;
    }
    const operator = place.operator as RangeOperator;
    const index = this.rangeIndex(name, operator);
    const at = placeIn(index, constant as number);
    if (index.bounds[at]?.constant !== constant)
      index.bounds.splice(at, 0, { constant: constant as number, entries: [] });
    this.file(index.bounds[at].entries, rest, target);
  }

  /** Takes out a target that was added with that filter. */
  remove(target: T, filter: readonly Bound[]): void {
    const place = placeOf(filter);
    if (place === undefined) {
      this.withdraw(this.others, target);
      return;
    }
    const { name } = place.left as { readonly name: string };
    const constant = (place.right as { readonly value: unknown }).value;
    if (place.operator === '=') this.removeEqual(target, name, constant);
    else this.removeInRange(target, name, place.operator as RangeOperator, constant as number);
  }

  private removeEqual(target: T, name: string, constant: unknown): void {
    const index = this.equalities.find(({ property }) => property === name);
    const found = index?.byValue.get(constant);
    if (index === undefined || found === undefined) return;
    if (Array.isArray(found)) {
      this.withdraw(found, target);
      if (found.length === 0) index.byValue.delete(constant);
    } else if (found === target) {
      this.count--;
      index.byValue.delete(constant);
    }
    if (index.byValue.size === 0) this.equalities.splice(this.equalities.indexOf(index), 1);
  }

  private removeInRange(target: T, name: string, operator: RangeOperator, constant: number): void {
    const index = this.ranges.find((other) => other.property === name && other.operator === operator);
    if (index === undefined) return;
    const { bounds } = index;
    const at = placeIn(index, constant);
    if (bounds[at]?.constant !== constant) return;
    this.withdraw(bounds[at].entries, target);
    if (bounds[at].entries.length === 0) bounds.splice(at, 1);
    if (bounds.length === 0) this.ranges.splice(this.ranges.indexOf(index), 1);
  }

  private equalityIndex(property: string): EqualityIndex<T> {
    let index = this.equalities.find((other) => other.property === property);
    if (index === undefined) {
      index = { property, byValue: new Map() };
      this.equalities.push(index);
    }
    return index;
  }

  private rangeIndex(property: string, operator: RangeOperator): RangeIndex<T> {
    let index = this.ranges.find((other) => other.property === property && other.operator === operator);
    if (index === undefined) {
      index = { property, operator, bounds: [] };
      this.ranges.push(index);
    }
    return index;
  }

  /** Puts the target to the entry of the same condition, if there is one. */
  private file(entries: Entry<T>[], rest: readonly Bound[], target: T): void {
    const key = planKey(rest);
    const known = entries.find((entry) => entry.key === key);
    if (known !== undefined) {
      known.targets.push(target);
      return;
    }
    const remaining = conjunction(rest);
    entries.push({ key, rest: remaining && compileCondition(remaining, false), targets: [target] });
  }

  private withdraw(entries: Entry<T>[], target: T): void {
    for (let i = entries.length - 1; i >= 0; i--) {
      const { targets } = entries[i];
      const at = targets.indexOf(target);
      if (at < 0) continue;
      this.count--;
      targets.splice(at, 1);
      if (targets.length === 0) entries.splice(i, 1);
    }
  }

  /**
   * Puts the targets whose filter the event passes into the list, in the order of deployment, and returns how many
   * they are; what stands behind them in the list is left over from other events.
   */
  match(event: Subject, into: T[]): number {
    const { others, equalities, ranges } = this;
    let count = this.collect(others, event, into, 0);
    for (const { property, byValue } of equalities) {
      const found = byValue.get(event[property]);
      if (found === undefined) continue;
      if (Array.isArray(found)) count = this.collect(found, event, into, count);
      else into[count++] = found;
    }
    for (const { property, operator, bounds } of ranges) {
      const value = event[property] as number | null;
      if (value === null) continue;
      for (let i = 0; i < bounds.length && holds(operator, value, bounds[i].constant); i++) {
        count = this.collect(bounds[i].entries, event, into, count);
      }
    }
    if (count > 1) this.sort(into, count);
    return count;
  }

  /** Puts the targets of the entries that the event passes behind the first `count` of the list. */
  private collect(entries: readonly Entry<T>[], event: Subject, into: T[], count: number): number {
    let end = count;
    for (let i = 0; i < entries.length; i++) {
      if (!this.passes(entries[i], event)) continue;
      for (const target of entries[i].targets) into[end++] = target;
    }
    return end;
  }

  /** By order; most often they are already. */
  private sort(targets: T[], count: number): void {
    let sorted = true;
    for (let i = 1; i < count && sorted; i++) sorted = targets[i - 1].order < targets[i].order;
    if (sorted) return;
    const matched = targets.slice(0, count).sort((a, b) => a.order - b.order);
    for (let i = 0; i < count; i++) targets[i] = matched[i];
  }

  private passes({ rest, targets }: Entry<T>, event: Subject): boolean {
    if (rest === undefined) return true;
    try {
      return rest(event, null, this.environment) === true;
    } catch (error) {
      for (const target of targets) target.failed(error);
      return false;
    }
  }
}

/** Where the constant stands, or has to be put. `x > c` holds for all constants below x: they stand first. For `<` the largest do. */
function placeIn<T extends FilterTarget>({ operator, bounds }: RangeIndex<T>, constant: number): number {
  const rising = operator === '>' || operator === '>=';
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const before = rising ? bounds[middle].constant < constant : bounds[middle].constant > constant;
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

function holds(operator: RangeOperator, value: number, constant: number): boolean {
  switch (operator) {
    case '<':
      return value < constant;
    case '<=':
      return value <= constant;
    case '>':
      return value > constant;
    case '>=':
      return value >= constant;
    default:
      return operator satisfies never;
  }
}

type Comparison = Extract<Bound, { kind: 'comparison' }>;

/** The conjunct to file a filter under: an equality if there is one, else a range over a number. */
function placeOf(filter: readonly Bound[]): Comparison | undefined {
  const candidates = filter.filter(isIndexable);
  return candidates.find(({ operator }) => operator === '=') ?? candidates[0];
}

/** `property op constant` in types whose equal values are identical as keys of a Map. */
function isIndexable(conjunct: Bound): conjunct is Comparison {
  if (
    conjunct.kind !== 'comparison' ||
    conjunct.left.kind !== 'property' ||
    conjunct.right.kind !== 'constant'
  ) {
    return false;
  }
  const { type } = conjunct.left;
  const { value } = conjunct.right;
  if (conjunct.operator === '=') {
    if (type === 'string') return typeof value === 'string';
    if (type === 'boolean') return typeof value === 'boolean';
    return (
      (type === 'int' || type === 'long' || type === 'short' || type === 'byte') && typeof value === 'number'
    );
  }
  return conjunct.operator !== '!=' && typeof value === 'number' && !Number.isNaN(value);
}
