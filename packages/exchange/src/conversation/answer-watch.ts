import type { Clock } from '../clock.ts';

export interface AnswerWatch {
  /** There may be something to wait for. */
  arm(): void;
  stop(): void;
}

/** The longest that a timer can wait, milliseconds. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Wakes when the next answer is due. Every question has the same time to be answered in, so the first is the next: one
 * timer is enough, and it holds up no process that could end.
 */
export function createAnswerWatch(deps: {
  readonly clock: Clock;
  readonly nextDueMs: () => number | undefined;
  readonly onDue: () => void;
}): AnswerWatch {
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    if (timer !== undefined) return;
    const dueMs = deps.nextDueMs();
    if (dueMs === undefined) return;
    const waitMs = Math.min(Math.max(1, dueMs - deps.clock.now()), maxTimerMs);
    timer = setTimeout(() => {
      timer = undefined;
      deps.onDue();
      arm();
    }, waitMs).unref();
  }

  return {
    arm,
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
