import type { Subject } from '../../compile/evaluator.ts';
import type { SlidingContent } from '../counts/sliding-content.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Expendable } from '../state-budget.ts';
import { type DataWindow, nothing, type WindowHost } from './data-window.ts';

/** `length`, whose events nobody looks at again: it keeps how many they are. */
export class CountedLengthWindow implements DataWindow, Expendable {
  private readonly size: number;
  private readonly content: SlidingContent;
  private readonly host: WindowHost;
  private count = 0;

  constructor(size: number, content: SlidingContent, host: WindowHost) {
    this.size = size;
    this.content = content;
    this.host = host;
  }

  insert(event: Subject): void {
    if (this.count === this.size) {
      this.content.change(event, 1);
      return;
    }
    this.host.retain(1);
    this.count++;
    this.content.change(event, 0);
  }

  /** Nothing takes single events out of a window that keeps none. */
  remove(): void {}

  dropOldest(): boolean {
    if (this.count === 0) return false;
    this.count--;
    this.host.retain(-1);
    this.content.change(undefined, 1);
    return true;
  }

  contents(): Iterable<Subject> {
    return nothing;
  }

  stop(): void {}

  saveOrLoad(state: StateStream): void {
    this.content.saveOrLoad(state);
    this.count = state.number(this.count);
  }
}
