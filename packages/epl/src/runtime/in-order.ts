import type { StateStream } from './snapshot/state-stream.ts';
/** Things in the order of their arrival that leave in any order, mostly the oldest first. */
export class InOrder<T> {
  private items: T[] = [];
  /** Items before this place have left. */
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** Takes the oldest that is that thing. */
  remove(item: T): void {
    const at = this.items.indexOf(item, this.head);
    if (at < 0) return;
    if (at > this.head) {
      this.items.splice(at, 1);
      return;
    }
    this.head++;
    if (this.head > 32 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
  }

  /** Counted from the oldest; undefined outside. */
  at(index: number): T | undefined {
    return index < 0 ? undefined : this.items[this.head + index];
  }

  toArray(): T[] {
    return this.items.slice(this.head);
  }

  saveOrLoad(state: StateStream): void {
    const items = state.values(this.toArray(), this.length);
    if (!state.loading) return;
    this.items = items;
    this.head = 0;
  }
}
