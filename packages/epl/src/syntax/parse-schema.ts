import { Fault } from './fault.ts';
import { isRefusedAsColumn } from './keywords.ts';
import { parseName, parseNames } from './parse-name.ts';
import { parseTypeName } from './parse-type-name.ts';
import { type ColumnDefinition, type CreateSchema, representations } from './schema.ts';
import type { Name, Prologue } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Behind `create`, at `schema` or the representation before it. */
export function parseCreateSchema(cursor: TokenCursor, start: number, prologue: Prologue): CreateSchema {
  const word = cursor.keyword();
  const representation = representations.find((name) => name === word);
  const variant = word === 'variant';
  if (representation !== undefined || variant) cursor.next();
  cursor.expectKeyword('schema', "behind 'create'");
  const name = parseName(cursor, 'the name of the schema');
  cursor.takeKeyword('as');
  const variants = variant ? parseVariants(cursor) : undefined;
  const bare = !cursor.isSymbol('(') && variants === undefined;
  const columns = cursor.isSymbol('(') ? parseColumns(cursor) : [];
  const inherits: Name[] = [];
  const copyFrom: Name[] = [];
  let startTimestamp: Name | undefined;
  let endTimestamp: Name | undefined;
  for (;;) {
    if (cursor.takeKeyword('inherits')) inherits.push(...parseNames(cursor, 'the name of a schema'));
    else if (cursor.takeKeyword('copyfrom')) copyFrom.push(...parseNames(cursor, 'the name of a schema'));
    else if (cursor.takeKeyword('starttimestamp')) startTimestamp = parseName(cursor, 'a column');
    else if (cursor.takeKeyword('endtimestamp')) endTimestamp = parseName(cursor, 'a column');
    else break;
  }
  if (bare && inherits.length === 0 && copyFrom.length === 0)
    throw cursor.unexpected("'(' and the columns of the schema");
  return {
    kind: 'create-schema',
    ...prologue,
    representation,
    name,
    columns,
    ...(variants && { variants }),
    inherits,
    copyFrom,
    ...(startTimestamp && { startTimestamp }),
    ...(endTimestamp && { endTimestamp }),
    ...cursor.span(start),
  };
}

/** `A, B, *`. */
function parseVariants(cursor: TokenCursor): NonNullable<CreateSchema['variants']> {
  const types: Name[] = [];
  let any = false;
  do {
    if (cursor.takeSymbol('*')) any = true;
    else types.push(parseName(cursor, 'the name of a schema'));
  } while (cursor.takeSymbol(','));
  return { types, any };
}

/** `(a int, net.src.ip string)`. */
export function parseColumns(cursor: TokenCursor): ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  cursor.next();
  if (cursor.takeSymbol(')')) return columns;
  do {
    const { start } = cursor.token;
    const name = parseColumnName(cursor);
    columns.push({ name, type: parseTypeName(cursor), ...cursor.span(start) });
  } while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', 'to close the columns');
  return columns;
}

/** A column's name where it is declared: a keyword needs backticks, but not behind a dot. */
export function parseColumnName(cursor: TokenCursor): string {
  const first = cursor.token;
  if (first.kind === 'name' && !first.quoted && isRefusedAsColumn(first.keyword)) {
    throw new Fault(
      'EPL_SYNTAX',
      `'${first.text}' is a keyword: write it between backticks to use it as a column`,
      first,
      `\`${first.text}\``,
    );
  }
  let name = takeWord(cursor);
  while (cursor.takeSymbol('.')) name += `.${takeWord(cursor)}`;
  return name;
}

function takeWord(cursor: TokenCursor): string {
  const { token } = cursor;
  if (token.kind !== 'name') throw cursor.unexpected('the name of a column');
  cursor.next();
  return token.text;
}
