import type { PatternState } from './pattern-state.ts';

/** The open states of one parent in the order in which they were opened, linked through the states themselves. */
export class StateList {
  first: PatternState | undefined = undefined;
  private last: PatternState | undefined = undefined;

  add(state: PatternState): void {
    state.listed = true;
    state.previous = this.last;
    if (this.last === undefined) this.first = state;
    else this.last.next = state;
    this.last = state;
  }

  /** False where it stood in no list. */
  remove(state: PatternState): boolean {
    if (!state.listed) return false;
    const { previous, next } = state;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    state.listed = false;
    state.previous = undefined;
    state.next = undefined;
    return true;
  }

  /** A copy, for work that changes the list. */
  toArray(): PatternState[] {
    const states: PatternState[] = [];
    for (let state = this.first; state !== undefined; state = state.next) states.push(state);
    return states;
  }
}
