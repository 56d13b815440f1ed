import { compileCondition } from '../compile/compile-expression.ts';
import type { Condition, Environment, Subject } from '../compile/evaluator.ts';
import { type Bound, conjunction } from '../plan/expression.ts';

/** Who receives the events that pass a filter. Compared by order, which is that of deployment. */
export interface FilterTarget {
  readonly order: number;
  /** An exception inside its filter: counted, and the event does not pass. */
  failed(error: unknown): void;
}

interface Entry<T extends FilterTarget> {
  readonly target: T;
  /** What the index has not decided yet. */
  readonly rest: Condition | undefined;
}

interface EqualityIndex<T extends FilterTarget> {
  readonly property: string;
  readonly byValue: Map<unknown, Entry<T>[]>;
}

type RangeOperator = '<' | '<=' | '>' | '>=';

/** Filters `property op constant`, the constants sorted so that those that hold are found from one end. */
interface RangeIndex<T extends FilterTarget> {
  readonly property: string;
  readonly operator: RangeOperator;
  readonly bounds: { readonly constant: number; readonly entry: Entry<T> }[];
}

/**
 * The filters of all statements on one event type. A filter is filed under the most selective of its conjuncts: an
 * equality of a property with a constant in a hash, else a comparison with a number in a sorted list; what remains of
 * it is tested only where that part holds. Filters with neither are tested one by one.
 */
export class FilterIndex<T extends FilterTarget> {
  private readonly equalities: EqualityIndex<T>[] = [];
  private readonly ranges: RangeIndex<T>[] = [];
  private others: Entry<T>[] = [];
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
    const remaining = conjunction(filter.filter((conjunct) => conjunct !== place));
    const entry: Entry<T> = { target, rest: remaining && compileCondition(remaining, false) };
    if (place === undefined) {
      this.others.push(entry);
      return;
    }
    const { name } = place.left as { readonly name: string };
    const constant = (place.right as { readonly value: unknown }).value;
    if (place.operator === '=') {
      let index = this.equalities.find(({ property }) => property === name);
      if (index === undefined) {
        index = { property: name, byValue: new Map() };
        this.equalities.push(index);
      }
      const entries = index.byValue.get(constant);
      if (entries === undefined) index.byValue.set(constant, [entry]);
      else entries.push(entry);
      return;
    }
    const operator = place.operator as RangeOperator;
    let index = this.ranges.find((range) => range.property === name && range.operator === operator);
    if (index === undefined) {
      index = { property: name, operator, bounds: [] };
      this.ranges.push(index);
    }
    index.bounds.push({ constant: constant as number, entry });
    // `x > c` holds for all constants below x: they stand first. For `<` the largest do.
    const rising = operator === '>' || operator === '>=';
    index.bounds.sort((a, b) => (rising ? a.constant - b.constant : b.constant - a.constant));
  }

  remove(target: T): void {
    const without = (entries: Entry<T>[]) => entries.filter((entry) => entry.target !== target);
    this.count -= this.others.length;
    this.others = without(this.others);
    this.count += this.others.length;
    for (const { byValue } of this.equalities) {
      for (const [value, entries] of byValue) {
        const left = without(entries);
        this.count -= entries.length - left.length;
        if (left.length === 0) byValue.delete(value);
        else byValue.set(value, left);
      }
    }
    for (const { bounds } of this.ranges) {
      for (let i = bounds.length - 1; i >= 0; i--) {
        if (bounds[i].entry.target !== target) continue;
        bounds.splice(i, 1);
        this.count--;
      }
    }
  }

  /**
   * Puts the targets whose filter the event passes into the list, in the order of deployment, and returns how many
   * they are; what stands behind them in the list is left over from other events.
   */
  match(event: Subject, into: T[]): number {
    let count = 0;
    let sorted = true;
    const { others, equalities, ranges } = this;
    for (let i = 0; i < others.length; i++)
      if (this.passes(others[i], event)) into[count++] = others[i].target;
    for (const { property, byValue } of equalities) {
      const entries = byValue.get(event[property]);
      if (entries === undefined) continue;
      sorted &&= count === 0;
      for (const entry of entries) if (this.passes(entry, event)) into[count++] = entry.target;
    }
    for (const { property, operator, bounds } of ranges) {
      const value = event[property] as number | null;
      if (value === null) continue;
      // Bounds are sorted by their constants, not by deployment: one that holds is in order, more may not be.
      for (let i = 0; i < bounds.length && holds(operator, value, bounds[i].constant); i++) {
        if (!this.passes(bounds[i].entry, event)) continue;
        sorted &&= count === 0;
        into[count++] = bounds[i].entry.target;
      }
    }
    if (!sorted && count > 1) this.sort(into, count);
    return count;
  }

  private sort(targets: T[], count: number): void {
    const matched = targets.slice(0, count).sort((a, b) => a.order - b.order);
    for (let i = 0; i < count; i++) targets[i] = matched[i];
  }

  private passes({ target, rest }: Entry<T>, event: Subject): boolean {
    if (rest === undefined) return true;
    try {
      return rest(event, null, this.environment) === true;
    } catch (error) {
      target.failed(error);
      return false;
    }
  }
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
