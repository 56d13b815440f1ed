import type { Condition, Environment, Evaluator, Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { RowMaker } from '../../compile/row-maker.ts';
import { attachEvidence, evidenceOfEvent, evidenceOfTuple } from '../evidence.ts';
import type { Group } from '../group.ts';
import type { Row } from '../statement.ts';

/** Rows on their way out, with their sort keys where there is an order. */
export interface RowBuffer {
  readonly rows: Row[];
  readonly sortKeys: unknown[][] | undefined;
  /** Of statements whose output depends on it: all rows with their groups, also those that having kept back. */
  readonly trace: TracedRow[] | undefined;
}

export interface TracedRow {
  readonly group: Group | null;
  /** Undefined where having kept it back. */
  readonly row: Row | undefined;
  readonly sortKeys: unknown[];
}

/** An empty one. */
export const rowBuffer = (): RowBuffer => ({ rows: [], sortKeys: [], trace: undefined });

/** Where nobody takes the rows. Never written to. */
export const noRows: RowBuffer = { rows: [], sortKeys: undefined, trace: [] };

const bufferOfRows = (rows: Row[]): RowBuffer =>
  rows.length === 0 ? noRows : { rows, sortKeys: undefined, trace: undefined };

/** Never written to. */
const none: Row[] = [];

/** What of a program makes its rows. */
export type RowParts = Pick<Program, 'plan' | 'makeRow' | 'having' | 'orderBy' | 'evidence'>;

/** Makes rows of what passes having: the row, its evidence, its sort keys. One serves all instances of a statement. */
export class RowWriter {
  private readonly makeRow: RowMaker;
  private readonly having: Condition | undefined;
  private readonly orderBy: readonly Evaluator[];
  private readonly evidence: number;
  private readonly joined: boolean;
  private readonly traces: boolean;
  /** A buffer is no more than its rows. */
  private readonly plain: boolean;
  /** Rows are given as they are made: the lists of {@link rowsOf} and {@link rowsOfPair} will do. */
  readonly isPlain: boolean;

  constructor(program: RowParts) {
    this.makeRow = program.makeRow;
    this.having = program.having;
    this.orderBy = program.orderBy;
    this.evidence = program.evidence;
    this.joined = program.plan.join !== undefined;
    const display = program.plan.output?.display;
    this.traces = display === 'first' || display === 'last' || display === 'all';
    this.plain = this.orderBy.length === 0 && !this.traces;
    this.isPlain = this.plain && !program.plan.distinct && program.plan.limit === undefined;
  }

  buffer(): RowBuffer {
    return {
      rows: [],
      sortKeys: this.orderBy.length > 0 ? [] : undefined,
      trace: this.traces ? [] : undefined,
    };
  }

  /** The row of that event and group, if having lets it through, in a list. */
  rowsOf(subject: Subject, group: Group | null, environment: Environment): Row[] {
    const row = this.make(subject, group, environment);
    return row === undefined ? none : [row];
  }

  /** As {@link rowsOf}, for two groups. */
  rowsOfPair(subject: Subject, first: Group, second: Group, environment: Environment): Row[] {
    const row = this.make(subject, first, environment);
    const other = this.make(subject, second, environment);
    if (row === undefined) return other === undefined ? none : [other];
    return other === undefined ? [row] : [row, other];
  }

  /**
   * The buffer with the row of that event and group, if having lets it through: most changes are of one event, and a
   * list that is made whole is much smaller than one that has grown.
   */
  bufferOf(subject: Subject, group: Group | null, environment: Environment): RowBuffer {
    if (this.plain) return bufferOfRows(this.rowsOf(subject, group, environment));
    const buffer = this.buffer();
    this.write(buffer, subject, group, environment);
    return buffer;
  }

  /** As {@link bufferOf}, for two groups. */
  bufferOfPair(subject: Subject, first: Group, second: Group, environment: Environment): RowBuffer {
    if (this.plain) return bufferOfRows(this.rowsOfPair(subject, first, second, environment));
    const buffer = this.buffer();
    this.write(buffer, subject, first, environment);
    this.write(buffer, subject, second, environment);
    return buffer;
  }

  /** The buffer with the rows of these events, all with the same group. */
  bufferOfAll(subjects: readonly Subject[], group: Group | null, environment: Environment): RowBuffer {
    if (subjects.length === 0) return noRows;
    if (subjects.length === 1) return this.bufferOf(subjects[0], group, environment);
    const buffer = this.buffer();
    for (const subject of subjects) this.write(buffer, subject, group, environment);
    return buffer;
  }

  /** Adds the row of that event and group, unless having keeps it back. */
  write(into: RowBuffer, subject: Subject, group: Group | null, environment: Environment): void {
    const row = this.make(subject, group, environment);
    if (row === undefined) {
      into.trace?.push({ group, row: undefined, sortKeys: [] });
      return;
    }
    into.rows.push(row);
    if (into.sortKeys === undefined && into.trace === undefined) return;
    const sortKeys = this.orderBy.map((evaluate) => evaluate(subject, group, environment));
    into.sortKeys?.push(sortKeys);
    into.trace?.push({ group, row, sortKeys });
  }

  /** Undefined where having keeps the row back. */
  private make(subject: Subject, group: Group | null, environment: Environment): Row | undefined {
    const { having } = this;
    if (having !== undefined && having(subject, group, environment) !== true) return undefined;
    const row = this.makeRow(subject, group, environment);
    if (this.evidence > 0) attachEvidence(row, this.evidenceFor(subject, group));
    return row;
  }

  private evidenceFor(subject: Subject, group: Group | null): readonly object[] {
    if (group?.evidence !== undefined) return group.evidence.collect();
    return this.joined
      ? evidenceOfTuple(subject as unknown as readonly Subject[], this.evidence)
      : evidenceOfEvent(subject, this.evidence);
  }
}
