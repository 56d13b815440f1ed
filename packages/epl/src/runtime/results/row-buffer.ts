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
}

/** Where nobody takes the rows. Never written to. */
export const noRows: RowBuffer = { rows: [], sortKeys: undefined };

/** Makes rows of what passes having: the row, its evidence, its sort keys. */
export class RowWriter {
  private readonly makeRow: RowMaker;
  private readonly having: Condition | undefined;
  private readonly orderBy: readonly Evaluator[];
  private readonly environment: Environment;
  private readonly evidence: number;
  private readonly joined: boolean;

  constructor(program: Program, environment: Environment) {
    this.makeRow = program.makeRow;
    this.having = program.having;
    this.orderBy = program.orderBy;
    this.environment = environment;
    this.evidence = program.evidence;
    this.joined = program.plan.join !== undefined;
  }

  buffer(): RowBuffer {
    return { rows: [], sortKeys: this.orderBy.length > 0 ? [] : undefined };
  }

  /** Adds the row of that event and group, unless having keeps it back. */
  write(into: RowBuffer, subject: Subject, group: Group | null): void {
    const { environment } = this;
    if (this.having !== undefined && this.having(subject, group, environment) !== true) return;
    const row = this.makeRow(subject, group, environment);
    if (this.evidence > 0) attachEvidence(row, this.evidenceFor(subject, group));
    into.rows.push(row);
    into.sortKeys?.push(this.orderBy.map((evaluate) => evaluate(subject, group, environment)));
  }

  private evidenceFor(subject: Subject, group: Group | null): readonly object[] {
    if (group?.evidence !== undefined) return group.evidence.collect();
    return this.joined
      ? evidenceOfTuple(subject as unknown as readonly Subject[], this.evidence)
      : evidenceOfEvent(subject, this.evidence);
  }
}
