import type { Annotation } from '../annotation.ts';
import { closestName } from './closest-name.ts';
import { Fault } from './fault.ts';
import { parseCreateContext } from './parse-context.ts';
import {
  parseCreateExpression,
  parseCreateIndex,
  parseCreateTable,
  parseCreateVariable,
  parseCreateWindow,
  parseDeclaration,
} from './parse-definition.ts';
import { parseName } from './parse-name.ts';
import {
  isValuesInsert,
  parseDelete,
  parseRowInsert,
  parseUpdate,
  parseValuesInsert,
} from './parse-query.ts';
import { parseCreateSchema } from './parse-schema.ts';
import { parseSelect } from './parse-select.ts';
import { parseTrigger } from './parse-trigger.ts';
import type { ExpressionDeclaration, Name, Prologue, StatementNode } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** One statement, its annotations read already; stands behind its last token afterwards. */
export function parseStatement(
  cursor: TokenCursor,
  start: number,
  annotations: readonly Annotation[],
  onDemand = false,
): StatementNode {
  const prologue = parsePrologue(cursor, annotations);
  const rowInsert =
    onDemand && cursor.isKeyword('insert') ? parseRowInsert(cursor, start, prologue) : undefined;
  const statement = rowInsert ?? parseBody(cursor, start, prologue);
  if (cursor.token.kind !== 'end' && !cursor.isSymbol(';')) throw unexpectedRest(cursor);
  return statement;
}

/** Declared expressions and the context, in either order. */
function parsePrologue(cursor: TokenCursor, annotations: readonly Annotation[]): Prologue {
  const declarations: ExpressionDeclaration[] = [];
  let context: Name | undefined;
  for (;;) {
    if (cursor.isKeyword('expression')) declarations.push(parseDeclaration(cursor));
    else if (context === undefined && cursor.takeKeyword('context'))
      context = parseName(cursor, 'the name of a context');
    else break;
  }
  return { annotations, declarations, ...(context && { context }) };
}

const statementWords = [
  'select',
  'insert',
  'create',
  'on',
  'update',
  'delete',
  'context',
  'expression',
  'into',
];

function parseBody(cursor: TokenCursor, start: number, prologue: Prologue): StatementNode {
  switch (cursor.keyword()) {
    case 'select':
    case 'into':
      return parseSelect(cursor, start, prologue);
    case 'insert':
      return isValuesInsert(cursor)
        ? parseValuesInsert(cursor, start, prologue)
        : parseSelect(cursor, start, prologue);
    case 'create':
      return parseCreate(cursor, start, prologue);
    case 'on':
      return parseTrigger(cursor, start, prologue);
    case 'update':
      return parseUpdate(cursor, start, prologue);
    case 'delete':
      return parseDelete(cursor, start, prologue);
    case 'import':
      throw new Fault(
        'EPL_NOT_SUPPORTED',
        "'import' names Java classes: register functions instead",
        cursor.token,
      );
    default: {
      const fault = cursor.unexpected('a statement (select, insert, create schema, …)');
      const close = closestName(cursor.keyword(), statementWords);
      throw new Fault(fault.code, fault.message, fault.span, close);
    }
  }
}

const definitionWords = ['schema', 'window', 'table', 'index', 'variable', 'expression', 'context'];

function parseCreate(cursor: TokenCursor, start: number, prologue: Prologue): StatementNode {
  cursor.next();
  const word = cursor.keyword();
  switch (word) {
    case 'schema':
    case 'map':
    case 'objectarray':
    case 'json':
    case 'avro':
    case 'xml':
    case 'variant':
      return parseCreateSchema(cursor, start, prologue);
    case 'window':
      return parseCreateWindow(cursor, start, prologue);
    case 'table':
      return parseCreateTable(cursor, start, prologue);
    case 'index':
    case 'unique':
      return parseCreateIndex(cursor, start, prologue);
    case 'variable':
    case 'constant':
      return parseCreateVariable(cursor, start, prologue);
    case 'expression':
      return parseCreateExpression(cursor, start, prologue);
    case 'context':
      return parseCreateContext(cursor, start, prologue);
    case 'dataflow':
      throw new Fault('EPL_NOT_SUPPORTED', 'data flows lie outside of this engine', cursor.token);
    default: {
      const fault = cursor.unexpected(`what to create (${definitionWords.join(', ')})`);
      throw new Fault(fault.code, fault.message, fault.span, closestName(word, definitionWords));
    }
  }
}

const clauses = ['where', 'group', 'having', 'output', 'order', 'limit', 'join', 'inner'];

function unexpectedRest(cursor: TokenCursor): Fault {
  const word = cursor.keyword();
  switch (word) {
    case 'match_recognize':
    case 'where':
    case 'group':
    case 'having':
    case 'output':
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
