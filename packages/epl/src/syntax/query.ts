import type { Expression } from './expression.ts';
import type { Assignment, Name, StatementBase } from './statement.ts';

/** On-demand queries; a query that selects is a {@link Select}. */
export interface QueryInsert extends StatementBase {
  readonly kind: 'query-insert';
  readonly target: Name;
  readonly columns: readonly Name[] | undefined;
  readonly rows: readonly (readonly Expression[])[];
}

export interface QueryUpdate extends StatementBase {
  readonly kind: 'query-update';
  readonly target: Name;
  readonly alias?: Name;
  readonly assignments: readonly Assignment[];
  readonly where?: Expression;
}

export interface QueryDelete extends StatementBase {
  readonly kind: 'query-delete';
  readonly target: Name;
  readonly alias?: Name;
  readonly where?: Expression;
}
