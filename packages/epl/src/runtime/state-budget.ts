import type { Subject } from '../compile/evaluator.ts';
import { EplError } from '../errors.ts';
import type { Overflow } from './runtime.ts';
import { type DataWindow, type DeltaSink, nothing } from './windows/data-window.ts';

/** A window whose oldest events may be given up. */
export interface Expendable {
  readonly window: DataWindow;
  /** Hears of what left; undefined of a batch, which has not told what it collects. */
  readonly sink: DeltaSink | undefined;
}

export interface BudgetHost {
  readonly name: string;
  readonly counters: { dropped: number };
  failed(error: unknown): void;
  stop(): void;
}

/** Counts the events and groups that a statement holds, and does what was agreed when they become too many. */
export class StateBudget {
  held = 0;
  /** While rows are made: nothing may leave the windows then, the next event makes up for it. */
  busy = false;
  private readonly most: number;
  private readonly overflow: Overflow;
  private readonly host: BudgetHost;
  private readonly windows: Expendable[] = [];
  private next = 0;
  private told = false;

  constructor(most: number, overflow: Overflow, host: BudgetHost) {
    this.most = most;
    this.overflow = overflow;
    this.host = host;
  }

  /** Makes the events of that window expendable. */
  mayDrop(window: Expendable): void {
    this.windows.push(window);
  }

  /** So many more, or fewer. @throws EplError `EPL_LIMIT` where there is no room; then nothing was counted */
  take(count: number): void {
    this.held += count;
    if (count <= 0 || this.held <= this.most) return;
    if (this.overflow === 'drop-oldest' && this.windows.length > 0) {
      if (this.busy) return;
      this.tellOnce();
      while (this.held > this.most && this.dropOldest()) this.host.counters.dropped++;
      if (this.held <= this.most) return;
    }
    this.held -= count;
    if (this.overflow === 'stop-statement') this.host.stop();
    throw new EplError(
      'EPL_LIMIT',
      `${this.text()}${this.overflow === 'stop-statement' ? ': it stops' : ''}`,
    );
  }

  /** Of the windows in turn. */
  private dropOldest(): boolean {
    for (let tries = 0; tries < this.windows.length; tries++) {
      const { window, sink } = this.windows[this.next];
      this.next = (this.next + 1) % this.windows.length;
      const oldest = firstOf(window.contents());
      if (oldest === undefined) continue;
      const before = this.held;
      window.remove(oldest);
      if (this.held >= before) continue;
      sink?.(nothing, [oldest]);
      return true;
    }
    return false;
  }

  private tellOnce(): void {
    if (this.told) return;
    this.told = true;
    this.host.failed(new EplError('EPL_LIMIT', `${this.text()}: it gives up the oldest events`));
  }

  private text(): string {
    return `the statement '${this.host.name}' holds ${this.most} events and groups already (maxRetained)`;
  }
}

function firstOf(events: Iterable<Subject>): Subject | undefined {
  for (const event of events) return event;
  return undefined;
}
