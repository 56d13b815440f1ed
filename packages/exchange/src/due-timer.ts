import type { Clock } from './clock.ts';

/** Wakes at the earliest of the times that it is armed for. It holds up no process that could end. */
export interface DueTimer {
  /** A time that has passed wakes it as soon as possible. */
  arm(dueMs: number): void;
  readonly isArmed: boolean;
  stop(): void;
}

/** The longest that a timer can wait, milliseconds. */
const maxTimerMs = 2 ** 31 - 1;

/** @param onDue Called once; it arms the timer anew where more is to come, as for a time that is too far away. */
export function createDueTimer(clock: Clock, onDue: () => void): DueTimer {
  let timer: NodeJS.Timeout | undefined;
  let armedMs = Number.POSITIVE_INFINITY;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    armedMs = Number.POSITIVE_INFINITY;
  }

  return {
    arm(dueMs) {
      if (dueMs >= armedMs) return;
      clearTimeout(timer);
      armedMs = dueMs;
      const waitMs = Math.min(Math.max(1, dueMs - clock.now()), maxTimerMs);
      timer = setTimeout(() => {
        stop();
        onDue();
      }, waitMs).unref();
    },
    get isArmed() {
      return timer !== undefined;
    },
    stop,
  };
}
