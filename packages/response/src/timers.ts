/** Calls later; tests bring their own. */
export interface Timers {
  /** @returns what takes it back. */
  after(delayMs: number, call: () => void): () => void;
}

/** The longest that a timer can wait, milliseconds; what is due later wakes too early, and is armed again. */
const maxTimerMs = 2 ** 31 - 1;

/** They hold up no process that could end. */
export const systemTimers: Timers = {
  after(delayMs, call) {
    const timer = setTimeout(call, Math.min(Math.max(delayMs, 0), maxTimerMs)).unref();
    return () => clearTimeout(timer);
  },
};
