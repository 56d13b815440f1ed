import { EplError } from '../errors.ts';

/**
 * What waits to be handled, first in, first out. Rows for named windows wait in a line of their own, which is served
 * before the other.
 */
export class WorkQueue<T> {
  private readonly most: number;
  private readonly front = new Line<T>();
  private readonly back = new Line<T>();

  /** @param most how many may wait at a time */
  constructor(most: number) {
    this.most = most;
  }

  get length(): number {
    return this.front.length + this.back.length;
  }

  /** Whether something waits in the line that is served first. */
  get isUrgent(): boolean {
    return this.front.length > 0;
  }

  /** @throws EplError `EPL_LIMIT` */
  push(item: T, urgent: boolean): void {
    if (this.length >= this.most)
      throw new EplError('EPL_LIMIT', `more than ${this.most} inserted rows wait (maxQueuedRows)`);
    (urgent ? this.front : this.back).push(item);
  }

  /** The next; there must be one. */
  shift(): T {
    return (this.front.length > 0 ? this.front : this.back).shift();
  }
}

/** Gives back the memory of what was taken after so many items. */
const longestHead = 1024;

class Line<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T {
    const item = this.items[this.head++];
    if (this.head === this.items.length || this.head === longestHead) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}
