import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../../src/http/api/rate-limit.ts';

describe('the rate limit', () => {
  it('grants a burst, then as much as comes back with time', () => {
    let nowMs = 0;
    const limit = createRateLimit({ burst: 3, perSecond: 2, maxClients: 10 }, { now: () => nowMs });
    expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 500]);
    expect(limit.take('b')).toBe(0);
    nowMs = 500;
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 500]);
    nowMs = 60_000;
    expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 500]);
  });

  it('takes no harm from a clock that is set back', () => {
    let nowMs = 10_000;
    const limit = createRateLimit({ burst: 1, perSecond: 1, maxClients: 10 }, { now: () => nowMs });
    expect(limit.take('a')).toBe(0);
    nowMs = 0;
    expect(limit.take('a')).toBe(1000);
    nowMs = 1000;
    expect(limit.take('a')).toBe(0);
  });

  it('forgets whoever was quiet for longest where there are too many', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1, maxClients: 2 }, { now: () => 0 });
    expect([limit.take('a'), limit.take('b'), limit.take('a')]).toEqual([0, 0, 1000]);
    expect(limit.take('c')).toBe(0); // b leaves
    expect([limit.take('a'), limit.take('b')]).toEqual([1000, 0]);
  });
});
