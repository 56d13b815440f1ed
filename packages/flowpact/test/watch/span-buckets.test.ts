import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spanBuckets } from '../../src/watch/span-buckets.ts';

it('covers the span with as many parts as it may have, and no more', () => {
  const times = fc.integer({ min: 0, max: 4e12 });
  fc.assert(
    fc.property(times, times, fc.integer({ min: 1, max: 1000 }), (a, b, max) => {
      const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b) + 1];
      const span = spanBuckets(fromMs, toMs, max, 1000);
      expect(span.zeros().length).toBeLessThanOrEqual(max);
      expect(span.startMs).toBeLessThanOrEqual(fromMs);
      expect(span.bucketMs).toBeGreaterThanOrEqual(1000);
      expect(span.indexOf(fromMs)).toBe(0);
      if (max > 1) expect(span.indexOf(toMs - 1)).toBe(span.zeros().length - 1);
      expect(span.indexOf(span.startMs - 1)).toBeUndefined();
    }),
  );
});

it('has readable steps', () => {
  expect(spanBuckets(0, 900_000, 180, 1000).bucketMs).toBe(5000);
  expect(spanBuckets(0, 86_400_000, 24, 1000).bucketMs).toBe(3_600_000);
});
