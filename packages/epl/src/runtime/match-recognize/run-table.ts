import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';
import { Run } from './run.ts';

/** Runs as a snapshot has them: each once, what it had taken before it in front of it. */
export class RunTable {
  private readonly state: StateStream;
  /** Positions of the automaton. */
  private readonly positions: number;
  private readonly written = new Set<Run>();

  constructor(state: StateStream, positions: number) {
    this.state = state;
    this.positions = positions;
  }

  saveOrLoad(run: Run | undefined): Run {
    const { state, written } = this;
    const unwritten: Run[] = [];
    let known = run;
    for (; known !== undefined && !written.has(known); known = known.before) unwritten.push(known);
    const count = state.count(unwritten.length);
    let last = state.refer(known);
    for (let i = 0; i < count; i++) {
      last = this.step(unwritten[count - 1 - i], last);
      state.introduce(last);
      written.add(last);
    }
    if (last === undefined) throw new UnfitState('a run is missing');
    return last;
  }

  private step(run: Run | undefined, before: Run | undefined): Run {
    const { state } = this;
    const position = state.number(run?.position ?? 0);
    const row = state.event(run?.row);
    const beginSequence = state.number(run?.beginSequence ?? 0);
    const beginMs = state.number(run?.beginMs ?? 0);
    const endSequence = state.number(run?.endSequence ?? 0);
    if (!Number.isInteger(position) || position < 0 || position >= this.positions)
      throw new UnfitState('a run stands nowhere');
    return run ?? new Run(position, row, before, beginSequence, beginMs, endSequence);
  }
}
