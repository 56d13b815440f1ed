/** Columns as uPlot wants them: times in seconds, then one column for each series. */
export type ChartData = [number[], ...(number | null)[][]];

export interface Buckets {
  readonly startMs: number;
  readonly bucketMs: number;
}

const timesOf = ({ startMs, bucketMs }: Buckets, count: number) =>
  Array.from({ length: count }, (_, i) => (startMs + i * bucketMs) / 1000);

/**
 * Counts of each part as rates a second. Parts that end after `untilMs` are left out: exporters send flows some seconds late,
 * so that these would look like a fall.
 */
export function rateData(
  buckets: Buckets,
  counts: readonly number[],
  { factor = 1, untilMs = Number.POSITIVE_INFINITY } = {},
): ChartData {
  const complete = counts.filter((_count, i) => buckets.startMs + (i + 1) * buckets.bucketMs <= untilMs);
  return [
    timesOf(buckets, complete.length),
    complete.map((count) => (count * factor * 1000) / buckets.bucketMs),
  ];
}

/**
 * Columns on top of each other. uPlot draws in the order of its series, so that the highest comes first: the first column is
 * the sum of all, the last one is the first series alone.
 */
export function stackedData(buckets: Buckets, series: readonly (readonly number[])[]): ChartData {
  const count = series[0]?.length ?? 0;
  const sums: number[][] = [];
  for (const counts of series) {
    const below = sums.at(-1);
    sums.push(counts.map((value, i) => value + (below?.[i] ?? 0)));
  }
  return [timesOf(buckets, count), ...sums.reverse()];
}
