import type { Tuple } from './tuple.ts';

/** A list that has become longer is not kept for the next time. */
const longestKept = 1024;

const noTuples: readonly Tuple[] = [];

/** Where tuples gather while they are found. Used again at each change: most find none or one. */
export class TupleList {
  private tuples: (Tuple | undefined)[] = [];
  private count = 0;

  /** Forgets what a failure has left. */
  begin(): void {
    this.count = 0;
  }

  add(tuple: Tuple): void {
    this.tuples[this.count++] = tuple;
  }

  /** Gives what was added in an array of its own, and begins anew. */
  take(): readonly Tuple[] {
    const { tuples, count } = this;
    if (count === 0) return noTuples;
    const taken = count === 1 ? [tuples[0]] : tuples.slice(0, count);
    this.count = 0;
    if (count > longestKept) this.tuples = [];
    else for (let i = 0; i < count; i++) tuples[i] = undefined;
    return taken as Tuple[];
  }
}
