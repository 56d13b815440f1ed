import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import type { RankPlan } from '../../plan/window-plan.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { SortedEvents } from './sorted-events.ts';

/**
 * `rank`: the first keys by an order, so many, each with its latest event. An event takes the place of the one with
 * its key; beyond the size the last one leaves, which may be the new event itself.
 */
export class RankWindow implements DataWindow {
  private readonly size: number;
  private readonly keys: readonly Evaluator[];
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly byKey: NestedMap<Subject>;
  private readonly events: SortedEvents;

  constructor(
    plan: RankPlan,
    keys: readonly Evaluator[],
    order: readonly Evaluator[],
    sink: DeltaSink,
    host: WindowHost,
  ) {
    this.size = plan.size;
    this.keys = keys;
    this.sink = sink;
    this.host = host;
    this.byKey = new NestedMap(keys.length);
    this.events = new SortedEvents(plan.order, order, 'behind-equals', host);
  }

  insert(event: Subject): void {
    const { byKey, events, host } = this;
    const key = this.keyOf(event);
    const before = byKey.get(key);
    if (before !== undefined) events.remove(before);
    events.add(event);
    byKey.set(key, event);
    if (before !== undefined) this.sink([event], [before]);
    else if (events.length <= this.size) {
      host.retain(1);
      this.sink([event], nothing);
    } else {
      const last = events.takeOldestOfLast();
      byKey.delete(this.keyOf(last));
      this.sink([event], [last]);
    }
  }

  remove(event: Subject): void {
    this.events.remove(event);
    this.byKey.delete(this.keyOf(event));
    this.host.retain(-1);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {}

  private keyOf(event: Subject): unknown[] {
    return this.keys.map((evaluate) => evaluate(event, null, this.host));
  }

  saveOrLoad(state: StateStream): void {
    this.byKey.saveOrLoad(state, (event) => state.event(event));
    this.events.saveOrLoad(state);
  }
}
