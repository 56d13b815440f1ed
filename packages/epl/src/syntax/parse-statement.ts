import type { Annotation } from '../annotation.ts';
import { closestName } from './closest-name.ts';
import { Fault, notSupported } from './fault.ts';
import { isRefusedAsColumn } from './keywords.ts';
import { parseTypeName } from './parse-expression.ts';
import { parseSelect } from './parse-select.ts';
import type { ColumnDefinition, CreateSchema, Name, StatementNode } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** One statement, its annotations read already; stands behind its last token afterwards. */
export function parseStatement(
  cursor: TokenCursor,
  start: number,
  annotations: readonly Annotation[],
): StatementNode {
  const statement = parseBody(cursor, start, annotations);
  if (cursor.token.kind !== 'end' && !cursor.isSymbol(';')) throw unexpectedRest(cursor);
  return statement;
}

const statementWords = [
  'select',
  'insert',
  'create',
  'on',
  'update',
  'context',
  'expression',
  'into',
  'import',
  'module',
  'uses',
];

function parseBody(cursor: TokenCursor, start: number, annotations: readonly Annotation[]): StatementNode {
  switch (cursor.keyword()) {
    case 'select':
    case 'insert':
      return parseSelect(cursor, start, annotations);
    case 'create':
      return parseCreate(cursor, start, annotations);
    case 'on':
      throw notSupported("'on' triggers", cursor.token);
    case 'update':
      throw notSupported("'update istream'", cursor.token);
    case 'delete':
      throw notSupported('on-demand queries', cursor.token);
    case 'context':
      throw notSupported('contexts', cursor.token);
    case 'expression':
      throw notSupported('expression declarations', cursor.token);
    case 'into':
      throw notSupported("'into table'", cursor.token);
    case 'import':
    case 'module':
    case 'uses':
      throw notSupported(`'${cursor.keyword()}'`, cursor.token);
    default: {
      const fault = cursor.unexpected('a statement (select, insert, create schema, …)');
      const close = closestName(cursor.keyword(), statementWords);
      throw new Fault(fault.code, fault.message, fault.span, close);
    }
  }
}

const clauses = ['where', 'group', 'having', 'output', 'order', 'limit', 'join', 'inner'];

function unexpectedRest(cursor: TokenCursor): Fault {
  const word = cursor.keyword();
  switch (word) {
    case 'output':
      return notSupported("'output' rates", cursor.token);
    case 'match_recognize':
      return notSupported('match_recognize', cursor.token);
    case 'for':
      return notSupported("'for'", cursor.token);
    case 'where':
    case 'group':
    case 'having':
    case 'order':
    case 'limit':
      return new Fault(
        'EPL_SYNTAX',
        `'${word}' stands too late: the order is where, group by, having, output, order by, limit`,
        cursor.token,
      );
    case '':
      return cursor.unexpected("';' or the end of the statement");
    default: {
      // A misspelt clause was taken for the name of the stream or of a column, so it stands one token back.
      const before = cursor.ahead(-1);
      const close = before.kind === 'name' && !before.quoted ? closestName(before.text, clauses) : undefined;
      if (close !== undefined) return new Fault('EPL_SYNTAX', `unexpected '${before.text}'`, before, close);
      const fault = cursor.unexpected("';' or the end of the statement");
      return new Fault(fault.code, fault.message, fault.span, closestName(word, clauses));
    }
  }
}

function parseCreate(cursor: TokenCursor, start: number, annotations: readonly Annotation[]): CreateSchema {
  cursor.next();
  const word = cursor.keyword();
  if (word === 'map' && cursor.isKeyword('schema', 1)) cursor.next();
  else if ((word === 'objectarray' || word === 'json') && cursor.isKeyword('schema', 1)) cursor.next();
  else if (word === 'variant') throw notSupported('variant schemas', cursor.token);
  else if (
    [
      'window',
      'table',
      'index',
      'unique',
      'variable',
      'constant',
      'expression',
      'context',
      'dataflow',
    ].includes(word)
  ) {
    throw notSupported(`'create ${word}'`, cursor.token);
  }
  cursor.expectKeyword('schema', "behind 'create'");
  return parseSchema(cursor, start, annotations);
}

function parseSchema(cursor: TokenCursor, start: number, annotations: readonly Annotation[]): CreateSchema {
  const token = cursor.expectName('the name of the schema');
  const name: Name = { name: token.text, start: token.start, end: token.end };
  if (cursor.isKeyword('as')) throw notSupported("'create schema … as'", cursor.token);
  const columns: ColumnDefinition[] = [];
  if (cursor.takeSymbol('(') && !cursor.takeSymbol(')')) {
    do columns.push(parseColumn(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', 'to close the columns of the schema');
  }
  const copyFrom: Name[] = [];
  for (;;) {
    const word = cursor.keyword();
    if (word === 'inherits') throw notSupported("'inherits'", cursor.token);
    if (word === 'copyfrom') copyFrom.push(...parseNames(cursor));
    else if (word === 'starttimestamp' || word === 'endtimestamp')
      throw notSupported(`'${word}'`, cursor.token);
    else break;
  }
  return { kind: 'create-schema', annotations, name, columns, copyFrom, ...cursor.span(start) };
}

function parseNames(cursor: TokenCursor): Name[] {
  cursor.next();
  const names: Name[] = [];
  do {
    const token = cursor.expectName('the name of a schema');
    names.push({ name: token.text, start: token.start, end: token.end });
  } while (cursor.takeSymbol(','));
  return names;
}

/** `a int`, `net.src.ip string`, `` `order` int[] ``. */
function parseColumn(cursor: TokenCursor): ColumnDefinition {
  const { start } = cursor.token;
  let name = columnWord(cursor, true);
  while (cursor.takeSymbol('.')) name += `.${columnWord(cursor, false)}`;
  const type = parseTypeName(cursor);
  return { name, type, ...cursor.span(start) };
}

function columnWord(cursor: TokenCursor, first: boolean): string {
  const { token } = cursor;
  if (token.kind !== 'name') throw cursor.unexpected('the name of a column');
  if (first && !token.quoted && isRefusedAsColumn(token.keyword)) {
    throw new Fault(
      'EPL_SYNTAX',
      `'${token.text}' is a keyword: write it between backticks to use it as a column`,
      token,
      `\`${token.text}\``,
    );
  }
  cursor.next();
  return token.text;
}
