import type { Subject } from '../../compile/evaluator.ts';
import type { PatternNodeProgram } from '../../compile/pattern-program.ts';
import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';
import { createState } from './create-state.ts';
import { type PatternContext, type PatternParent, PatternState, sharesEvent } from './pattern-state.ts';
import { StateList } from './state-list.ts';

type Program = Extract<PatternNodeProgram, { kind: 'followed-by' }>;

/** `a -> b -> c`: each match of a step opens the next step, with what has matched so far. */
export class FollowedByState extends PatternState implements PatternParent {
  readonly keepsFilters = false;
  private readonly program: Program;
  private readonly context: PatternContext;
  private readonly open = new StateList();
  /** How many of each step are open, where that is limited. */
  private readonly counts: number[] | undefined;
  private begin!: Subject;
  /** While room is made for a step: what has none left is about to get one. */
  private opening = false;
  private closed = false;

  constructor(parent: PatternParent, place: number, program: Program, context: PatternContext) {
    super(parent, place);
    this.program = program;
    this.context = context;
    const limited = program.most.some((most) => most !== undefined);
    this.counts = limited ? program.nodes.map(() => 0) : undefined;
  }

  start(partial: Subject): void {
    this.begin = partial;
    this.openStep(0, partial);
  }

  matched(partial: Subject, from: PatternState, ended: boolean): void {
    // It may have been closed by what it matched together with.
    if (!from.listed) return;
    const { place } = from;
    if (ended) this.close(from);
    const last = place === this.program.nodes.length - 1;
    if (last) this.parent.matched(partial, this, this.open.first === undefined);
    else this.openStep(place + 1, partial);
  }

  failed(from: PatternState): void {
    if (!from.listed) return;
    from.quit();
    this.close(from);
    if (this.open.first === undefined) this.parent.failed(this, true);
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
    for (let state = this.open.first; state !== undefined; state = state.next) {
      if (state.place > 0) {
        if (this.opening) {
          state.quit();
          this.close(state);
        } else this.failed(state);
        return true;
      }
      if (state.dropOldest()) return true;
    }
    return false;
  }

  private openStep(place: number, partial: Subject): void {
    const { program, context, counts } = this;
    if (place > 0) {
      const most = program.most[place]?.(partial, null, context.environment);
      if (counts !== undefined && typeof most === 'number' && most >= 0 && counts[place] >= most) return;
      this.opening = true;
      const room = context.openPartial();
      this.opening = false;
      if (!room) return;
      // Room was made by closing this very state.
      if (this.closed) {
        context.closePartial();
        return;
      }
    }
    if (counts !== undefined) counts[place]++;
    const state = createState(program.nodes[place], this, place, context);
    this.open.add(state);
    try {
      state.start(partial);
    } catch (error) {
      // Such as a time that is null: the step was never open.
      this.close(state);
      throw error;
    }
  }

  private close(state: PatternState): void {
    if (!this.open.remove(state)) return;
    if (this.counts !== undefined) this.counts[state.place]--;
    if (state.place > 0) this.context.closePartial();
  }

  saveOrLoad(state: StateStream): void {
    const { program, context, counts } = this;
    this.begin = state.event(this.begin);
    const known = this.open.toArray();
    const count = state.count(known.length);
    for (let i = 0; i < count; i++) {
      const place = state.number(known[i]?.place ?? 0);
      if (!state.loading) {
        known[i].saveOrLoad(state);
        continue;
      }
      if (program.nodes[place] === undefined) throw new UnfitState('a pattern has no such step');
      const step = createState(program.nodes[place], this, place, context);
      this.open.add(step);
      if (counts !== undefined) counts[place]++;
      step.saveOrLoad(state);
    }
  }
}
