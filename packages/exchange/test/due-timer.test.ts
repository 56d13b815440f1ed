import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDueTimer, type DueTimer } from '../src/due-timer.ts';
import { systemClock } from '../src/index.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a timer', () => {
  const woken: number[] = [];
  let timer: DueTimer;
  beforeEach(() => {
    woken.length = 0;
    timer = createDueTimer(systemClock, () => woken.push(Date.now()));
  });

  it('wakes once, at the earliest of its times', () => {
    for (const afterMs of [500, 300, 400]) timer.arm(1_000_000 + afterMs);
    expect(timer.isArmed).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(woken).toEqual([1_000_300]);
    expect(timer.isArmed).toBe(false);
  });

  it('wakes again where it is armed again, also for a time that has passed', () => {
    timer.arm(1_000_500);
    vi.advanceTimersByTime(500);
    timer.arm(1_000_400);
    vi.advanceTimersByTime(1);
    expect(woken).toEqual([1_000_500, 1_000_501]);
  });

  it('wakes early for what is too far away to wait for, and never for what is never', () => {
    timer.arm(Number.POSITIVE_INFINITY);
    expect(timer.isArmed).toBe(false);
    timer.arm(1_000_000 + 2 ** 40);
    vi.advanceTimersByTime(2 ** 31);
    expect(woken).toEqual([1_000_000 + 2 ** 31 - 1]);
  });

  it('does not wake once it is stopped', () => {
    timer.arm(1_000_500);
    timer.stop();
    vi.advanceTimersByTime(10_000);
    expect(woken).toEqual([]);
  });
});
