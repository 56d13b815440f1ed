import type { Clock, Timers } from '../../src/index.ts';

/** A clock that goes when it is told, and timers that go with it. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Calls what falls due on the way, each with what it sets in motion, and those that it makes due. */
  advance(ms: number): Promise<void>;
}

export function createVirtualTime(startMs = Date.UTC(2030, 0, 1)): VirtualTime {
  let nowMs = startMs;
  const due = new Set<{ readonly atMs: number; readonly call: () => void }>();
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    clock: { now: () => nowMs },
    timers: {
      after(delayMs, call) {
        const timer = { atMs: nowMs + delayMs, call };
        due.add(timer);
        return () => due.delete(timer);
      },
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settled();
      for (;;) {
        const [next] = [...due].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        due.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.call();
        await settled();
      }
      nowMs = endMs;
    },
  };
}
