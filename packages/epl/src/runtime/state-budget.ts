import type { Subject } from '../compile/evaluator.ts';
import { EplError } from '../errors.ts';
import type { Overflow } from './runtime.ts';
import type { StateStream } from './snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing } from './windows/data-window.ts';

/** Something whose oldest part may be given up. */
export interface Expendable {
  /** False where nothing is left to give up. */
  dropOldest(): boolean;
}

/** A window that gives up its oldest events. `sink`: hears of what left; undefined of a batch, which has not told what it collects. */
export const expendableWindow = (window: DataWindow, sink: DeltaSink | undefined): Expendable => ({
  dropOldest() {
    const oldest = firstOf(window.contents());
    if (oldest === undefined) return false;
    window.remove(oldest);
    sink?.(nothing, [oldest]);
    return true;
  },
});

export interface BudgetHost {
  readonly name: string;
  readonly counters: { dropped: number };
  failed(error: unknown): void;
  stop(): void;
}

/** What a statement, or its part in one partition of a context, holds. */
export interface Budget {
  held: number;
  /** Where there is no room, something else is given up. */
  readonly drops: boolean;
  /** While rows are made: nothing may leave the windows then, the next event makes up for it. */
  busy: boolean;
  /** So many more, or fewer. @throws EplError `EPL_LIMIT` where there is no room; then nothing was counted */
  take(count: number): void;
  /** Lets something give up its oldest part where there is no room. */
  mayDrop(expendable: Expendable): void;
  /** It is no more. */
  forget(expendable: Expendable): void;
}

/** Counts the events and groups that a statement holds, and does what was agreed when they become too many. */
export class StateBudget implements Budget {
  held = 0;
  busy = false;
  readonly drops: boolean;
  private readonly most: number;
  private readonly overflow: Overflow;
  private readonly host: BudgetHost;
  /** In the order in which they are asked next. Undefined while there are none: there may be thousands of statements. */
  private expendables: Set<Expendable> | undefined = undefined;
  private told = false;
  /** What is counted, and the name of its limit. */
  private readonly what: string;

  constructor(
    most: number,
    overflow: Overflow,
    host: BudgetHost,
    what = 'events and groups already (maxRetained)',
  ) {
    this.most = most;
    this.overflow = overflow;
    this.drops = overflow === 'drop-oldest';
    this.host = host;
    this.what = what;
  }

  mayDrop(expendable: Expendable): void {
    if (!this.drops) return;
    this.expendables ??= new Set();
    this.expendables.add(expendable);
  }

  /** It is no more. */
  forget(expendable: Expendable): void {
    this.expendables?.delete(expendable);
  }

  take(count: number): void {
    this.held += count;
    if (count <= 0 || this.held <= this.most) return;
    const { expendables } = this;
    if (expendables !== undefined && expendables.size > 0) {
      if (this.busy) return;
      this.tellOnce();
      while (this.held > this.most && this.dropOldest(expendables)) this.host.counters.dropped++;
      if (this.held <= this.most) return;
    }
    this.held -= count;
    if (this.overflow === 'stop-statement') this.host.stop();
    throw new EplError(
      'EPL_LIMIT',
      `${this.text()}${this.overflow === 'stop-statement' ? ': it stops' : ''}`,
    );
  }

  /** Of the windows and patterns in turn. */
  private dropOldest(expendables: Set<Expendable>): boolean {
    for (let tries = expendables.size; tries > 0; tries--) {
      const [expendable] = expendables;
      expendables.delete(expendable);
      expendables.add(expendable);
      const before = this.held;
      if (expendable.dropOldest() && this.held < before) return true;
    }
    return false;
  }

  private tellOnce(): void {
    if (this.told) return;
    this.told = true;
    this.host.failed(new EplError('EPL_LIMIT', `${this.text()}: it gives up the oldest events`));
  }

  private text(): string {
    return `the statement '${this.host.name}' holds ${this.most} ${this.what}`;
  }

  saveOrLoad(state: StateStream): void {
    this.held = state.number(this.held);
    this.told = state.flag(this.told);
  }
}

function firstOf(events: Iterable<Subject>): Subject | undefined {
  for (const event of events) return event;
  return undefined;
}
