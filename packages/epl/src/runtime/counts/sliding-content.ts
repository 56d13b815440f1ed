import type { Subject } from '../../compile/evaluator.ts';
import type { ResultBuilder } from '../results/result-builder.ts';
import type { Budget } from '../state-budget.ts';

/** What a sliding window that keeps no events has in their place: it counts, and makes the rows at once. */
export interface SlidingContent extends ResultBuilder {
  /** An event enters, if any, and of the older ones the first so many leave, all in one change. */
  change(event: Subject | undefined, leaving: number): void;
}

/** Where windows may have to give up events: not while rows are made. */
export const busyWhile = (budget: Budget, content: SlidingContent): SlidingContent => ({
  change(event, leaving) {
    budget.busy = true;
    try {
      content.change(event, leaving);
    } finally {
      budget.busy = false;
    }
  },
  process: () => content.process([], [], false),
  current: (contents) => content.current(contents),
  saveOrLoad: (state) => content.saveOrLoad(state),
});
