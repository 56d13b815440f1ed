import type { Clock } from '../src/clock.ts';
import type { Timers } from '../src/timers.ts';

/** Time that passes when it is told to. */
export interface VirtualTime extends Clock, Timers {
  /** Lets so much pass, with all that is due in it, in order, and with what follows from that. */
  advance(ms: number): Promise<void>;
}

/** Everything that waits for no timer, done. */
export const idle = () => new Promise<void>((resolve) => setImmediate(resolve));

export function createVirtualTime(startMs = 1_767_225_600_000): VirtualTime {
  let nowMs = startMs;
  const due = new Set<{ readonly atMs: number; readonly call: () => void }>();
  return {
    now: () => nowMs,
    after(delayMs, call) {
      const entry = { atMs: nowMs + delayMs, call };
      due.add(entry);
      return () => due.delete(entry);
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await idle();
      for (;;) {
        const next = [...due].sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > endMs) break;
        due.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.call();
        await idle();
      }
      nowMs = endMs;
    },
  };
}
