import type { Subject } from '../../compile/evaluator.ts';
import type { DurationProgram } from '../../compile/pattern-program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { unionEvidence } from './partial-evidence.ts';
import { type PatternContext, type PatternParent, sharesEvent } from './pattern-state.ts';
import { TimedState } from './timed-state.ts';
import type { Wait, WaitTable } from './wait-table.ts';

/**
 * `b=Alert where timer:within(5 sec)`: a filter and its guard in one object, since what waits for one event for a limited
 * time is what most patterns have very many of.
 */
export class GuardedFilterState extends TimedState implements Wait {
  begin!: Subject;
  key: unknown = undefined;
  order = 0;
  previousWait: Wait | undefined = undefined;
  nextWait: Wait | undefined = undefined;
  private readonly table: WaitTable;
  private readonly duration: DurationProgram;

  constructor(
    parent: PatternParent,
    place: number,
    filter: number,
    duration: DurationProgram,
    context: PatternContext,
  ) {
    super(parent, place, context);
    this.table = context.tables[filter];
    this.duration = duration;
  }

  get consume(): number {
    return this.table.program.plan.consume ?? 0;
  }

  start(partial: Subject): void {
    this.begin = partial;
    this.startTimer(this.duration, partial);
    this.table.add(this);
  }

  take(event: Subject): void {
    // Closed by what the same event has done elsewhere in the pattern.
    if (this.cancelled) return;
    const { begin, table } = this;
    const partial = table.extend(begin, event);
    const { evidence } = this.context.program;
    if (evidence > 0) unionEvidence(partial, [begin, event], evidence);
    this.quit();
    this.parent.matched(partial, this, true);
  }

  onTimer(): void {
    this.cancelled = true;
    this.table.remove(this);
    this.parent.failed(this, true);
  }

  quit(): void {
    if (this.cancelled) return;
    this.stopTimer();
    this.table.remove(this);
  }

  discard(events: ReadonlySet<unknown>): void {
    if (this.cancelled || !sharesEvent(this.begin, events)) return;
    this.quit();
    this.parent.failed(this, true);
  }

  saveOrLoad(state: StateStream): void {
    this.begin = state.event(this.begin);
    this.key = state.value(this.key);
    this.order = state.number(this.order);
    this.saveOrLoadTimer(state);
    state.introduce(this);
  }
}
