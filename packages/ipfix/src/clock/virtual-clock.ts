import type { Clock } from './clock.ts';

/** A clock for tests: it stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms` milliseconds and wakes, in the order of their times, the sleepers that are due. */
  advance(ms: number): Promise<void>;
  /** Moves on to sleeper after sleeper until none is left. */
  runAll(): Promise<void>;
  /** Sleepers that wait. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly wakeAt: number;
  wake(): void;
}

/** Lets everything run that is ready without time passing. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** @param startMs what `now()` says in the beginning, milliseconds since 1970 UTC; default 0 */
export function createVirtualClock(startMs = 0): VirtualClock {
  let nowMs = startMs;
  const sleepers: Sleeper[] = [];

  function nextDue(untilMs: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.wakeAt <= untilMs && (next === undefined || sleeper.wakeAt < next.wakeAt)) next = sleeper;
    }
    return next;
  }

  async function advanceTo(untilMs: number): Promise<void> {
    await settle();
    for (let next = nextDue(untilMs); next !== undefined; next = nextDue(untilMs)) {
      sleepers.splice(sleepers.indexOf(next), 1);
      nowMs = Math.max(nowMs, next.wakeAt);
      next.wake();
      await settle();
    }
  }

  return {
    now: () => nowMs,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          wakeAt: nowMs + Math.max(0, ms),
          wake() {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        sleepers.push(sleeper);
      });
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await advanceTo(untilMs);
      nowMs = untilMs;
    },
    runAll: () => advanceTo(Number.POSITIVE_INFINITY),
    get sleepers() {
      return sleepers.length;
    },
  };
}
