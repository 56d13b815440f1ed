/** The time as components see it; tests give them a virtual one. */
export interface Clock {
  /** Milliseconds since 1970 UTC, possibly with a fraction. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
