import type { StateStream } from './snapshot/state-stream.ts';
/**
 * A map with a list of values as its key: a Map a part, one in another, so keys are never joined into text. The parts
 * are compared as Map compares them; the engine's values are canonical, so equal values meet.
 */
export class NestedMap<V> {
  private readonly root = new Map<unknown, unknown>();
  private readonly depth: number;
  private entries = 0;

  /** @param depth number of parts of every key, at least 1 */
  constructor(depth: number) {
    this.depth = depth;
  }

  get size(): number {
    return this.entries;
  }

  get(keys: readonly unknown[]): V | undefined {
    let map: Map<unknown, unknown> | undefined = this.root;
    const last = this.depth - 1;
    for (let i = 0; i < last; i++) {
      map = map.get(keys[i]) as Map<unknown, unknown> | undefined;
      if (map === undefined) return undefined;
    }
    return map.get(keys[last]) as V | undefined;
  }

  set(keys: readonly unknown[], value: V): void {
    let map = this.root;
    const last = this.depth - 1;
    for (let i = 0; i < last; i++) {
      let next = map.get(keys[i]) as Map<unknown, unknown> | undefined;
      if (next === undefined) {
        next = new Map();
        map.set(keys[i], next);
      }
      map = next;
    }
    const before = map.size;
    map.set(keys[last], value);
    this.entries += map.size - before;
  }

  /** Removes the key and the maps that become empty with it. False where it is not here. */
  delete(keys: readonly unknown[]): boolean {
    const deleted = this.deleteFrom(this.root, keys, 0);
    if (deleted) this.entries--;
    return deleted;
  }

  clear(): void {
    this.root.clear();
    this.entries = 0;
  }

  /** Removes all values that do not pass. */
  keep(test: (value: V) => boolean): void {
    this.entries = this.keepIn(this.root, 0, test);
  }

  *values(): Iterable<V> {
    yield* this.valuesOf(this.root, 0);
  }

  private deleteFrom(map: Map<unknown, unknown>, keys: readonly unknown[], at: number): boolean {
    const key = keys[at];
    if (at === this.depth - 1) return map.delete(key);
    const inner = map.get(key) as Map<unknown, unknown> | undefined;
    if (inner === undefined || !this.deleteFrom(inner, keys, at + 1)) return false;
    if (inner.size === 0) map.delete(key);
    return true;
  }

  /** Returns how many are left. */
  private keepIn(map: Map<unknown, unknown>, at: number, test: (value: V) => boolean): number {
    let left = 0;
    for (const [key, value] of map) {
      const kept =
        at === this.depth - 1
          ? Number(test(value as V))
          : this.keepIn(value as Map<unknown, unknown>, at + 1, test);
      if (kept === 0) map.delete(key);
      left += kept;
    }
    return left;
  }

  private *valuesOf(map: Map<unknown, unknown>, at: number): Iterable<V> {
    if (at === this.depth - 1) yield* map.values() as Iterable<V>;
    else for (const inner of map.values()) yield* this.valuesOf(inner as Map<unknown, unknown>, at + 1);
  }

  /** Keys and values in their order. `value`: writes one that is here, or makes the one that is read under that key. */
  saveOrLoad(state: StateStream, value: (known: V | undefined, keys: readonly unknown[]) => V): void {
    let left = state.count(this.entries);
    if (!state.loading) {
      for (const [keys, known] of this.entriesOf(this.root, [])) {
        for (const key of keys) state.value(key);
        value(known, keys);
      }
      return;
    }
    this.clear();
    for (; left > 0; left--) {
      const keys = Array.from({ length: this.depth }, () => state.value<unknown>(undefined));
      this.set(keys, value(undefined, keys));
    }
  }

  private *entriesOf(
    map: Map<unknown, unknown>,
    before: readonly unknown[],
  ): Iterable<readonly [keys: readonly unknown[], value: V]> {
    for (const [key, inner] of map) {
      const keys = [...before, key];
      if (keys.length === this.depth) yield [keys, inner as V];
      else yield* this.entriesOf(inner as Map<unknown, unknown>, keys);
    }
  }
}
