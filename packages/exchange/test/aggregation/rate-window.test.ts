import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateWindow } from '../../src/aggregation/rate-window.ts';

describe('a rate limit', () => {
  it('holds in every period, and says when there is room again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(40), { maxLength: 80 }),
        (messages, steps) => {
          const rate = new RateWindow({ messages, periodMs: 100 });
          const taken: number[] = [];
          let nowMs = 0;
          for (const step of steps) {
            nowMs += step;
            const hasRoom = taken.filter((atMs) => atMs > nowMs - 100).length < messages;
            expect(rate.take(nowMs)).toBe(hasRoom);
            if (hasRoom) taken.push(nowMs);
            else {
              const { freeMs } = rate;
              expect(taken.filter((atMs) => atMs > freeMs - 100).length).toBeLessThan(messages);
              expect(taken.filter((atMs) => atMs > freeMs - 101).length).toBe(messages);
            }
          }
        },
      ),
    );
  });

  it('does not count what came to nothing', () => {
    const rate = new RateWindow({ messages: 2, periodMs: 100 });
    expect([rate.take(0), rate.take(1), rate.take(2)]).toEqual([true, true, false]);
    rate.giveBack();
    expect([rate.take(3), rate.take(4), rate.take(100), rate.take(101)]).toEqual([true, false, true, false]);
  });
});
