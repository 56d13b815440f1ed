import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';

/** In the place of a slot: the event is in no group, since its keys could not be evaluated. */
export const noSlot = -1;

/** Slots, first in, first out: a ring in a typed array that doubles, and halves when it is nearly empty. */
export class SlotQueue {
  private slots = new Int32Array(smallest);
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(slot: number): void {
    if (this.count === this.slots.length) this.resize(this.count * 2);
    this.slots[(this.head + this.count++) & (this.slots.length - 1)] = slot;
  }

  /** Takes the oldest; there must be one. */
  shift(): number {
    const slot = this.slots[this.head];
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.count--;
    if (this.slots.length > smallest && this.count * 8 < this.slots.length)
      this.resize(this.slots.length >> 1);
    return slot;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.count; i++) yield this.slots[(this.head + i) & (this.slots.length - 1)];
  }

  renumber(numbers: Int32Array): void {
    const { slots, head, count } = this;
    for (let i = 0; i < count; i++) {
      const at = (head + i) & (slots.length - 1);
      if (slots[at] !== noSlot) slots[at] = numbers[slots[at]];
    }
  }

  private resize(size: number): void {
    const { slots, head, count } = this;
    const next = new Int32Array(size);
    for (let i = 0; i < count; i++) next[i] = slots[(head + i) & (slots.length - 1)];
    this.slots = next;
    this.head = 0;
  }

  /** @throws UnfitState where a slot is none of the table's */
  saveOrLoad(state: StateStream, isKnown: (slot: number) => boolean): void {
    const slots = state.numbers([...this]);
    if (!state.loading) return;
    this.slots = new Int32Array(smallest);
    this.head = 0;
    this.count = 0;
    for (let i = 0; i < slots.length; i++) {
      if (slots[i] !== noSlot && !isKnown(slots[i])) throw new UnfitState('a group is missing');
      this.push(slots[i]);
    }
  }
}

const smallest = 16;
