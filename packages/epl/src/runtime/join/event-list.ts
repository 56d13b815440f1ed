import type { Subject } from '../../compile/evaluator.ts';

/** Events in the order in which they came, of which mostly the first one leaves. */
export class EventList {
  private items: (Subject | undefined)[];
  private head = 0;

  constructor(first: Subject, second: Subject) {
    this.items = [first, second];
  }

  get length(): number {
    return this.items.length - this.head;
  }

  at(index: number): Subject {
    return this.items[this.head + index]!;
  }

  push(event: Subject): void {
    this.items.push(event);
  }

  /** Takes the event out, where it is here. */
  remove(event: Subject): void {
    const { items, head } = this;
    const at = items[head] === event ? head : items.indexOf(event, head);
    if (at < 0) return;
    if (at > head) {
      items.splice(at, 1);
      return;
    }
    items[head] = undefined;
    this.head++;
    if (this.head * 2 < items.length) return;
    this.items = items.slice(this.head);
    this.head = 0;
  }
}
