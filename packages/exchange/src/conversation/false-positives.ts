/** How often a partner has called what a statement found a false positive. */
export interface FalsePositiveCount {
  /** `detector.rule` of the alerts, e.g. `ssh.epl#BruteForce`; left out: they named none. */
  readonly rule?: string;
  /** `Party.name`. */
  readonly partner: string;
  readonly count: number;
  /** When the last came, milliseconds since 1970. */
  readonly lastMs: number;
}

/** Counts by statement and partner, a bounded number of them. */
export class FalsePositives {
  readonly #max: number;
  /** Those that were quiet for longest first. */
  readonly #counts = new Map<string, FalsePositiveCount>();

  constructor(max: number) {
    this.#max = max;
  }

  add(rule: string | undefined, partner: string, atMs: number): void {
    const key = JSON.stringify([rule, partner]);
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.delete(key);
    this.#counts.set(key, { ...(rule === undefined ? {} : { rule }), partner, count, lastMs: atMs });
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= this.#max) break;
      this.#counts.delete(oldest);
    }
  }

  counts(): readonly FalsePositiveCount[] {
    return [...this.#counts.values()];
  }
}
