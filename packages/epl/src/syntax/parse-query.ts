import type { Expression } from './expression.ts';
import { Fault } from './fault.ts';
import { startsClause } from './keywords.ts';
import { parseAssignments } from './parse-assignment.ts';
import { parseExpression } from './parse-expression.ts';
import { parseName, parseOptionalName } from './parse-name.ts';
import { parseColumnNames, parseInsertInto, parseItems, parseWhere } from './parse-select-clauses.ts';
import type { QueryDelete, QueryInsert, QueryUpdate } from './query.ts';
import { reprint } from './reprint.ts';
import type { Name, Prologue } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { UpdateStream } from './update-stream.ts';

/** `update istream E …`, or the on-demand `update W …`. */
export function parseUpdate(
  cursor: TokenCursor,
  start: number,
  prologue: Prologue,
): UpdateStream | QueryUpdate {
  cursor.next();
  const stream = cursor.takeKeyword('istream');
  const target = parseTarget(cursor, stream ? 'the name of an event type' : 'the name of a window or table');
  cursor.expectKeyword('set', "in 'update'");
  const assignments = parseAssignments(cursor);
  const where = parseWhere(cursor);
  return {
    kind: stream ? 'update-stream' : 'query-update',
    ...prologue,
    ...target,
    assignments,
    ...(where && { where }),
    ...cursor.span(start),
  };
}

/** `delete from W …`. */
export function parseDelete(cursor: TokenCursor, start: number, prologue: Prologue): QueryDelete {
  cursor.next();
  cursor.expectKeyword('from', "behind 'delete'");
  const target = parseTarget(cursor, 'the name of a window or table');
  const where = parseWhere(cursor);
  return { kind: 'query-delete', ...prologue, ...target, ...(where && { where }), ...cursor.span(start) };
}

function parseTarget(cursor: TokenCursor, what: string): { target: Name; alias?: Name } {
  const target = parseName(cursor, what);
  const bare = cursor.isName() && !startsClause(cursor.keyword());
  const alias = parseOptionalName(cursor, 'another name for it', bare);
  return { target, ...(alias && { alias }) };
}

/** Whether `insert into W (…) values …` stands here rather than a select. */
export function isValuesInsert(cursor: TokenCursor): boolean {
  if (!cursor.isKeyword('insert') || !cursor.isKeyword('into', 1)) return false;
  let at = 3;
  if (cursor.isSymbol('(', at)) {
    while (!cursor.isSymbol(')', at) && cursor.ahead(at).kind !== 'end') at++;
    at++;
  }
  return cursor.isKeyword('values', at);
}

/** `insert into W (a, b) select 1, 2` without a from clause; undefined, nothing taken, where there is one. */
export function parseRowInsert(
  cursor: TokenCursor,
  start: number,
  prologue: Prologue,
): QueryInsert | undefined {
  const position = cursor.position;
  if (isValuesInsert(cursor)) return undefined;
  const { target, columns } = parseInsertInto(cursor);
  cursor.expectKeyword('select', "behind 'insert into'");
  const items = parseItems(cursor);
  if (cursor.isKeyword('from')) {
    cursor.rewind(position);
    return undefined;
  }
  const names: Name[] = [];
  const row: Expression[] = [];
  for (const item of items) {
    if (item.kind !== 'expression')
      throw new Fault('EPL_SYNTAX', "a wildcard needs a 'from' that it stands for", item);
    names.push({ name: item.alias ?? reprint(item.expression), start: item.start, end: item.end });
    row.push(item.expression);
  }
  return {
    kind: 'query-insert',
    ...prologue,
    target,
    columns: columns ?? names,
    rows: [row],
    ...cursor.span(start),
  };
}

/** At a place where {@link isValuesInsert} holds. */
export function parseValuesInsert(cursor: TokenCursor, start: number, prologue: Prologue): QueryInsert {
  cursor.next();
  cursor.next();
  const target = parseName(cursor, 'the name of a window or table');
  const columns = parseColumnNames(cursor);
  cursor.expectKeyword('values', 'behind the columns');
  const rows: (readonly Expression[])[] = [];
  do {
    cursor.expectSymbol('(', 'before the values');
    const row: Expression[] = [];
    do row.push(parseExpression(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', 'to close the values');
    rows.push(row);
  } while (cursor.takeSymbol(','));
  return { kind: 'query-insert', ...prologue, target, columns, rows, ...cursor.span(start) };
}
