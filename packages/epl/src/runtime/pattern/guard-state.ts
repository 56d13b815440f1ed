import type { Subject } from '../../compile/evaluator.ts';
import type { PatternNodeProgram } from '../../compile/pattern-program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { createState } from './create-state.ts';
import { type PatternContext, type PatternParent, PatternState } from './pattern-state.ts';
import { TimedState } from './timed-state.ts';

type Within = Extract<PatternNodeProgram, { kind: 'within' }>;
type While = Extract<PatternNodeProgram, { kind: 'while' }>;

/** `a where timer:within(5 sec)`, `a where timer:withinmax(5 sec, 3)`: fails when the time is over, or after so many matches. */
export class WithinState extends TimedState implements PatternParent {
  readonly keepsFilters = false;
  private readonly program: Within;
  private guarded: PatternState | undefined = undefined;
  /** How many matches it lets pass yet. */
  private left = Number.MAX_SAFE_INTEGER;

  constructor(parent: PatternParent, place: number, program: Within, context: PatternContext) {
    super(parent, place, context);
    this.program = program;
  }

  start(partial: Subject): void {
    const { program, context } = this;
    const most = program.most?.(partial, null, context.environment);
    if (most !== undefined && most !== null) this.left = Number(most);
    const guarded = createState(program.operand, this, 0, context);
    this.guarded = guarded;
    // Before its part: of two timers that fall due together the guard runs first.
    this.startTimer(program.duration, partial);
    guarded.start(partial);
  }

  matched(partial: Subject, from: PatternState, ended: boolean): void {
    if (from !== this.guarded) return;
    if (ended) {
      this.guarded = undefined;
      this.stopTimer();
    }
    if (this.left-- <= 0) this.end();
    else this.parent.matched(partial, this, ended);
  }

  failed(from: PatternState): void {
    if (from !== this.guarded) return;
    from.quit();
    this.guarded = undefined;
    this.stopTimer();
    this.parent.failed(this, true);
  }

  onTimer(): void {
    this.cancelled = true;
    this.end();
  }

  quit(): void {
    this.stopTimer();
    const { guarded } = this;
    this.guarded = undefined;
    guarded?.quit();
  }

  discard(events: ReadonlySet<unknown>): void {
    // What it guards began with the same partial match.
    this.guarded?.discard(events);
  }

  override dropOldest(): boolean {
    return this.guarded?.dropOldest() === true;
  }

  private end(): void {
    this.quit();
    this.parent.failed(this, true);
  }

  saveOrLoad(state: StateStream): void {
    this.left = state.number(this.left);
    this.saveOrLoadTimer(state);
    if (!state.flag(this.guarded !== undefined)) return;
    this.guarded ??= createState(this.program.operand, this, 0, this.context);
    this.guarded.saveOrLoad(state);
  }
}

/** `a while (a.x > 1)`: fails at the first match for which the condition is not true. */
export class WhileState extends PatternState implements PatternParent {
  readonly keepsFilters = false;
  private readonly program: While;
  private readonly context: PatternContext;
  private guarded: PatternState | undefined = undefined;

  constructor(parent: PatternParent, place: number, program: While, context: PatternContext) {
    super(parent, place);
    this.program = program;
    this.context = context;
  }

  start(partial: Subject): void {
    const guarded = createState(this.program.operand, this, 0, this.context);
    this.guarded = guarded;
    guarded.start(partial);
  }

  matched(partial: Subject, from: PatternState, ended: boolean): void {
    if (from !== this.guarded) return;
    if (ended) this.guarded = undefined;
    if (this.program.condition(partial, null, this.context.environment) === true)
      this.parent.matched(partial, this, ended);
    else {
      this.quit();
      this.parent.failed(this, true);
    }
  }

  failed(from: PatternState): void {
    if (from !== this.guarded) return;
    from.quit();
    this.guarded = undefined;
    this.parent.failed(this, true);
  }

  quit(): void {
    const { guarded } = this;
    this.guarded = undefined;
    guarded?.quit();
  }

  discard(events: ReadonlySet<unknown>): void {
    this.guarded?.discard(events);
  }

  override dropOldest(): boolean {
    return this.guarded?.dropOldest() === true;
  }

  saveOrLoad(state: StateStream): void {
    if (!state.flag(this.guarded !== undefined)) return;
    this.guarded ??= createState(this.program.operand, this, 0, this.context);
    this.guarded.saveOrLoad(state);
  }
}
