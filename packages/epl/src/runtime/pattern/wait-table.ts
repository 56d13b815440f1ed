import type { Subject } from '../../compile/evaluator.ts';
import type { PatternFilterProgram } from '../../compile/pattern-program.ts';
import { NestedMap } from '../nested-map.ts';
import type { FilterState } from './filter-state.ts';
import type { PatternContext } from './pattern-state.ts';

/**
 * The states that wait at one filter. With equalities between the event and the partial match they are filed by the
 * values that the event must have, so an event meets only those that it can end. States of equal values are linked,
 * the oldest first; its `previousWait` is the youngest.
 */
export class WaitTable {
  readonly program: PatternFilterProgram;
  readonly context: PatternContext;
  /** By one value; undefined where there is no equality or more than one. */
  private readonly byValue: Map<unknown, FilterState> | undefined;
  private readonly byValues: NestedMap<FilterState> | undefined;
  private all: FilterState | undefined = undefined;

  constructor(program: PatternFilterProgram, context: PatternContext) {
    this.program = program;
    this.context = context;
    const { length } = program.own;
    if (length === 1) this.byValue = new Map();
    else if (length > 1) this.byValues = new NestedMap(length);
  }

  /** Files the state by what its partial match asks for; one that asks for null is never found. */
  add(state: FilterState): void {
    const { other, order } = this.program;
    const { begin } = state;
    const { environment } = this.context;
    if (order !== undefined) state.order = Number(order(begin, null, environment) ?? 0);
    if (other.length === 1) state.key = other[0](begin, null, environment);
    else if (other.length > 1) state.key = other.map((value) => value(begin, null, environment));
    const { key } = state;
    if (key === null || (Array.isArray(key) && key.includes(null))) return;
    const head = this.head(key);
    if (head === undefined) {
      state.previousWait = state;
      this.setHead(key, state);
    } else {
      const last = head.previousWait!;
      last.nextWait = state;
      state.previousWait = last;
      head.previousWait = state;
    }
  }

  remove(state: FilterState): void {
    const { key, previousWait, nextWait } = state;
    if (previousWait === undefined) return;
    if (previousWait.nextWait === undefined) {
      // The first: only its neighbour is the last.
      this.setHead(key, nextWait);
      if (nextWait !== undefined) nextWait.previousWait = previousWait;
    } else {
      previousWait.nextWait = nextWait;
      (nextWait ?? this.head(key)!).previousWait = previousWait;
    }
    state.previousWait = undefined;
    state.nextWait = undefined;
  }

  /** Adds the states that the event ends to the list. */
  collect(event: Subject, into: FilterState[]): void {
    const { own, residual, order } = this.program;
    const from = into.length;
    const key = own.length < 2 ? event[own[0]] : own.map((name) => event[name]);
    for (let state = this.head(key); state !== undefined; state = state.nextWait) {
      if (residual === undefined || this.passes(residual, event, state.begin)) into.push(state);
    }
    if (order === undefined || into.length - from < 2) return;
    const found = into.splice(from).sort((a, b) => a.order - b.order);
    for (const state of found) into.push(state);
  }

  private head(key: unknown): FilterState | undefined {
    if (this.byValue !== undefined) return this.byValue.get(key);
    if (this.byValues !== undefined) return this.byValues.get(key as readonly unknown[]);
    return this.all;
  }

  private setHead(key: unknown, state: FilterState | undefined): void {
    const { byValue, byValues } = this;
    if (byValue !== undefined) {
      if (state === undefined) byValue.delete(key);
      else byValue.set(key, state);
    } else if (byValues !== undefined) {
      if (state === undefined) byValues.delete(key as readonly unknown[]);
      else byValues.set(key as readonly unknown[], state);
    } else this.all = state;
  }

  private passes(residual: NonNullable<PatternFilterProgram['residual']>, event: Subject, partial: Subject) {
    try {
      return residual([event, partial] as unknown as Subject, null, this.context.environment) === true;
    } catch (error) {
      this.context.failedOver(error);
      return false;
    }
  }
}
