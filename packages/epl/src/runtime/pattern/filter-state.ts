import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { unionEvidence } from './partial-evidence.ts';
import { type PatternContext, type PatternParent, PatternState, sharesEvent } from './pattern-state.ts';
import type { Wait, WaitTable } from './wait-table.ts';

/** Waits for an event that passes a filter. */
export class FilterState extends PatternState implements Wait {
  begin!: Subject;
  waiting = false;
  /** In the {@link WaitTable}: what it is filed by, and its neighbours there. */
  key: unknown = undefined;
  order = 0;
  previousWait: Wait | undefined = undefined;
  nextWait: Wait | undefined = undefined;
  private readonly table: WaitTable;

  constructor(parent: PatternParent, place: number, filter: number, context: PatternContext) {
    super(parent, place);
    this.table = context.tables[filter];
  }

  override get staysOpen(): boolean {
    return true;
  }

  /** The level of `@consume`; 0 without it. */
  get consume(): number {
    return this.table.program.plan.consume ?? 0;
  }

  start(partial: Subject): void {
    this.begin = partial;
    this.waiting = true;
    this.table.add(this);
  }

  /** An event that it waited for. */
  take(event: Subject): void {
    // Closed by what the same event has done elsewhere in the pattern.
    if (!this.waiting) return;
    const { begin, parent } = this;
    const partial = this.table.extend(begin, event);
    const { evidence } = this.table.context.program;
    if (evidence > 0) unionEvidence(partial, [begin, event], evidence);
    const stays = parent.keepsFilters;
    if (!stays) this.quit();
    parent.matched(partial, this, !stays);
  }

  quit(): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.table.remove(this);
  }

  discard(events: ReadonlySet<unknown>): void {
    if (!this.waiting || !sharesEvent(this.begin, events)) return;
    this.quit();
    this.parent.failed(this, true);
  }

  saveOrLoad(state: StateStream): void {
    this.begin = state.event(this.begin);
    this.waiting = state.flag(this.waiting);
    this.key = state.value(this.key);
    this.order = state.number(this.order);
    state.introduce(this);
  }
}
