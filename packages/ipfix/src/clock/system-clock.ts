import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Longest delay that a timer of Node takes, milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/** The system's clock, monotonic from the start of the process: steps of the wall clock do not show. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  async sleep(ms, signal) {
    let leftMs = ms;
    while (leftMs > longestTimerMs) {
      await sleep(longestTimerMs, undefined, { signal });
      leftMs -= longestTimerMs;
    }
    await sleep(Math.max(0, leftMs), undefined, { signal });
  },
};
