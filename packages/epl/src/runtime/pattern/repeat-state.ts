import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import type { PatternNodeProgram } from '../../compile/pattern-program.ts';
import { EplError } from '../../errors.ts';
import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';
import { createState } from './create-state.ts';
import { unionEvidence } from './partial-evidence.ts';
import { type PatternContext, type PatternParent, PatternState, sharesEvent } from './pattern-state.ts';

type Program = Extract<PatternNodeProgram, { kind: 'repeat' }>;

/** The places of the two parts. */
const [repeated, until] = [0, 1];

/** `[2:5] a until b`: collects matches of its first part until there are enough or the second part matches. */
export class RepeatState extends PatternState implements PatternParent {
  readonly keepsFilters = true;
  private readonly program: Program;
  private readonly context: PatternContext;
  private begin!: Subject;
  private low: number | undefined;
  private high: number | undefined;
  private count = 0;
  /** Of each tag the events so far; undefined while there are none. */
  private readonly lists: (unknown[] | undefined)[];
  private held = 0;
  /** The collected partial matches, for their evidence only. */
  private readonly evidence: Subject[] = [];
  private operand: PatternState | undefined;
  private until: PatternState | undefined;
  private closed = false;
  /** While its first part is opened. */
  private opening = false;

  constructor(parent: PatternParent, place: number, program: Program, context: PatternContext) {
    super(parent, place);
    this.program = program;
    this.context = context;
    this.lists = program.tags.map(() => undefined);
  }

  start(partial: Subject): void {
    const { program, context } = this;
    this.begin = partial;
    this.low = this.bound(program.low);
    this.high = this.bound(program.high);
    if (this.low !== undefined && this.high !== undefined && this.low > this.high)
      throw new EplError(
        'EPL_EVALUATION',
        `the bounds of a repetition are in the wrong order: ${this.low} is above ${this.high}`,
      );
    this.operand = createState(program.operand, this, repeated, context);
    // Until goes first: an event that fits both ends the repetition and does not count.
    if (program.until !== undefined) {
      this.until = createState(program.until, this, until, context);
      this.until.start(partial);
    }
    if (!this.closed) this.open(this.operand);
  }

  matched(partial: Subject, from: PatternState, ended: boolean): void {
    if (this.closed) return;
    if (from.place === until) {
      if (from !== this.until) return;
      const enough = this.low === undefined || this.count >= this.low;
      this.quit();
      if (enough) this.parent.matched(this.gather(partial), this, true);
      else this.parent.failed(this, true);
      return;
    }
    if (from !== this.operand) return;
    this.count++;
    this.keep(partial);
    if (ended) this.operand = undefined;
    // An exact number ends it; another upper bound only ends the collecting.
    if (this.low === this.high && this.count === this.high) {
      this.quit();
      this.parent.matched(this.gather(partial), this, true);
    } else if (this.high !== undefined && this.count >= this.high) {
      this.operand?.quit();
      this.operand = undefined;
    } else if (this.operand === undefined && !(this.opening && this.high === undefined)) {
      // What matches already while it is opened would match without end, so only an upper bound opens it anew.
      this.operand = createState(this.program.operand, this, repeated, this.context);
      this.open(this.operand);
    }
  }

  private open(operand: PatternState): void {
    const outer = this.opening;
    this.opening = true;
    operand.start(this.begin);
    this.opening = outer;
  }

  failed(from: PatternState): void {
    if (this.closed || (from !== this.operand && from !== this.until)) return;
    this.quit();
    this.parent.failed(this, true);
  }

  quit(): void {
    if (this.closed) return;
    this.closed = true;
    this.operand?.quit();
    this.until?.quit();
    this.context.retain(-this.held);
    this.held = 0;
  }

  discard(events: ReadonlySet<unknown>): void {
    if (this.closed) return;
    const shared =
      sharesEvent(this.begin, events) ||
      this.lists.some((list) => list?.some((event) => events.has(event)) === true);
    if (shared) {
      this.quit();
      this.parent.failed(this, true);
      return;
    }
    this.operand?.discard(events);
    if (!this.closed) this.until?.discard(events);
  }

  override dropOldest(): boolean {
    return this.operand?.dropOldest() === true || this.until?.dropOldest() === true;
  }

  private bound(bound: Evaluator | undefined): number | undefined {
    const value = bound?.(this.begin, null, this.context.environment);
    if (value === undefined || value === null) return undefined;
    const count = Number(value);
    if (count >= 0) return count;
    throw new EplError(
      'EPL_EVALUATION',
      `the bounds of a repetition are whole numbers above 0, not ${count}`,
    );
  }

  private keep(partial: Subject): void {
    const { tags } = this.program;
    const { evidence } = this.context.program;
    tags.forEach((tag, i) => {
      const value = partial[tag];
      if (value === null) return;
      this.lists[i] ??= [];
      // A repetition within this one gives an array.
      const events = Array.isArray(value) ? value : [value];
      this.context.retain(events.length);
      this.held += events.length;
      for (const event of events) this.lists[i].push(event);
    });
    if (evidence === 0) return;
    this.evidence.push(partial);
    if (this.evidence.length > evidence) this.evidence.shift();
  }

  private gather(partial: Subject): Subject {
    const { evidence } = this.context.program;
    const match = this.program.gather(
      partial,
      this.lists.map((list) => list ?? null),
    );
    if (evidence > 0) unionEvidence(match, [...this.evidence, partial], evidence);
    return match;
  }

  saveOrLoad(state: StateStream): void {
    const { program, context } = this;
    this.begin = state.event(this.begin);
    this.low = state.value(this.low);
    this.high = state.value(this.high);
    this.count = state.number(this.count);
    for (const [i, list] of this.lists.entries())
      this.lists[i] = state.flag(list !== undefined)
        ? state.values(list ?? [], list?.length ?? 0)
        : undefined;
    this.held = state.number(this.held);
    const evidence = state.events(this.evidence, this.evidence.length);
    if (state.loading) this.evidence.splice(0, this.evidence.length, ...evidence);
    if (state.flag(this.operand !== undefined)) {
      this.operand ??= createState(program.operand, this, repeated, context);
      this.operand.saveOrLoad(state);
    }
    if (!state.flag(this.until !== undefined)) return;
    if (program.until === undefined) throw new UnfitState('a repetition has no end');
    this.until ??= createState(program.until, this, until, context);
    this.until.saveOrLoad(state);
  }
}
