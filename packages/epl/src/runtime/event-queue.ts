import type { Subject } from '../compile/evaluator.ts';

/** First in, first out, without moving what waits: a ring that doubles. */
export class EventQueue {
  private ring: (Subject | undefined)[] = new Array(16).fill(undefined);
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(event: Subject): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count++) & (this.ring.length - 1)] = event;
  }

  /** Takes the oldest; there must be one. */
  shift(): Subject {
    const event = this.ring[this.head]!;
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count--;
    return event;
  }

  at(index: number): Subject {
    return this.ring[(this.head + index) & (this.ring.length - 1)]!;
  }

  *[Symbol.iterator](): Iterator<Subject> {
    for (let i = 0; i < this.count; i++) yield this.at(i);
  }

  private grow(): void {
    const { ring, head, count } = this;
    const next: (Subject | undefined)[] = new Array(ring.length * 2).fill(undefined);
    for (let i = 0; i < count; i++) next[i] = ring[(head + i) & (ring.length - 1)];
    this.ring = next;
    this.head = 0;
  }
}
