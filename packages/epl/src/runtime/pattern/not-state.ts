import type { Subject } from '../../compile/evaluator.ts';
import type { PatternNodeProgram } from '../../compile/pattern-program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { createState } from './create-state.ts';
import { type PatternContext, type PatternParent, PatternState } from './pattern-state.ts';

/** `not a`: matches at once, and fails when its part matches and ends. */
export class NotState extends PatternState implements PatternParent {
  readonly keepsFilters = false;
  private watched: PatternState | undefined;

  constructor(parent: PatternParent, place: number, operand: PatternNodeProgram, context: PatternContext) {
    super(parent, place);
    this.watched = createState(operand, this, 0, context);
  }

  override get isNegation(): boolean {
    return true;
  }

  start(partial: Subject): void {
    this.watched!.start(partial);
    if (this.watched !== undefined) this.parent.matched(partial, this, false);
  }

  matched(_partial: Subject, _from: PatternState, ended: boolean): void {
    // What goes on matching, such as `every a`, never makes a `not` false.
    if (!ended || this.watched === undefined) return;
    this.watched = undefined;
    this.parent.failed(this, true);
  }

  /** From now on it stays true. */
  failed(from: PatternState): void {
    from.quit();
    this.watched = undefined;
  }

  quit(): void {
    this.watched?.quit();
    this.watched = undefined;
  }

  discard(events: ReadonlySet<unknown>): void {
    this.watched?.discard(events);
  }

  saveOrLoad(state: StateStream): void {
    if (state.flag(this.watched !== undefined)) this.watched?.saveOrLoad(state);
    else this.watched = undefined;
  }
}
