import type { Subject } from '../../compile/evaluator.ts';
import { type DataWindow, type DeltaSink, nothing } from './data-window.ts';

/** Makes one delta of what a window tells while several events enter together. */
export class DeltaGathering {
  private readonly sink: DeltaSink;
  private entering: Subject[] = [];
  private leaving: Subject[] = [];
  private open = false;

  constructor(sink: DeltaSink) {
    this.sink = sink;
  }

  /** For the window. */
  readonly take: DeltaSink = (entering, leaving, forced) => {
    if (!this.open) {
      this.sink(entering, leaving, forced);
      return;
    }
    this.entering.push(...entering);
    this.leaving.push(...leaving);
  };

  /** Puts the events into the window. `reportsNothing`: no events are a delta of their own. */
  insert(events: readonly Subject[], window: DataWindow, reportsNothing: boolean): void {
    this.open = true;
    try {
      if (window.insertTogether !== undefined) window.insertTogether(events);
      else for (const event of events) window.insert(event);
    } finally {
      const { entering, leaving } = this;
      this.open = false;
      this.entering = [];
      this.leaving = [];
      const empty = entering.length === 0 && leaving.length === 0;
      if (!empty) this.sink(entering, leaving);
      else if (events.length === 0 && reportsNothing) this.sink(nothing, nothing, true);
    }
  }
}
