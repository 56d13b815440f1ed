import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

interface SeenKeys {
  readonly keys: readonly unknown[];
  readonly expiresMs: number;
}

/** Keys that were seen, each until a time of its own; they are forgotten in the order in which they came. */
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

  has(keys: readonly unknown[], nowMs: number): boolean {
    const seen = this.byKeys.get(keys);
    return seen !== undefined && seen.expiresMs > nowMs;
  }

  /** True where the keys are new, not only expired. */
  add(keys: readonly unknown[], expiresMs: number): boolean {
    const { size } = this.byKeys;
    const seen = { keys, expiresMs };
    this.byKeys.set(keys, seen);
    if (expiresMs !== Number.POSITIVE_INFINITY) this.queue.push(seen);
    return this.byKeys.size > size;
  }

  /** Forgets what expires by then, and tells how many these are. */
  expire(nowMs: number): number {
    const { size } = this.byKeys;
    while (this.head < this.queue.length && this.queue[this.head].expiresMs <= nowMs) {
      const expired = this.queue[this.head++];
      // It may have been seen again in the meantime, where the times differ.
      if (this.byKeys.get(expired.keys) === expired) this.byKeys.delete(expired.keys);
    }
    const count = size - this.byKeys.size;
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

  saveOrLoad(state: StateStream): void {
    this.byKeys.saveOrLoad(state, (known, keys) => {
      const seen = { keys, expiresMs: state.number(known?.expiresMs ?? 0) };
      state.introduce(known ?? seen);
      return known ?? seen;
    });
    // What was seen again meanwhile expires with its later entry.
    const queue = this.queue.slice(this.head).filter((seen) => this.byKeys.get(seen.keys) === seen);
    let left = state.count(queue.length);
    if (!state.loading) {
      for (const seen of queue) state.refer(seen);
      return;
    }
    this.queue = [];
    this.head = 0;
    for (; left > 0; left--) {
      const seen = state.refer<SeenKeys>(undefined);
      if (seen !== undefined) this.queue.push(seen);
    }
  }
}
