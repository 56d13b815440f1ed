import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing } from './data-window.ts';

/**
 * Several windows on one stream, `retain-union`: an event leaves when the last of them lets it go. It is told on
 * arrival, also where a batch is among them.
 */
export class UnionWindow implements DataWindow {
  private readonly windows: readonly DataWindow[];
  private readonly sink: DeltaSink;
  private readonly holders: readonly { readonly batching: boolean; readonly events: Set<Subject> }[];
  /** All that at least one window holds, in order of arrival. */
  private readonly standing = new Set<Subject>();
  /** While an event goes into the windows: what they let go. */
  private lost: Subject[] | undefined;

  constructor(
    create: readonly { readonly batching: boolean; readonly window: (sink: DeltaSink) => DataWindow }[],
    sink: DeltaSink,
  ) {
    this.sink = sink;
    this.holders = create.map(({ batching }) => ({ batching, events: new Set() }));
    this.windows = create.map(({ window }, i) =>
      window((entering, leaving) => this.told(i, entering, leaving)),
    );
  }

  insert(event: Subject): void {
    this.lost = [];
    for (const [i, window] of this.windows.entries()) {
      if (this.holders[i].batching) this.holders[i].events.add(event);
      window.insert(event);
    }
    const accepted = this.isHeld(event) || this.lost.includes(event);
    if (accepted) this.standing.add(event);
    const gone = this.released(this.lost);
    this.lost = undefined;
    if (accepted || gone.length > 0) this.sink(accepted ? [event] : nothing, gone);
  }

  remove(event: Subject): void {
    this.standing.delete(event);
    for (const [i, { events }] of this.holders.entries())
      if (events.delete(event)) this.windows[i].remove(event);
  }

  contents(): Iterable<Subject> {
    return this.standing;
  }

  stop(): void {
    for (const window of this.windows) window.stop();
  }

  private told(from: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    const { batching, events } = this.holders[from];
    if (!batching) for (const event of entering) events.add(event);
    for (const event of leaving) events.delete(event);
    if (this.lost !== undefined) {
      for (const event of leaving) this.lost.push(event);
      return;
    }
    const gone = this.released(leaving);
    if (gone.length > 0) this.sink(nothing, gone);
  }

  /** Those that no window holds any more. */
  private released(lost: readonly Subject[]): readonly Subject[] {
    return lost.filter((event) => !this.isHeld(event) && this.standing.delete(event));
  }

  private isHeld(event: Subject): boolean {
    return this.holders.some(({ events }) => events.has(event));
  }

  saveOrLoad(state: StateStream): void {
    for (const window of this.windows) window.saveOrLoad(state);
    for (const { events } of this.holders) state.eventSet(events);
    state.eventSet(this.standing);
  }
}
