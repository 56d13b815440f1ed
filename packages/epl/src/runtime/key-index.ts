import { KeySlots, type SlotOwner } from './key-slots.ts';
import type { StateStream } from './snapshot/state-stream.ts';

/**
 * A map from lists of simple values to objects, which stand in the slots of their keys.
 *
 * A lookup takes two steps: {@link part} for each part of the key, then {@link find}, {@link add} or {@link remove}.
 */
export class KeyIndex<V> implements SlotOwner {
  private readonly slots: KeySlots;
  /** By slot. */
  private entries: (V | undefined)[] = [];

  /** @param parts number of values of every key, at least 1 */
  constructor(parts: number) {
    this.slots = new KeySlots(parts, 0, this);
  }

  get size(): number {
    return this.slots.size;
  }

  /** Sets one part of the key that is looked up; they come one after the other, from 0. */
  part(i: number, value: unknown): void {
    this.slots.part(i, value);
  }

  find(): V | undefined {
    const slot = this.slots.find();
    return slot < 0 ? undefined : this.entries[slot];
  }

  /** Adds a value under the key, which must not be here. */
  add(value: V): void {
    // It may move the entries.
    const slot = this.slots.add();
    this.entries[slot] = value;
  }

  /** Puts another value in the place of the one under the key, which must be here. */
  replace(value: V): void {
    this.entries[this.slots.find()] = value;
  }

  /** Takes out what stands under the key. False where nothing does. */
  remove(): boolean {
    const slot = this.slots.remove();
    if (slot < 0) return false;
    this.entries[slot] = undefined;
    return true;
  }

  /** Takes out all values that do not pass. */
  keep(test: (value: V) => boolean): void {
    const { entries } = this;
    this.slots.keep((slot) => {
      if (test(entries[slot]!)) return true;
      entries[slot] = undefined;
      return false;
    });
  }

  *values(): Iterable<V> {
    for (const value of this.entries) if (value !== undefined) yield value;
  }

  renumber(numbers: Int32Array, count: number): void {
    const { entries } = this;
    for (let old = 0; old < numbers.length; old++)
      if (numbers[old] >= 0) entries[numbers[old]] = entries[old];
    entries.length = count;
  }

  /**
   * Keys and values in their order. `value`: writes one that is here, or makes the one that is read under that key.
   */
  saveOrLoad(state: StateStream, value: (known: V | undefined, keys: readonly unknown[]) => V): void {
    if (state.loading) this.entries = [];
    this.slots.saveOrLoad(state, (slot, keys) => {
      const made = value(this.entries[slot], keys);
      while (this.entries.length < slot) this.entries.push(undefined);
      this.entries[slot] = made;
    });
  }
}
