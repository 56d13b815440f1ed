import type { Subject } from '../../compile/evaluator.ts';
import type { PatternNodeProgram } from '../../compile/pattern-program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { createState } from './create-state.ts';
import { unionEvidence } from './partial-evidence.ts';
import { type PatternContext, type PatternParent, PatternState, sharesEvent } from './pattern-state.ts';

/** `a and b`: matches with every combination of a match of each part; what one part has matched is kept for the others. */
export class AndState extends PatternState implements PatternParent {
  readonly keepsFilters = false;
  private readonly context: PatternContext;
  private parts: (PatternState | undefined)[];
  /** What each part has matched. */
  private readonly known: Subject[][];
  private begin!: Subject;
  private closed = false;

  constructor(
    parent: PatternParent,
    place: number,
    operands: readonly PatternNodeProgram[],
    context: PatternContext,
  ) {
    super(parent, place);
    this.context = context;
    this.parts = operands.map((operand, i) => createState(operand, this, i, context));
    this.known = operands.map(() => []);
  }

  start(partial: Subject): void {
    this.begin = partial;
    for (const part of [...this.parts]) if (!this.closed) part!.start(partial);
  }

  matched(partial: Subject, from: PatternState, ended: boolean): void {
    const { place } = from;
    if (this.closed || this.parts[place] !== from) return;
    if (ended) this.parts[place] = undefined;
    this.context.retain(1);
    this.known[place].push(partial);
    if (this.known.some((matches) => matches.length === 0)) return;
    // Nothing but `not` is left to wait for, and that only watches.
    const done = this.parts.every((part) => part === undefined || part.isNegation);
    const combinations = this.combinations(partial, place);
    if (done) this.quit();
    for (const combination of combinations) this.parent.matched(combination, this, done);
  }

  failed(from: PatternState): void {
    if (this.closed || this.parts[from.place] !== from) return;
    this.quit();
    this.parent.failed(this, true);
  }

  quit(): void {
    if (this.closed) return;
    this.closed = true;
    for (const part of this.parts) part?.quit();
    for (const matches of this.known) this.context.retain(-matches.length);
  }

  discard(events: ReadonlySet<unknown>): void {
    if (this.closed) return;
    const shared =
      sharesEvent(this.begin, events) ||
      this.known.some((matches) => matches.some((match) => sharesEvent(match, events)));
    if (shared) {
      this.quit();
      this.parent.failed(this, true);
      return;
    }
    for (const part of [...this.parts]) if (!this.closed) part?.discard(events);
  }

  override dropOldest(): boolean {
    return this.parts.some((part) => part?.dropOldest() === true);
  }

  /** The match together with one of each other part, the first part varying slowest. */
  private combinations(partial: Subject, place: number): Subject[] {
    const { program } = this.context;
    let found: Subject[] = [partial];
    this.known.forEach((matches, i) => {
      if (i === place) return;
      found = found.flatMap((one) =>
        matches.map((other) => {
          const merged = program.merge(one, other);
          if (program.evidence > 0) unionEvidence(merged, [one, other], program.evidence);
          return merged;
        }),
      );
    });
    return found;
  }

  saveOrLoad(state: StateStream): void {
    this.begin = state.event(this.begin);
    saveOrLoadParts(state, this.parts);
    for (const [i, matches] of this.known.entries()) this.known[i] = state.events(matches, matches.length);
  }
}

/** The parts that have not ended. */
function saveOrLoadParts(state: StateStream, parts: (PatternState | undefined)[]): void {
  for (const [i, part] of parts.entries())
    if (state.flag(part !== undefined)) part?.saveOrLoad(state);
    else parts[i] = undefined;
}

/** `a or b`: the first part that ends by matching ends the other. */
export class OrState extends PatternState implements PatternParent {
  readonly keepsFilters = false;
  private readonly parts: (PatternState | undefined)[];
  private closed = false;

  constructor(
    parent: PatternParent,
    place: number,
    operands: readonly PatternNodeProgram[],
    context: PatternContext,
  ) {
    super(parent, place);
    this.parts = operands.map((operand, i) => createState(operand, this, i, context));
  }

  start(partial: Subject): void {
    for (const part of [...this.parts]) if (!this.closed) part!.start(partial);
  }

  matched(partial: Subject, from: PatternState, ended: boolean): void {
    if (this.closed || this.parts[from.place] !== from) return;
    if (ended) {
      this.parts[from.place] = undefined;
      this.quit();
    }
    this.parent.matched(partial, this, ended);
  }

  failed(from: PatternState): void {
    if (this.closed || this.parts[from.place] !== from) return;
    from.quit();
    this.parts[from.place] = undefined;
    if (this.parts.some((part) => part !== undefined)) return;
    this.closed = true;
    this.parent.failed(this, true);
  }

  quit(): void {
    if (this.closed) return;
    this.closed = true;
    for (const part of this.parts) part?.quit();
  }

  discard(events: ReadonlySet<unknown>): void {
    for (const part of [...this.parts]) if (!this.closed) part?.discard(events);
  }

  override dropOldest(): boolean {
    return this.parts.some((part) => part?.dropOldest() === true);
  }

  saveOrLoad(state: StateStream): void {
    saveOrLoadParts(state, this.parts);
  }
}
