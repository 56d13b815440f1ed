import type { Subject } from '../../compile/evaluator.ts';
import type { RowMemory } from './row-memory.ts';
import type { RowTests } from './row-tests.ts';
import { Run } from './run.ts';

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
  runs: readonly Run[] = noRuns;
  memory: RowMemory | undefined;

  constructor(keys: readonly unknown[], memory: RowMemory | undefined) {
    this.keys = keys;
    this.memory = memory;
  }

  get isEmpty(): boolean {
    return this.runs.length === 0 && this.memory === undefined;
  }

  /**
   * Takes the next row: every run goes on with it in each way that fits or ends, and a new one may begin. Adds what may
   * end here to `ends`. True where the row was taken at all.
   */
  step(row: Subject, sequence: number, nowMs: number, tests: RowTests, ends: MatchEnd[]): boolean {
    const { runs } = this;
    const { positions, starts } = tests.automaton;
    let open: Run[] | undefined;
    let taken = false;
    tests.begin(row, this.memory);
    for (let i = 0; i < runs.length; i++) {
      const before = runs[i];
      const { next } = positions[before.position];
      for (let j = 0; j < next.length; j++) {
        const position = positions[next[j]];
        if (!tests.fits(position.variable, before)) continue;
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
    return taken;
  }
}
