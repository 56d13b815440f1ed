import type {
  CreateExpression,
  CreateIndex,
  CreateTable,
  CreateVariable,
  CreateWindow,
  TableColumn,
  WindowShape,
} from './definition.ts';
import { Fault } from './fault.ts';
import { parseAnnotations } from './parse-annotation.ts';
import { isLambda, parseParameters } from './parse-arguments.ts';
import { parseExpression } from './parse-expression.ts';
import { parseName } from './parse-name.ts';
import { parsePath } from './parse-path.ts';
import { parseColumnName, parseColumns } from './parse-schema.ts';
import { parseItems, parseWhere } from './parse-select-clauses.ts';
import { parseRetain, parseWindows } from './parse-stream.ts';
import { parseTypeName } from './parse-type-name.ts';
import type { ExpressionDeclaration, Prologue } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** At `window`. */
export function parseCreateWindow(cursor: TokenCursor, start: number, prologue: Prologue): CreateWindow {
  cursor.next();
  const name = parseName(cursor, 'the name of the window');
  const windows = parseWindows(cursor);
  const retain = cursor.isKeyword('retain') ? parseRetain(cursor) : undefined;
  cursor.takeKeyword('as');
  const shape = parseShape(cursor);
  const filled = cursor.takeKeyword('insert');
  const where = filled ? parseWhere(cursor) : undefined;
  return {
    kind: 'create-window',
    ...prologue,
    name,
    windows,
    ...(retain && { retain }),
    shape,
    ...(filled && { insert: { ...(where && { where }) } }),
    ...cursor.span(start),
  };
}

function parseShape(cursor: TokenCursor): WindowShape {
  if (cursor.isSymbol('(')) return { kind: 'columns', columns: parseColumns(cursor) };
  if (!cursor.takeKeyword('select')) return { kind: 'type', type: parseName(cursor, 'columns or a type') };
  const items = parseItems(cursor);
  cursor.expectKeyword('from', 'behind the select clause');
  return { kind: 'type', type: parseName(cursor, 'the name of a type'), items };
}

/** At `table`. */
export function parseCreateTable(cursor: TokenCursor, start: number, prologue: Prologue): CreateTable {
  cursor.next();
  const name = parseName(cursor, 'the name of the table');
  cursor.takeKeyword('as');
  cursor.expectSymbol('(', 'before the columns of the table');
  const columns: TableColumn[] = [];
  do columns.push(parseTableColumn(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', 'to close the columns of the table');
  return { kind: 'create-table', ...prologue, name, columns, ...cursor.span(start) };
}

/** `src string primary key`, `total sum(long)`, `last5 window(*) @type(Flow)`. */
function parseTableColumn(cursor: TokenCursor): TableColumn {
  const { start } = cursor.token;
  const name = parseColumnName(cursor);
  const aggregate = cursor.token.kind === 'name' && cursor.isSymbol('(', 1);
  const content = aggregate ? parsePath(cursor, true) : parseTypeName(cursor);
  const primaryKey = cursor.takeKeyword('primary');
  if (primaryKey) cursor.expectKeyword('key', "behind 'primary'");
  const annotations = parseAnnotations(cursor);
  return { name, content, primaryKey, annotations, ...cursor.span(start) };
}

/** At `index` or `unique`. */
export function parseCreateIndex(cursor: TokenCursor, start: number, prologue: Prologue): CreateIndex {
  const unique = cursor.takeKeyword('unique');
  cursor.expectKeyword('index', "behind 'create unique'");
  const name = parseName(cursor, 'the name of the index');
  cursor.expectKeyword('on', 'behind the name of the index');
  const target = parseName(cursor, 'the name of a window or table');
  cursor.expectSymbol('(', 'before the columns of the index');
  const columns: {
    expression: CreateIndex['columns'][number]['expression'];
    structure?: 'hash' | 'btree';
  }[] = [];
  do {
    const expression = parseExpression(cursor);
    const word = cursor.keyword();
    const structure = word === 'hash' || word === 'btree' ? word : undefined;
    if (structure !== undefined) cursor.next();
    columns.push({ expression, ...(structure && { structure }) });
  } while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', 'to close the columns of the index');
  return { kind: 'create-index', ...prologue, unique, name, target, columns, ...cursor.span(start) };
}

/** At `variable` or `constant`. */
export function parseCreateVariable(cursor: TokenCursor, start: number, prologue: Prologue): CreateVariable {
  const constant = cursor.takeKeyword('constant');
  cursor.expectKeyword('variable', "behind 'create constant'");
  const type = parseTypeName(cursor);
  const name = parseVariableName(cursor);
  const value = cursor.takeSymbol('=') ? parseExpression(cursor) : undefined;
  return {
    kind: 'create-variable',
    ...prologue,
    constant,
    type,
    name,
    ...(value && { value }),
    ...cursor.span(start),
  };
}

function parseVariableName(cursor: TokenCursor): CreateVariable['name'] {
  const { start } = cursor.token;
  if (cursor.token.kind !== 'name') throw cursor.unexpected('the name of the variable');
  return { name: parseColumnName(cursor), ...cursor.span(start) };
}

/** At `expression`, behind `create`. */
export function parseCreateExpression(
  cursor: TokenCursor,
  start: number,
  prologue: Prologue,
): CreateExpression {
  const declaration = parseDeclaration(cursor);
  return { kind: 'create-expression', ...prologue, declaration, ...cursor.span(start) };
}

/** At `expression`: `expression f { x => … }`, `expression a alias for { … }`. */
export function parseDeclaration(cursor: TokenCursor): ExpressionDeclaration {
  const { start } = cursor.next();
  const name = parseName(cursor, 'the name of the expression');
  const script = [':', '(', '['].some((symbol) => cursor.isSymbol(symbol)) || cursor.isSymbol(':', 1);
  if (script || cursor.token.kind === 'string') {
    throw new Fault(
      'EPL_NOT_SUPPORTED',
      'scripts are not run: register a function with the program instead, compile(text, { functions })',
      cursor.token,
    );
  }
  const alias = cursor.takeKeyword('alias');
  if (alias) cursor.expectKeyword('for', "behind 'alias'");
  cursor.expectSymbol('{', 'before the body of the expression');
  const parameters = !alias && isLambda(cursor) ? parseParameters(cursor) : [];
  const body = parseExpression(cursor);
  cursor.expectSymbol('}', 'to close the body of the expression');
  return { name, alias, parameters, body, ...cursor.span(start) };
}
