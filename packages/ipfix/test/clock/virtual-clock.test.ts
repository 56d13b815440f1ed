import { describe, expect, it } from 'vitest';
import { createVirtualClock, systemClock } from '../../src/index.ts';

describe('createVirtualClock', () => {
  it('wakes sleepers at their time and in their order', async () => {
    const clock = createVirtualClock(1000);
    const woken: [string, number][] = [];
    const sleep = async (name: string, ...naps: number[]) => {
      for (const ms of naps) {
        await clock.sleep(ms);
        woken.push([name, clock.now()]);
      }
    };
    const all = Promise.all([sleep('a', 30, 1), sleep('b', 10, 21, 5)]);
    await clock.advance(31);
    expect(woken).toEqual([
      ['b', 1010],
      ['a', 1030],
      ['b', 1031],
      ['a', 1031],
    ]);
    expect(clock.now()).toBe(1031);
    await clock.runAll();
    await all;
    expect(clock.now()).toBe(1036);
    expect(clock.sleepers).toBe(0);
  });

  it('lets sleepers be aborted', async () => {
    const clock = createVirtualClock();
    const abort = new AbortController();
    const nap = clock.sleep(10, abort.signal);
    abort.abort(new Error('enough'));
    await expect(nap).rejects.toThrow('enough');
    await expect(clock.sleep(10, abort.signal)).rejects.toThrow('enough');
    expect(clock.sleepers).toBe(0);
  });
});

describe('systemClock', () => {
  it('goes on while it sleeps', async () => {
    const before = systemClock.now();
    expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
    await systemClock.sleep(2);
    expect(systemClock.now()).toBeGreaterThan(before);
  });

  it('stops sleeping when aborted', async () => {
    const abort = new AbortController();
    const nap = systemClock.sleep(1e12, abort.signal);
    abort.abort();
    await expect(nap).rejects.toMatchObject({ name: 'AbortError' });
  });
});
