import { type CharTest, parseRegexp, RegexpError, type RegexpNode } from './regexp-syntax.ts';

export type TextMatch = (text: string) => boolean;

/** States of the automaton: a bound on what one pattern may cost for each character. */
const mostStates = 5000;
/** Sets of states that are remembered; beyond it the memory starts afresh. */
const mostSets = 2000;

type State =
  | { readonly kind: 'chars'; readonly test: CharTest; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'start' | 'end'; next: number }
  | { readonly kind: 'accept' };

/**
 * The test whether a whole text fits the pattern. The pattern becomes an automaton that is in several states at once
 * (Thompson, "Regular expression search algorithm", 1968) and remembers the sets of states that it met: the time grows
 * with the length of the text alone, whatever the pattern.
 *
 * @throws RegexpError for a pattern that is wrong or needs backtracking
 */
export function regexpTest(pattern: string): TextMatch {
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.length >= mostStates)
      throw new RegexpError(`the pattern needs more than ${mostStates} states`);
    return states.push(state) - 1;
  };
  const accept = add({ kind: 'accept' });
  const first = build(parseRegexp(pattern), accept, add, states);
  const automaton = new Automaton(states);
  return (text) => automaton.matches(text, first);
}

/** Adds the states of the node in front of `next`; gives the one where it begins. */
function build(node: RegexpNode, next: number, add: (state: State) => number, states: State[]): number {
  switch (node.kind) {
    case 'chars':
      return add({ kind: 'chars', test: node.test, next });
    case 'start':
    case 'end':
      return add({ kind: node.kind, next });
    case 'sequence':
      return node.parts.reduceRight((behind, part) => build(part, behind, add, states), next);
    case 'alternatives':
      return node.parts
        .map((part) => build(part, next, add, states))
        .reduceRight((other, one) => add({ kind: 'split', next: one, other }));
    case 'repeat': {
      const { operand, low, high } = node;
      let entry = next;
      if (high === Number.POSITIVE_INFINITY) {
        const loop = add({ kind: 'split', next, other: next });
        const body = build(operand, loop, add, states);
        (states[loop] as { other: number }).other = body;
        entry = loop;
      } else {
        for (let i = low; i < high; i++) {
          entry = add({ kind: 'split', next: build(operand, entry, add, states), other: next });
        }
      }
      for (let i = 0; i < low; i++) entry = build(operand, entry, add, states);
      return entry;
    }
    default:
      return node satisfies never;
  }
}

/** A set of states that wait for a character, and where each character leads from it. */
interface StateSet {
  readonly waiting: readonly number[];
  readonly accepts: boolean;
  readonly next: Map<number, StateSet>;
}

class Automaton {
  private readonly states: readonly State[];
  private sets = new Map<string, StateSet>();

  constructor(states: readonly State[]) {
    this.states = states;
  }

  matches(text: string, first: number): boolean {
    let set = this.setOf([first], true);
    for (let i = 0; i < text.length; i++) {
      if (set.waiting.length === 0) return false;
      const unit = text.charCodeAt(i);
      let next = set.next.get(unit);
      if (next === undefined) {
        const reached: number[] = [];
        for (const number of set.waiting) {
          const state = this.states[number];
          if (state.kind === 'chars' && state.test(unit)) reached.push(state.next);
        }
        next = this.setOf(reached, false);
        set.next.set(unit, next);
      }
      set = next;
    }
    return set.accepts;
  }

  /** All states that are reached without a character. */
  private setOf(from: readonly number[], atStart: boolean): StateSet {
    const seen = new Set<number>();
    const waiting: number[] = [];
    let accepts = false;
    // What lies behind '$' is reached at the end of the text only, where nothing waits for characters.
    const visit = (entry: number, atEnd: boolean): void => {
      const stack = [entry];
      for (let number = stack.pop(); number !== undefined; number = stack.pop()) {
        const mark = atEnd ? -1 - number : number;
        if (seen.has(mark)) continue;
        seen.add(mark);
        const state = this.states[number];
        if (state.kind === 'accept') accepts = true;
        else if (state.kind === 'split') stack.push(state.other, state.next);
        else if (state.kind === 'start') {
          if (atStart) stack.push(state.next);
        } else if (state.kind === 'end') visit(state.next, true);
        else if (!atEnd) waiting.push(number);
      }
    };
    for (const entry of from) visit(entry, false);
    waiting.sort((a, b) => a - b);
    const key = `${accepts ? '+' : '-'}${waiting.join(',')}`;
    let set = this.sets.get(key);
    if (set === undefined) {
      if (this.sets.size >= mostSets) this.sets = new Map();
      set = { waiting, accepts, next: new Map() };
      this.sets.set(key, set);
    }
    return set;
  }
}
