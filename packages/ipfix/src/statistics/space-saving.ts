/** Something counted. */
export interface Group<T> {
  readonly key: string | number | bigint;
  readonly value: T;
  /** What it is ordered by. Never less than the true sum; more by `overcount` at most. */
  weight: number;
  overcount: number;
  /** Place in the heap once there is one. */
  slot: number;
}

/**
 * Sums of the heaviest groups of a stream in bounded memory: Space-Saving (A. Metwally, D. Agrawal, A. El Abbadi:
 * Efficient Computation of Frequent and Top-k Elements in Data Streams, ICDT 2005). Up to `capacity` groups are
 * exact. After that a new group takes the place and the weight of the lightest one, so that every group that is
 * heavier than the total divided by `capacity` is there, and no weight is too low.
 */
export interface SpaceSaving<T> {
  /** Adds to a group, which is made where it is not there. */
  add(key: Group<T>['key'], weight: number, create: () => T): Group<T>;
  groups(): Iterable<Group<T>>;
  readonly size: number;
  /** Groups that gave their place to another. */
  readonly replaced: number;
}

export function createSpaceSaving<T>(capacity: number): SpaceSaving<T> {
  const groups = new Map<Group<T>['key'], Group<T>>();
  /** A binary heap, lightest first; made when the capacity is reached, since it is not needed before. */
  const heap: Group<T>[] = [];
  let replaced = 0;

  function place(group: Group<T>, slot: number): void {
    heap[slot] = group;
    group.slot = slot;
  }

  /** Lets a group that has become heavier sink. */
  function sink(group: Group<T>): void {
    let slot = group.slot;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].weight < heap[child].weight) child++;
      if (heap[child].weight >= group.weight) break;
      place(heap[child], slot);
      slot = child;
    }
    place(group, slot);
  }

  function makeHeap(): void {
    for (const group of groups.values()) place(group, heap.length);
    for (let slot = (heap.length >> 1) - 1; slot >= 0; slot--) sink(heap[slot]);
  }

  return {
    add(key, weight, create) {
      const known = groups.get(key);
      if (known !== undefined) {
        known.weight += weight;
        if (heap.length > 0) sink(known);
        return known;
      }
      if (groups.size < capacity) {
        const group = { key, value: create(), weight, overcount: 0, slot: 0 };
        groups.set(key, group);
        return group;
      }
      if (heap.length === 0) makeHeap();
      const lightest = heap[0];
      groups.delete(lightest.key);
      replaced++;
      const group = {
        key,
        value: create(),
        weight: lightest.weight + weight,
        overcount: lightest.weight,
        slot: 0,
      };
      groups.set(key, group);
      sink(group);
      return group;
    },
    groups: () => groups.values(),
    get size() {
      return groups.size;
    },
    get replaced() {
      return replaced;
    },
  };
}
