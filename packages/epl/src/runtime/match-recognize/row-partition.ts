import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { RowMemory } from './row-memory.ts';
import type { RowTests } from './row-tests.ts';
import { Run } from './run.ts';
import type { RunTable } from './run-table.ts';

/** A match, and the partition that it stands in. */
export interface MatchEnd {
  readonly partition: RowPartition;
  readonly run: Run;
}

const noRuns: readonly Run[] = [];

/** The open runs of one partition. */
export class RowPartition {
  readonly keys: readonly unknown[];
  /** In the order of their first rows, and for one first row in the order in which they are tried. */
  private runs: readonly Run[] = noRuns;
  /** So many of the first were given up. */
  private gone = 0;
  memory: RowMemory | undefined;

  constructor(keys: readonly unknown[], memory: RowMemory | undefined) {
    this.keys = keys;
    this.memory = memory;
  }

  get isEmpty(): boolean {
    return this.runs.length === 0 && this.memory === undefined;
  }

  /** Open runs. */
  get count(): number {
    return this.runs.length - this.gone;
  }

  /** Closes the runs for which the test is false. */
  keep(test: (run: Run) => boolean): void {
    this.runs = this.runs.filter((run, i) => i >= this.gone && test(run));
    this.gone = 0;
  }

  /** Closes all runs but so many of the first. */
  truncate(count: number): void {
    this.runs = this.runs.slice(this.gone, this.gone + count);
    this.gone = 0;
  }

  /** Closes the first run. */
  dropFirst(): void {
    this.gone++;
    if (this.gone === this.runs.length) this.truncate(0);
  }

  /**
   * Takes the next row: every run goes on with it in each way that fits or ends, and a new one may begin. Adds what may
   * end here to `ends`, and to `stopped` the first rows of runs that some way to go on is closed to. True where the row
   * was taken at all.
   */
  step(
    row: Subject,
    sequence: number,
    nowMs: number,
    tests: RowTests,
    ends: MatchEnd[],
    stopped?: Set<number>,
  ): boolean {
    const { runs, gone } = this;
    const { positions, starts } = tests.automaton;
    let open: Run[] | undefined;
    let taken = false;
    tests.begin(row, this.memory);
    for (let i = gone; i < runs.length; i++) {
      const before = runs[i];
      const { next } = positions[before.position];
      for (let j = 0; j < next.length; j++) {
        const position = positions[next[j]];
        if (!tests.fits(position.variable, before)) {
          stopped?.add(before.beginSequence);
          continue;
        }
        taken = true;
        const run = new Run(next[j], row, before, before.beginSequence, before.beginMs, sequence);
        if (position.next.length > 0) {
          if (open === undefined) open = [run];
          else open.push(run);
        }
        if (position.isEnd) ends.push({ partition: this, run });
      }
    }
    for (let j = 0; j < starts.length; j++) {
      const position = positions[starts[j]];
      if (!tests.fits(position.variable, undefined)) continue;
      taken = true;
      const run = new Run(starts[j], row, undefined, sequence, nowMs, sequence);
      if (position.next.length > 0) {
        if (open === undefined) open = [run];
        else open.push(run);
      }
      if (position.isEnd) ends.push({ partition: this, run });
    }
    this.runs = open ?? noRuns;
    this.gone = 0;
    return taken;
  }

  saveOrLoad(state: StateStream, runs: RunTable): void {
    state.introduce(this);
    this.memory?.saveOrLoad(state);
    const open = this.runs.slice(this.gone);
    const count = state.count(open.length);
    if (state.loading) open.length = 0;
    for (let i = 0; i < count; i++) open[i] = runs.saveOrLoad(open[i]);
    this.runs = open;
    this.gone = 0;
  }
}
