import type { Subject } from '../../compile/evaluator.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';

interface Change {
  readonly entering: readonly Subject[];
  readonly leaving: readonly Subject[];
}

/**
 * The changes of one interval, of which rows are made at its end: their expressions see the variables, the clock, the
 * subqueries and the windows as these are then.
 */
export class HeldChanges implements Stateful {
  private changes: Change[] = [];

  add(entering: readonly Subject[], leaving: readonly Subject[]): void {
    // Lists of their own: a window may keep its list.
    this.changes.push({ entering: [...entering], leaving: [...leaving] });
  }

  release(process: (entering: readonly Subject[], leaving: readonly Subject[]) => void): void {
    const { changes } = this;
    this.changes = [];
    for (const { entering, leaving } of changes) process(entering, leaving);
  }

  saveOrLoad(state: StateStream): void {
    const count = state.count(this.changes.length);
    const changes: Change[] = [];
    for (let i = 0; i < count; i++) {
      const { entering, leaving } = this.changes[i] ?? none;
      changes.push({
        entering: state.values(entering, entering.length) as Subject[],
        leaving: state.values(leaving, leaving.length) as Subject[],
      });
    }
    this.changes = changes;
  }
}

const none: Change = { entering: [], leaving: [] };
