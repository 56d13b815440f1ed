import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';

/** Slots in their order: a typed array that doubles, and is used again. */
export class SlotList {
  private slots = new Int32Array(smallest);
  private count = 0;

  get length(): number {
    return this.count;
  }

  at(i: number): number {
    return this.slots[i];
  }

  push(slot: number): void {
    if (this.count === this.slots.length) {
      const wider = new Int32Array(this.count * 2);
      wider.set(this.slots);
      this.slots = wider;
    }
    this.slots[this.count++] = slot;
  }

  /** Gives the room of a list that was much longer than this one back. */
  clear(): void {
    if (this.slots.length > smallest && this.count * 8 < this.slots.length)
      this.slots = new Int32Array(this.slots.length >> 1);
    this.count = 0;
  }

  renumber(numbers: Int32Array): void {
    const { slots, count } = this;
    for (let i = 0; i < count; i++) slots[i] = numbers[slots[i]];
  }

  /** @throws UnfitState where a slot is none of the table's */
  saveOrLoad(state: StateStream, isKnown: (slot: number) => boolean): void {
    const slots = state.numbers(this.slots.subarray(0, this.count));
    if (!state.loading) return;
    this.count = 0;
    for (let i = 0; i < slots.length; i++) {
      if (!isKnown(slots[i])) throw new UnfitState('a group is missing');
      this.push(slots[i]);
    }
  }
}

const smallest = 16;
