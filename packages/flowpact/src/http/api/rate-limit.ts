export interface RateLimitConfig {
  /** Requests that may be made at once, at least 1. */
  readonly burst: number;
  /** That are granted again each second. */
  readonly perSecond: number;
  /** Clients counted; those quiet for longest leave. */
  readonly maxClients: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket for each client. */
export interface RateLimit {
  /** Takes a token. @returns 0, or the milliseconds until there is one again. */
  take(client: string): number;
}

export function createRateLimit(
  { burst, perSecond, maxClients }: RateLimitConfig,
  { now }: { now(): number },
): RateLimit {
  /** The one that was quiet for longest first. */
  const buckets = new Map<string, Bucket>();
  return {
    take(client) {
      const nowMs = now();
      const known = buckets.get(client);
      const bucket = known ?? { tokens: burst, atMs: nowMs };
      // The clock may have been set back.
      const passedMs = Math.max(0, nowMs - bucket.atMs);
      bucket.tokens = Math.min(burst, bucket.tokens + (passedMs / 1000) * perSecond);
      bucket.atMs = nowMs;
      buckets.delete(client);
      buckets.set(client, bucket);
      if (known === undefined && buckets.size > maxClients) buckets.delete(buckets.keys().next().value!);
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
      bucket.tokens--;
      return 0;
    },
  };
}
