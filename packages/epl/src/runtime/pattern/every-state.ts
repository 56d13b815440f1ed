import type { Subject } from '../../compile/evaluator.ts';
import type { PatternNodeProgram } from '../../compile/pattern-program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { createState } from './create-state.ts';
import { type PatternContext, type PatternParent, PatternState, sharesEvent } from './pattern-state.ts';
import { StateList } from './state-list.ts';

/** `every a`: opens its part anew whenever it matches or fails. */
export class EveryState extends PatternState implements PatternParent {
  readonly keepsFilters = true;
  protected readonly open = new StateList();
  protected begin!: Subject;
  private readonly operand: PatternNodeProgram;
  private readonly context: PatternContext;
  private size = 0;
  /** The part that is being opened, and whether it has matched or failed in the course of that. */
  private starting: PatternState | undefined = undefined;
  private settled = false;
  private closed = false;

  constructor(parent: PatternParent, place: number, operand: PatternNodeProgram, context: PatternContext) {
    super(parent, place);
    this.operand = operand;
    this.context = context;
  }

  start(partial: Subject): void {
    this.begin = partial;
    this.openAnew();
  }

  matched(partial: Subject, from: PatternState, ended: boolean): void {
    if (from === this.starting) {
      this.settled = true;
      return;
    }
    if (this.closed || !from.listed) return;
    if (ended) this.close(from);
    if (!from.staysOpen) this.openAnew();
    if (this.passes(partial)) this.parent.matched(partial, this, false);
  }

  failed(from: PatternState, restartable: boolean): void {
    if (from === this.starting || this.closed || !from.listed) return;
    from.quit();
    this.close(from);
    if (restartable) this.openAnew();
    else if (this.open.first === undefined) this.parent.failed(this, false);
  }

  quit(): void {
    this.closed = true;
    for (const state of this.open.toArray()) {
      state.quit();
      this.close(state);
    }
  }

  discard(events: ReadonlySet<unknown>): void {
    if (sharesEvent(this.begin, events)) {
      this.quit();
      this.parent.failed(this, true);
      return;
    }
    for (const state of this.open.toArray()) if (state.listed) state.discard(events);
  }

  override dropOldest(): boolean {
    for (let state = this.open.first; state !== undefined; state = state.next)
      if (state.dropOldest()) return true;
    const { first } = this.open;
    if (this.size < 2 || first === undefined) return false;
    first.quit();
    this.close(first);
    return true;
  }

  /** Whether a match of the part is one of the whole. */
  protected passes(_partial: Subject): boolean {
    return true;
  }

  /** What matches already while it is opened, as `not` does, would match without end: it is closed instead. */
  protected openAnew(): void {
    // Where the part goes on after a match, as in `every (every a)`, there are more and more of it.
    if (this.size > 0) {
      if (!this.context.openPartial()) return;
      // Room was made by closing this very state.
      if (this.closed) {
        this.context.closePartial();
        return;
      }
    }
    const state = createState(this.operand, this, 0, this.context);
    this.open.add(state);
    this.size++;
    const outer = { starting: this.starting, settled: this.settled };
    this.starting = state;
    this.settled = false;
    state.start(this.begin);
    const { settled } = this;
    this.starting = outer.starting;
    this.settled = outer.settled;
    if (!settled) return;
    state.quit();
    this.close(state);
  }

  private close(state: PatternState): void {
    if (this.open.remove(state) && --this.size > 0) this.context.closePartial();
  }

  saveOrLoad(state: StateStream): void {
    this.begin = state.event(this.begin);
    const count = state.count(this.size);
    if (!state.loading) {
      for (const open of this.open.toArray()) open.saveOrLoad(state);
      return;
    }
    for (let i = 0; i < count; i++) {
      const open = createState(this.operand, this, 0, this.context);
      this.open.add(open);
      this.size++;
      open.saveOrLoad(state);
    }
  }
}
