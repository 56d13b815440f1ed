import type { Clock } from '../../clock.ts';

const maxSources = 10_000;

/**
 * A token bucket for each source: `perMinute` at once, refilled evenly. Sources that have not been heard for longest
 * are forgotten beyond 10,000.
 */
export function createRateLimit(perMinute: number, clock: Clock): { take(source: string): boolean } {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(source) {
      const now = clock.now();
      const bucket = buckets.get(source) ?? { tokens: perMinute, atMs: now };
      // A clock that was set back refills nothing.
      const elapsedMs = Math.max(0, now - bucket.atMs);
      const tokens = Math.min(perMinute, bucket.tokens + (elapsedMs * perMinute) / 60_000);
      const taken = tokens >= 1;
      buckets.delete(source);
      buckets.set(source, { tokens: taken ? tokens - 1 : tokens, atMs: now });
      for (const oldest of buckets.keys()) {
        if (buckets.size <= maxSources) break;
        buckets.delete(oldest);
      }
      return taken;
    },
  };
}
