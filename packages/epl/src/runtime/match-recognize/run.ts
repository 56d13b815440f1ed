import type { Subject } from '../../compile/evaluator.ts';
import type { RecognizePlan } from '../../plan/recognize-plan.ts';

/**
 * A partial match: the row that it took last, and what it had taken before. Runs share what they have in common, so one
 * more row costs one object.
 */
export class Run {
  /** Of the automaton. */
  readonly position: number;
  readonly row: Subject;
  readonly before: Run | undefined;
  /** The number of its first row in the order of arrival, and when that came. */
  readonly beginSequence: number;
  readonly beginMs: number;
  /** The number of {@link row}. */
  readonly endSequence: number;

  constructor(
    position: number,
    row: Subject,
    before: Run | undefined,
    beginSequence: number,
    beginMs: number,
    endSequence: number,
  ) {
    this.position = position;
    this.row = row;
    this.before = before;
    this.beginSequence = beginSequence;
    this.beginMs = beginMs;
    this.endSequence = endSequence;
  }
}

/** Whether the run has taken that row. */
export function hasTaken(run: Run, row: Subject): boolean {
  for (let one: Run | undefined = run; one !== undefined; one = one.before) if (one.row === row) return true;
  return false;
}

/** All rows of the run, the first one first. */
export function rowsOf(run: Run): Subject[] {
  const rows: Subject[] = [];
  for (let one: Run | undefined = run; one !== undefined; one = one.before) rows.push(one.row);
  return rows.reverse();
}

/** The partial match as expressions see it: under each variable its row, or the array of its rows; null without any. */
export function matchOf(run: Run | undefined, { rows, variables, automaton }: RecognizePlan): Subject {
  const match = new rows.Instance() as Record<string, unknown>;
  for (let one = run; one !== undefined; one = one.before) {
    const { name, multiple } = variables[automaton.positions[one.position].variable];
    const known = match[name];
    if (!multiple) match[name] ??= one.row;
    else if (known === null) match[name] = [one.row];
    else (known as Subject[]).push(one.row);
  }
  for (const { name, multiple } of variables) if (multiple) (match[name] as Subject[] | null)?.reverse();
  return match;
}
