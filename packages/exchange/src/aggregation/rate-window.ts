import type { RateLimit } from '../partner/partner-policy.ts';

/** Lets so many messages pass in any period, wherever it begins: it keeps the time of each of the last ones. */
export class RateWindow {
  readonly #limit: RateLimit;
  /** A ring, as long as there were messages, up to the limit. */
  readonly #times: number[] = [];
  /** Where the next time goes, over the oldest. */
  #next = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** False: there is no room until `freeMs`. */
  take(nowMs: number): boolean {
    if (nowMs < this.freeMs) return false;
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#limit.messages;
    return true;
  }

  /** What was taken last came to nothing. */
  giveBack(): void {
    this.#next = (this.#next + this.#limit.messages - 1) % this.#limit.messages;
    this.#times[this.#next] = Number.NEGATIVE_INFINITY;
  }

  /** From when on there is room, milliseconds since 1970. */
  get freeMs(): number {
    return (this.#times[this.#next] ?? Number.NEGATIVE_INFINITY) + this.#limit.periodMs;
  }
}
