import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { BatchContent } from './batch-content.ts';
import type { DataWindow } from './data-window.ts';

/** `length_batch`: released when it is full. */
export class LengthBatchWindow implements DataWindow {
  private readonly size: number;
  private readonly content: BatchContent;

  constructor(size: number, content: BatchContent) {
    this.size = size;
    this.content = content;
  }

  insert(event: Subject): void {
    this.content.add(event);
    this.releaseFull();
  }

  /** All of them are released where they fill it. */
  insertTogether(events: readonly Subject[]): void {
    for (const event of events) this.content.add(event);
    this.releaseFull();
  }

  remove(event: Subject): void {
    this.content.remove(event);
  }

  contents(): Iterable<Subject> {
    return this.content.contents();
  }

  stop(): void {}

  private releaseFull(): void {
    if (this.content.collected >= this.size) this.content.release(false);
  }

  saveOrLoad(state: StateStream): void {
    this.content.saveOrLoad(state);
  }
}
