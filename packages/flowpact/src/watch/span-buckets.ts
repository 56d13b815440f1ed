/** Steps that people read easily, milliseconds. */
const steps = [
  1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000,
  7_200_000, 14_400_000, 43_200_000, 86_400_000,
];

export interface SpanBuckets {
  readonly startMs: number;
  readonly bucketMs: number;
  zeros(): number[];
  /** Undefined outside of the span. */
  indexOf(timeMs: number): number | undefined;
}

/** Divides a span of time into parts of equal, readable length: `maxBuckets` of them at most, and one at least. */
export function spanBuckets(
  fromMs: number,
  toMs: number,
  maxBuckets: number,
  minBucketMs: number,
): SpanBuckets {
  const wantedMs = Math.max(minBucketMs, (toMs - fromMs) / maxBuckets);
  const fits = (ms: number) => ms >= wantedMs && Math.ceil(toMs / ms) - Math.floor(fromMs / ms) <= maxBuckets;
  let bucketMs = steps.find(fits) ?? Math.ceil(wantedMs / 86_400_000) * 86_400_000;
  while (!fits(bucketMs) && maxBuckets > 1) bucketMs *= 2;
  const startMs = Math.floor(fromMs / bucketMs) * bucketMs;
  const count = Math.min(maxBuckets, Math.max(1, Math.ceil((toMs - startMs) / bucketMs)));
  return {
    startMs,
    bucketMs,
    zeros: () => new Array<number>(count).fill(0),
    indexOf(timeMs) {
      const index = Math.floor((timeMs - startMs) / bucketMs);
      return index >= 0 && index < count ? index : undefined;
    },
  };
}
