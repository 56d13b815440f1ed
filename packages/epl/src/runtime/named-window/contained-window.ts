import type { ContainedEvents } from '../../compile/contained-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from '../windows/data-window.ts';

/**
 * `W[items]`: the events inside of the rows of a named window. They leave with their row, and are then the very events
 * that came with it.
 */
export class ContainedWindow implements DataWindow {
  private readonly inside: ContainedEvents;
  private readonly window: DataWindow;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  /** Of each row what came with it. */
  private readonly held = new Map<Subject, readonly Subject[]>();

  constructor(
    inside: ContainedEvents,
    rows: (sink: DeltaSink) => DataWindow,
    sink: DeltaSink,
    host: WindowHost,
  ) {
    this.inside = inside;
    this.sink = sink;
    this.host = host;
    this.window = rows((entering, leaving) => this.change(entering, leaving));
  }

  /** Rows come in through the named window only. */
  insert(): void {}

  /** Rows leave through the named window only. */
  remove(): void {}

  *contents(): Iterable<Subject> {
    for (const row of this.window.contents()) yield* this.held.get(row) ?? this.expand(row);
  }

  stop(): void {
    this.window.stop();
    this.held.clear();
  }

  private change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    const left = leaving.flatMap((row) => this.release(row));
    const entered = entering.flatMap((row) => this.hold(row));
    if (entered.length > 0 || left.length > 0) this.sink(entered, left);
  }

  private hold(row: Subject): readonly Subject[] {
    const events = this.expand(row);
    this.host.retain(events.length);
    this.held.set(row, events);
    return events;
  }

  private release(row: Subject): readonly Subject[] {
    const events = this.held.get(row);
    if (events === undefined) return nothing;
    this.held.delete(row);
    this.host.retain(-events.length);
    return events;
  }

  private expand(row: Subject): readonly Subject[] {
    return this.inside(row, this.host) ?? nothing;
  }

  saveOrLoad(state: StateStream): void {
    const known = [...this.held];
    const count = state.count(known.length);
    if (state.loading) this.held.clear();
    for (let i = 0; i < count; i++) {
      const [row, events] = known[i] ?? [];
      const kept = state.event(row);
      const inner = state.events(events ?? nothing, state.count(events?.length ?? 0));
      if (state.loading) this.held.set(kept, inner);
    }
  }
}
