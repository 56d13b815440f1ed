/** First in, first out, without moving what waits: a ring that doubles, and halves when it is nearly empty. */
export class Ring<T extends object> {
  private slots: (T | undefined)[] = new Array(smallest).fill(undefined);
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(item: T): void {
    if (this.count === this.slots.length) this.resize(this.slots.length * 2);
    this.slots[(this.head + this.count++) & (this.slots.length - 1)] = item;
  }

  /** Takes the oldest; there must be one. */
  shift(): T {
    const item = this.slots[this.head]!;
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.count--;
    if (this.slots.length > smallest && this.count * 8 < this.slots.length)
      this.resize(this.slots.length >> 1);
    return item;
  }

  at(index: number): T {
    return this.slots[(this.head + index) & (this.slots.length - 1)]!;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.count; i++) yield this.at(i);
  }

  private resize(size: number): void {
    const { slots, head, count } = this;
    const next: (T | undefined)[] = new Array(size).fill(undefined);
    for (let i = 0; i < count; i++) next[i] = slots[(head + i) & (slots.length - 1)];
    this.slots = next;
    this.head = 0;
  }
}

const smallest = 16;
