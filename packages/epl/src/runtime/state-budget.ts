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

/** What a statement, or its part in one partition of a context, holds. */
export interface Budget {
  held: number;
  /** While rows are made: nothing may leave the windows then, the next event makes up for it. */
  busy: boolean;
  /** So many more, or fewer. @throws EplError `EPL_LIMIT` where there is no room; then nothing was counted */
  take(count: number): void;
  /** Makes the events of that window expendable. */
  mayDrop(window: Expendable): void;
}

/** Counts the events and groups that a statement holds, and does what was agreed when they become too many. */
export class StateBudget implements Budget {
  held = 0;
  busy = false;
  private readonly most: number;
  private readonly overflow: Overflow;
  private readonly host: BudgetHost;
  /** In the order in which they are asked next. */
  private readonly windows = new Set<Expendable>();
  private told = false;

  constructor(most: number, overflow: Overflow, host: BudgetHost) {
    this.most = most;
    this.overflow = overflow;
    this.host = host;
  }

  mayDrop(window: Expendable): void {
    if (this.overflow === 'drop-oldest') this.windows.add(window);
  }

  /** The window is no more. */
  forget(window: Expendable): void {
    this.windows.delete(window);
  }

  take(count: number): void {
    this.held += count;
    if (count <= 0 || this.held <= this.most) return;
    if (this.windows.size > 0) {
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
    for (let tries = this.windows.size; tries > 0; tries--) {
      const [expendable] = this.windows;
      const { window, sink } = expendable;
      this.windows.delete(expendable);
      this.windows.add(expendable);
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
