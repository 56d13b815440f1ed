import type { Subject } from '../../compile/evaluator.ts';
import type { PatternFilterProgram } from '../../compile/pattern-program.ts';
import { KeyIndex } from '../key-index.ts';
import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';
import type { PatternContext } from './pattern-state.ts';

/** A state that waits for an event, as the table knows it. */
export interface Wait {
  readonly begin: Subject;
  /** What it is filed by: one value, or the list of several. */
  key: unknown;
  /** Of waits that one event ends: these end in the order of this number. */
  order: number;
  previousWait: Wait | undefined;
  nextWait: Wait | undefined;
  /** The level of `@consume`; 0 without it. */
  readonly consume: number;
  /** An event that it waited for. */
  take(event: Subject): void;
}

/**
 * The states that wait at one filter. With equalities between the event and the partial match they are filed by the
 * values that the event must have, so an event meets only those that it can end. States of equal values are linked,
 * the oldest first; its `previousWait` is the youngest.
 */
export class WaitTable {
  readonly program: PatternFilterProgram;
  readonly context: PatternContext;
  /** The first of each list; undefined where there is no equality, and only one list. */
  private readonly byKey: KeyIndex<Wait> | undefined;
  private all: Wait | undefined = undefined;
  /** What was looked into last, while its waits take it. */
  private lastEvent: Subject | undefined = undefined;
  private lastInside: readonly Subject[] | undefined = undefined;

  constructor(program: PatternFilterProgram, context: PatternContext) {
    this.program = program;
    this.context = context;
    if (program.own.length > 0) this.byKey = new KeyIndex(program.own.length);
  }

  /** Files the state by what its partial match asks for; one that asks for null is never found. */
  add(state: Wait): void {
    const { other, order } = this.program;
    const { begin } = state;
    const { environment } = this.context;
    if (order !== undefined) state.order = Number(order(begin, null, environment) ?? 0);
    if (other.length === 1) state.key = other[0](begin, null, environment);
    else if (other.length > 1) state.key = other.map((value) => value(begin, null, environment));
    const { key } = state;
    if (key === null || (Array.isArray(key) && key.includes(null))) return;
    const first = this.firstOf(key);
    if (first === undefined) {
      state.previousWait = state;
      if (this.byKey === undefined) this.all = state;
      else this.byKey.add(state);
    } else {
      const last = first.previousWait!;
      last.nextWait = state;
      state.previousWait = last;
      first.previousWait = state;
    }
  }

  remove(state: Wait): void {
    const { key, previousWait, nextWait } = state;
    if (previousWait === undefined) return;
    if (previousWait.nextWait === undefined) {
      // The first: only its neighbour is the last.
      this.replaceFirst(key, nextWait);
      if (nextWait !== undefined) nextWait.previousWait = previousWait;
    } else {
      previousWait.nextWait = nextWait;
      const first = nextWait ?? this.firstOf(key);
      if (first !== undefined) first.previousWait = previousWait;
    }
    state.previousWait = undefined;
    state.nextWait = undefined;
  }

  /** A partial match with the event, or the events inside of it, under the tag. */
  extend(partial: Subject, event: Subject): Subject {
    const { program } = this;
    return program.extend(partial, program.contained === undefined ? event : this.insideOf(event)!);
  }

  /** Undefined where the event has nothing of the kind: it ends no wait then. One list serves all waits. */
  private insideOf(event: Subject): readonly Subject[] | undefined {
    if (this.lastEvent === event) return this.lastInside;
    this.lastInside = this.program.contained!(event, this.context.environment);
    this.lastEvent = event;
    return this.lastInside;
  }

  /** Adds the states that the event ends to the list. */
  collect(event: Subject, into: Wait[]): void {
    if (this.program.contained !== undefined && this.insideOf(event) === undefined) return;
    const { own, residual, order } = this.program;
    const { byKey } = this;
    const from = into.length;
    for (let i = 0; i < own.length; i++) byKey!.part(i, event[own[i]]);
    let state = byKey === undefined ? this.all : byKey.find();
    for (; state !== undefined; state = state.nextWait) {
      if (residual === undefined || this.passes(residual, event, state.begin)) into.push(state);
    }
    if (order === undefined || into.length - from < 2) return;
    const found = into.splice(from).sort((a, b) => a.order - b.order);
    for (const one of found) into.push(one);
  }

  private firstOf(key: unknown): Wait | undefined {
    if (this.byKey === undefined) return this.all;
    this.lookUp(this.byKey, key);
    return this.byKey.find();
  }

  private replaceFirst(key: unknown, next: Wait | undefined): void {
    const { byKey } = this;
    if (byKey === undefined) {
      this.all = next;
      return;
    }
    this.lookUp(byKey, key);
    byKey.remove();
    if (next !== undefined) byKey.add(next);
  }

  private lookUp(byKey: KeyIndex<Wait>, key: unknown): void {
    if (Array.isArray(key)) for (let i = 0; i < key.length; i++) byKey.part(i, key[i]);
    else byKey.part(0, key);
  }

  private passes(residual: NonNullable<PatternFilterProgram['residual']>, event: Subject, partial: Subject) {
    try {
      return residual([event, partial] as unknown as Subject, null, this.context.environment) === true;
    } catch (error) {
      this.context.failedOver(error);
      return false;
    }
  }

  saveOrLoad(state: StateStream): void {
    if (this.byKey === undefined) this.all = saveOrLoadList(state, this.all);
    else this.byKey.saveOrLoad(state, (first) => saveOrLoadList(state, first)!);
  }
}

/** Linked waits, which the pattern has introduced, in their order. */
function saveOrLoadList(state: StateStream, first: Wait | undefined): Wait | undefined {
  const known: Wait[] = [];
  for (let wait = first; wait !== undefined; wait = wait.nextWait) known.push(wait);
  const count = state.count(known.length);
  if (!state.loading) {
    for (const wait of known) state.refer(wait);
    return first;
  }
  let last: Wait | undefined;
  let head: Wait | undefined;
  for (let i = 0; i < count; i++) {
    const wait = state.refer<Wait>(undefined);
    if (wait === undefined || wait.previousWait !== undefined) throw new UnfitState('a wait stands twice');
    wait.previousWait = last ?? wait;
    if (last !== undefined) last.nextWait = wait;
    head ??= wait;
    last = wait;
  }
  if (head !== undefined) head.previousWait = last;
  return head;
}
