import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing } from './data-window.ts';

/**
 * Several windows on one stream, `retain-intersection`, also where nothing is said: an event that leaves one of them
 * leaves them all. If one of them is a batch, it decides when rows come; what leaves the others before leaves the batch.
 */
export class IntersectionWindow implements DataWindow {
  private readonly windows: readonly DataWindow[];
  private readonly sink: DeltaSink;
  /** The batch among the windows, if any. */
  private readonly batch: number;
  /** Of each window the events that it holds; of a batch, those that it collects. */
  private readonly held: readonly Set<Subject>[];
  /** While an event goes into the windows: what they let go. */
  private lost: Subject[] | undefined;

  constructor(
    create: readonly { readonly batching: boolean; readonly window: (sink: DeltaSink) => DataWindow }[],
    sink: DeltaSink,
  ) {
    this.sink = sink;
    this.batch = create.findIndex(({ batching }) => batching);
    this.held = create.map(() => new Set());
    this.windows = create.map(({ window }, i) =>
      window((entering, leaving, forced) => this.told(i, entering, leaving, forced)),
    );
  }

  insert(event: Subject): void {
    const { windows, held, batch } = this;
    this.lost = [];
    for (const [i, window] of windows.entries()) if (i !== batch) window.insert(event);
    const lost = [...new Set(this.lost)];
    this.lost = undefined;
    const accepted = held.every((events, i) => i === batch || events.has(event) || lost.includes(event));
    // A window that takes no more events keeps them out of the others, too.
    if (!accepted) this.takeOut(event);
    for (const gone of lost) this.takeOut(gone);
    if (batch < 0) {
      if (accepted || lost.length > 0) this.sink(accepted ? [event] : nothing, lost);
    } else if (accepted && !lost.includes(event)) {
      held[batch].add(event);
      windows[batch].insert(event);
    }
  }

  remove(event: Subject): void {
    this.takeOut(event);
  }

  *contents(): Iterable<Subject> {
    const [first] = this.windows;
    if (this.batch >= 0) yield* this.windows[this.batch].contents();
    else yield* first.contents();
  }

  stop(): void {
    for (const window of this.windows) window.stop();
  }

  private told(
    from: number,
    entering: readonly Subject[],
    leaving: readonly Subject[],
    forced: boolean | undefined,
  ): void {
    if (from === this.batch) {
      for (const event of entering) this.held[from].delete(event);
      this.sink(entering, leaving, forced);
      return;
    }
    for (const event of entering) this.held[from].add(event);
    for (const event of leaving) this.held[from].delete(event);
    if (this.lost !== undefined) {
      for (const event of leaving) this.lost.push(event);
      return;
    }
    for (const event of leaving) this.takeOut(event);
    if (this.batch < 0) this.sink(nothing, leaving);
  }

  private takeOut(event: Subject): void {
    for (const [i, events] of this.held.entries()) if (events.delete(event)) this.windows[i].remove(event);
  }

  saveOrLoad(state: StateStream): void {
    for (const window of this.windows) window.saveOrLoad(state);
    for (const events of this.held) state.eventSet(events);
  }
}
