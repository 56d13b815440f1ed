import { NestedMap } from '../nested-map.ts';

interface SeenKeys {
  readonly keys: readonly unknown[];
  readonly expiresMs: number;
}

/** Keys that were seen, each until a time of its own; they expire in the order in which they came. */
export class DistinctKeys {
  private readonly depth: number;
  private byKeys: NestedMap<SeenKeys>;
  /** Those that expire, the oldest first; what stands before `head` has expired. */
  private queue: SeenKeys[] = [];
  private head = 0;

  /** @param depth number of values of a key, at least 1 */
  constructor(depth: number) {
    this.depth = depth;
    this.byKeys = new NestedMap(depth);
  }

  has(keys: readonly unknown[]): boolean {
    return this.byKeys.get(keys) !== undefined;
  }

  add(keys: readonly unknown[], expiresMs: number): void {
    const seen = { keys, expiresMs };
    this.byKeys.set(keys, seen);
    if (expiresMs !== Number.POSITIVE_INFINITY) this.queue.push(seen);
  }

  /** Forgets what expires by then, and tells how many these are. */
  expire(nowMs: number): number {
    const { head } = this;
    while (this.head < this.queue.length && this.queue[this.head].expiresMs <= nowMs)
      this.byKeys.delete(this.queue[this.head++].keys);
    const count = this.head - head;
    if (this.head > 1024 && this.head * 2 > this.queue.length) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    return count;
  }

  /** Forgets all, and tells how many these were. */
  clear(): number {
    const { size } = this.byKeys;
    this.byKeys = new NestedMap(this.depth);
    this.queue = [];
    this.head = 0;
    return size;
  }
}
