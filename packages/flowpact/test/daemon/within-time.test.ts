import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withinTime } from '../../src/daemon/within-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits for work, and no longer than it may', async () => {
  expect(await withinTime(Promise.resolve(7), 1000)).toBe(true);
  const late = withinTime(new Promise(() => undefined), 1000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await late).toBe(false);
  await expect(withinTime(Promise.reject(new Error('it failed')), 1000)).rejects.toThrow('it failed');
  expect(vi.getTimerCount()).toBe(0);
});
