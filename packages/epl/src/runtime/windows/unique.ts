import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';

/** `unique`: the last event of each key; `firstunique`: the first. */
export class UniqueWindow implements DataWindow {
  private readonly keys: readonly Evaluator[];
  private readonly keepFirst: boolean;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events: NestedMap<Subject>;

  constructor(keys: readonly Evaluator[], keepFirst: boolean, sink: DeltaSink, host: WindowHost) {
    this.keys = keys;
    this.keepFirst = keepFirst;
    this.sink = sink;
    this.host = host;
    this.events = new NestedMap(keys.length);
  }

  insert(event: Subject): void {
    const key = this.keyOf(event);
    const before = this.events.get(key);
    if (before === undefined) this.host.retain(1);
    else if (this.keepFirst) return;
    this.events.set(key, event);
    this.sink([event], before === undefined ? nothing : [before]);
  }

  /** A later event of the key may have taken the place already. */
  remove(event: Subject): void {
    const key = this.keyOf(event);
    if (this.events.get(key) !== event) return;
    this.events.delete(key);
    this.host.retain(-1);
  }

  contents(): Iterable<Subject> {
    return this.events.values();
  }

  stop(): void {}

  private keyOf(event: Subject): unknown[] {
    return this.keys.map((evaluate) => evaluate(event, null, this.host));
  }

  saveOrLoad(state: StateStream): void {
    this.events.saveOrLoad(state, (event) => state.event(event));
  }
}
