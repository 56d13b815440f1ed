import type { Environment, Evaluator, Subject } from '../../compile/evaluator.ts';
import type { SortKey } from '../../plan/window-plan.ts';
import { compareKeys } from '../row-order.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

interface Entry {
  readonly event: Subject;
  readonly keys: readonly unknown[];
}

/** Events in the order of some keys of theirs. */
export class SortedEvents {
  private readonly order: readonly SortKey[];
  private readonly keys: readonly Evaluator[];
  private readonly beforeEquals: boolean;
  private readonly environment: Environment;
  private readonly entries: Entry[] = [];

  constructor(
    order: readonly SortKey[],
    keys: readonly Evaluator[],
    ties: 'before-equals' | 'behind-equals',
    environment: Environment,
  ) {
    this.order = order;
    this.keys = keys;
    this.beforeEquals = ties === 'before-equals';
    this.environment = environment;
  }

  get length(): number {
    return this.entries.length;
  }

  add(event: Subject): void {
    const keys = this.keysOf(event);
    this.entries.splice(this.place(keys, this.beforeEquals), 0, { event, keys });
  }

  takeLast(): Subject {
    return this.entries.pop()!.event;
  }

  /** Takes the oldest of the events that share the last place: behind its equals stands the newest. */
  takeOldestOfLast(): Subject {
    const { keys } = this.entries[this.entries.length - 1];
    return this.entries.splice(this.place(keys, true), 1)[0].event;
  }

  remove(event: Subject): void {
    const { entries } = this;
    for (let at = this.place(this.keysOf(event), true); at < entries.length; at++) {
      if (entries[at].event !== event) continue;
      entries.splice(at, 1);
      return;
    }
  }

  *[Symbol.iterator](): Iterator<Subject> {
    for (const { event } of this.entries) yield event;
  }

  private keysOf(event: Subject): unknown[] {
    return this.keys.map((evaluate) => evaluate(event, null, this.environment));
  }

  /** The first place whose keys are not before these, or not before and not equal to these. */
  private place(keys: readonly unknown[], beforeEquals: boolean): number {
    const { entries, order } = this;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const comparison = compareKeys(entries[middle].keys, keys, order);
      if (comparison < 0 || (comparison === 0 && !beforeEquals)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  saveOrLoad(state: StateStream): void {
    const { entries } = this;
    const events = state.events(this, entries.length);
    const keys = state.values(
      entries.flatMap((entry) => entry.keys),
      entries.length * this.keys.length,
    );
    if (!state.loading) return;
    entries.length = 0;
    for (const [i, event] of events.entries())
      entries.push({ event, keys: keys.slice(i * this.keys.length, (i + 1) * this.keys.length) });
  }
}
