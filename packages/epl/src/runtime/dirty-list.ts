/** What may have something to do when the current event or the timers are done. */
export interface DirtyItem<T> {
  /** The one that came behind it in the list. */
  nextDirty: T | undefined;
}

/** First come, first served. Linked through the items themselves, so that nothing is allocated; each may stand in one. */
export class DirtyList<T extends DirtyItem<T>> {
  private first: T | undefined = undefined;
  private last: T | undefined = undefined;

  get isEmpty(): boolean {
    return this.first === undefined;
  }

  add(item: T): void {
    if (this.last === undefined) this.first = item;
    else this.last.nextDirty = item;
    this.last = item;
  }

  /** The next one, which may be added again at once. */
  take(): T | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    this.first = first.nextDirty;
    if (this.first === undefined) this.last = undefined;
    else first.nextDirty = undefined;
    return first;
  }
}
