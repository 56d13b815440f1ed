import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../../src/transport/smtp/rate-limit.ts';

describe('a rate limit', () => {
  it('lets so many through at once, then one for each share of a minute', () => {
    let nowMs = 0;
    const limit = createRateLimit(3, { now: () => nowMs });
    expect([1, 2, 3, 4].map(() => limit.take('x'))).toEqual([true, true, true, false]);
    expect(limit.take('y')).toBe(true);
    nowMs = 19_999;
    expect(limit.take('x')).toBe(false);
    nowMs = 40_000;
    expect([1, 2, 3].map(() => limit.take('x'))).toEqual([true, true, false]);
    nowMs = 10 * 60_000;
    expect([1, 2, 3, 4].map(() => limit.take('x'))).toEqual([true, true, true, false]);
  });

  it('gives nothing for a clock that is set back', () => {
    let nowMs = 60_000;
    const limit = createRateLimit(1, { now: () => nowMs });
    expect(limit.take('x')).toBe(true);
    nowMs = 0;
    expect(limit.take('x')).toBe(false);
  });
});
