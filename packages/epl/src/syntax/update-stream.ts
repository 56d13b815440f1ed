import type { Expression } from './expression.ts';
import type { Assignment, Name, StatementBase } from './statement.ts';

/** `update istream E as e set a = 1 where …`. */
export interface UpdateStream extends StatementBase {
  readonly kind: 'update-stream';
  readonly target: Name;
  readonly alias?: Name;
  readonly assignments: readonly Assignment[];
  readonly where?: Expression;
}
