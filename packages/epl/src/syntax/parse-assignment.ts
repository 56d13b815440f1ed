import { parseExpression } from './parse-expression.ts';
import { parsePath } from './parse-path.ts';
import type { Assignment } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `a = 1, w.b = c + 2`; `set` stands before. */
export function parseAssignments(cursor: TokenCursor): Assignment[] {
  const assignments: Assignment[] = [];
  do {
    const { start } = cursor.token;
    const target = parsePath(cursor);
    cursor.expectSymbol('=', 'behind what is set');
    const value = parseExpression(cursor);
    assignments.push({ target, value, ...cursor.span(start) });
  } while (cursor.takeSymbol(','));
  return assignments;
}
