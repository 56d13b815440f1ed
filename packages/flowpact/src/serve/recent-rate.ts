const spanMs = 10_000;

/** How much there was lately, by this host's clock. */
export interface RecentRate {
  add(count: number): void;
  /** Mean of the last ten seconds. */
  perSecond(): number;
}

export function createRecentRate({ now }: { now(): number }): RecentRate {
  const seconds = new Map<number, number>();
  return {
    add(count) {
      const second = Math.floor(now() / 1000) * 1000;
      seconds.set(second, (seconds.get(second) ?? 0) + count);
      // At most one a second is added, and those of the past leave here.
      for (const atMs of seconds.keys()) if (atMs < second - spanMs) seconds.delete(atMs);
    },
    perSecond() {
      const sinceMs = now() - spanMs;
      let sum = 0;
      for (const [atMs, count] of seconds) if (atMs >= sinceMs) sum += count;
      return sum / (spanMs / 1000);
    },
  };
}
