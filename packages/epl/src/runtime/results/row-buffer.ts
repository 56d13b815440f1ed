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
  readonly trace?: TracedRow[];
}

export interface TracedRow {
  readonly group: Group | null;
  /** Undefined where having kept it back. */
  readonly row: Row | undefined;
  readonly sortKeys: unknown[];
}

/** An empty one. */
export const rowBuffer = (): RowBuffer => ({ rows: [], sortKeys: [] });

/** Where nobody takes the rows. Never written to. */
export const noRows: RowBuffer = { rows: [], sortKeys: undefined, trace: [] };

/** Makes rows of what passes having: the row, its evidence, its sort keys. */
export class RowWriter {
  private readonly makeRow: RowMaker;
  private readonly having: Condition | undefined;
  private readonly orderBy: readonly Evaluator[];
  private readonly environment: Environment;
  private readonly evidence: number;
  private readonly joined: boolean;
  private readonly traces: boolean;

  constructor(program: Program, environment: Environment) {
    this.makeRow = program.makeRow;
    this.having = program.having;
    this.orderBy = program.orderBy;
    this.environment = environment;
    this.evidence = program.evidence;
    this.joined = program.plan.join !== undefined;
    const display = program.plan.output?.display;
    this.traces = display === 'first' || display === 'last' || display === 'all';
  }

  buffer(): RowBuffer {
    const sortKeys = this.orderBy.length > 0 ? [] : undefined;
    return this.traces ? { rows: [], sortKeys, trace: [] } : { rows: [], sortKeys };
  }

  /** Adds the row of that event and group, unless having keeps it back. */
  write(into: RowBuffer, subject: Subject, group: Group | null): void {
    const { environment } = this;
    if (this.having !== undefined && this.having(subject, group, environment) !== true) {
      into.trace?.push({ group, row: undefined, sortKeys: [] });
      return;
    }
    const row = this.makeRow(subject, group, environment);
    if (this.evidence > 0) attachEvidence(row, this.evidenceFor(subject, group));
    into.rows.push(row);
    if (into.sortKeys === undefined && into.trace === undefined) return;
    const sortKeys = this.orderBy.map((evaluate) => evaluate(subject, group, environment));
    into.sortKeys?.push(sortKeys);
    into.trace?.push({ group, row, sortKeys });
  }

  private evidenceFor(subject: Subject, group: Group | null): readonly object[] {
    if (group?.evidence !== undefined) return group.evidence.collect();
    return this.joined
      ? evidenceOfTuple(subject as unknown as readonly Subject[], this.evidence)
      : evidenceOfEvent(subject, this.evidence);
  }
}
