import type { GeneratedFlow } from './flow.ts';
import type { Random } from './random.ts';

/** A flow and the second in which the probe exports it. */
export interface ExportedFlow {
  readonly flow: GeneratedFlow;
  /** Seconds since 1970. */
  readonly exportTime: number;
}

/** Joins several sequences, each in order of the flows' start, into one in that order. */
export function* mergeByStart(sequences: readonly Iterable<GeneratedFlow>[]): Generator<GeneratedFlow> {
  const heads = new Heap<{ flow: GeneratedFlow; rest: Iterator<GeneratedFlow> }>(({ flow }) => flow.startMs);
  const pushNext = (rest: Iterator<GeneratedFlow>) => {
    const next = rest.next();
    if (!next.done) heads.push({ flow: next.value, rest });
  };
  for (const sequence of sequences) pushNext(sequence[Symbol.iterator]());
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.flow;
    pushNext(head.rest);
  }
}

/** A probe notices the end of a flow when nothing more came for a while, the inactive timeout. */
const maxInactiveMs = 15_000;

/**
 * The order in which a probe exports flows: by the second in which it noticed their end, so not ordered by their
 * times, as in every real capture. Holds only the flows under way, not the whole traffic.
 */
export function* inExportOrder(
  flowsByStart: Iterable<GeneratedFlow>,
  random: Random,
): Generator<ExportedFlow> {
  const waiting = new Heap<ExportedFlow>(({ exportTime }) => exportTime);
  for (const flow of flowsByStart) {
    while (waiting.size > 0 && waiting.first().exportTime * 1000 < flow.startMs)
      yield waiting.pop() as ExportedFlow;
    waiting.push({ flow, exportTime: Math.ceil((flow.endMs + random.next() * maxInactiveMs) / 1000) });
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) yield next;
}

/** A binary min-heap; items of equal key leave in the order in which they came, so that a seed fixes the order. */
class Heap<T> {
  readonly #key: (item: T) => number;
  readonly #items: { readonly key: number; readonly sequence: number; readonly item: T }[] = [];
  #pushed = 0;

  constructor(key: (item: T) => number) {
    this.#key = key;
  }

  get size(): number {
    return this.#items.length;
  }

  first(): T {
    return this.#items[0].item;
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push({ key: this.#key(item), sequence: this.#pushed++, item });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) break;
      [items[at], items[parent]] = [items[parent], items[at]];
      at = parent;
    }
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return undefined;
    if (items.length > 0) {
      items[0] = last;
      let at = 0;
      for (;;) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) {
          if (child < items.length && this.#before(child, least)) least = child;
        }
        if (least === at) break;
        [items[at], items[least]] = [items[least], items[at]];
        at = least;
      }
    }
    return first.item;
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#items[a], this.#items[b]];
    return left.key < right.key || (left.key === right.key && left.sequence < right.sequence);
  }
}
