import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import type { SortKey } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { SortedEvents } from './sorted-events.ts';

/**
 * `sort`: the first events by an order, so many. A new event stands before its equals; the last one leaves, which may
 * be the new event itself: then it is told as new and as old in one change.
 */
export class SortWindow implements DataWindow {
  private readonly size: number;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events: SortedEvents;

  constructor(
    plan: { readonly size: number; readonly order: readonly SortKey[] },
    keys: readonly Evaluator[],
    sink: DeltaSink,
    host: WindowHost,
  ) {
    this.size = plan.size;
    this.sink = sink;
    this.host = host;
    this.events = new SortedEvents(plan.order, keys, 'before-equals', host);
  }

  insert(event: Subject): void {
    const { events } = this;
    events.add(event);
    if (events.length <= this.size) {
      this.host.retain(1);
      this.sink([event], nothing);
    } else this.sink([event], [events.takeLast()]);
  }

  remove(event: Subject): void {
    this.events.remove(event);
    this.host.retain(-1);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {}

  saveOrLoad(state: StateStream): void {
    this.events.saveOrLoad(state);
  }
}
