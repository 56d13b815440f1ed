import { addLong, type Long, subtractLong } from '../long.ts';
import type { Expression, Literal, NamedArgument, NewColumn, TypeName } from './expression.ts';
import { Fault } from './fault.ts';
import { parseExpression } from './parse-expression.ts';
import { parseDottedName, parseName } from './parse-name.ts';
import { parseParts, parsePath } from './parse-path.ts';
import { parseSubquery } from './parse-select.ts';
import { parseTypeName } from './parse-type-name.ts';
import type { Subquery } from './select.ts';
import type { NumberToken } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Literals, names, calls, arrays, parentheses, and a sign before a number or a name. */
export function parseUnary(cursor: TokenCursor): Expression {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return numberLiteral(token, '');
  }
  if (token.kind === 'string') {
    cursor.next();
    const { value, start, end } = token;
    return chained(cursor, { kind: 'literal', type: 'string', value, start, end });
  }
  if (cursor.takeSymbol('+') || cursor.takeSymbol('-')) {
    const number = cursor.token;
    if (number.kind === 'number') {
      cursor.next();
      return { ...numberLiteral(number, token.text), start: token.start };
    }
    if (token.text === '-' && cursor.isName()) {
      const operand = parsePath(cursor);
      return { kind: 'unary', operator: '-', operand, ...cursor.span(token.start) };
    }
    if (cursor.isSymbol('(')) {
      throw new Fault(
        'EPL_SYNTAX',
        `'${token.text}' cannot stand before a parenthesis: write 0 - (…)`,
        cursor.token,
      );
    }
    throw cursor.unexpected(`a number or a name behind '${token.text}'`);
  }
  const primary = parsePrimary(cursor);
  if (primary !== undefined) return chained(cursor, primary);
  if (token.kind === 'name' && !token.quoted) {
    const word = parseWord(cursor, token.keyword);
    if (word !== undefined) return word.kind === 'path' ? word : chained(cursor, word);
  }
  if (cursor.isName()) return parsePath(cursor);
  throw cursor.unexpected('an expression');
}

/** What stands in brackets: an expression, a subquery, an array. */
function parsePrimary(cursor: TokenCursor): Expression | undefined {
  const { start } = cursor.token;
  if (cursor.takeSymbol('(')) {
    if (cursor.isKeyword('select')) {
      const query = closeSubquery(cursor);
      return { kind: 'subquery', query, ...cursor.span(start) };
    }
    const inner = parseExpression(cursor);
    cursor.expectSymbol(')', 'to close the parenthesis');
    return inner;
  }
  if (cursor.takeSymbol('?')) return parseParameter(cursor, start);
  if (cursor.takeSymbol('{')) {
    const elements = cursor.takeSymbol('}') ? [] : parseList(cursor, '}');
    return { kind: 'array', elements, ...cursor.span(start) };
  }
  return undefined;
}

/** Behind `?`: nothing, `::int`, `:name` or `:name:int`. */
function parseParameter(cursor: TokenCursor, start: number): Expression {
  let name: string | undefined;
  let type: TypeName | undefined;
  if (cursor.takeSymbol(':')) {
    if (cursor.takeSymbol(':')) type = parseTypeName(cursor);
    else {
      name = parseName(cursor, 'the name of the parameter').name;
      if (cursor.takeSymbol(':')) type = parseTypeName(cursor);
    }
  }
  return {
    kind: 'parameter',
    ...(name !== undefined && { name }),
    ...(type && { type }),
    ...cursor.span(start),
  };
}

/** A value with what is called on it: `(a || b).length()`, `{1, 2}.max()`. */
function chained(cursor: TokenCursor, base: Expression): Expression {
  if (!cursor.isSymbol('.') || cursor.ahead(1).kind !== 'name') return base;
  cursor.next();
  const parts = parseParts(cursor, true);
  return { kind: 'method', base, parts, ...cursor.span(base.start) };
}

function numberLiteral(token: NumberToken, sign: string): Literal {
  let { value } = token;
  if (sign === '-') value = typeof value === 'bigint' ? subtractLong(0, value) : 0 - value;
  else if (typeof value === 'bigint') value = addLong(value, 0);
  // -2147483648 is an int although its digits alone are not.
  const type = token.type === 'long' && value === -2147483648 && !/l$/i.test(token.text) ? 'int' : token.type;
  if (typeof token.value === 'bigint' && sign !== '-' && (value as Long) !== token.value) {
    throw new Fault('EPL_VALUE', `the number ${token.text} does not fit a long`, token);
  }
  return { kind: 'literal', type, value, start: token.start, end: token.end };
}

/** Keywords that begin an expression. */
function parseWord(cursor: TokenCursor, word: string): Expression | undefined {
  const { start, end } = cursor.token;
  const call = cursor.isSymbol('(', 1);
  switch (word) {
    case 'true':
    case 'false':
      cursor.next();
      return { kind: 'literal', type: 'boolean', value: word === 'true', start, end };
    case 'null':
      cursor.next();
      return { kind: 'literal', type: 'null', value: null, start, end };
    case 'case':
      return cursor.nested(() => parseCase(cursor));
    case 'current_timestamp':
      cursor.next();
      if (cursor.takeSymbol('(')) cursor.expectSymbol(')', "behind 'current_timestamp('");
      return { kind: 'current-timestamp', ...cursor.span(start) };
    case 'istream':
      if (!call) return undefined;
      return parsePath(cursor, true);
    case 'exists':
      return call ? parseExists(cursor) : undefined;
    case 'cast':
      return call ? parseCast(cursor) : undefined;
    case 'instanceof':
      return call ? parseInstanceOf(cursor) : undefined;
    case 'new':
      if (cursor.isSymbol('{', 1)) return cursor.nested(() => parseNew(cursor));
      return cursor.isSymbol('[', 2) ? parseNewArray(cursor) : undefined;
    case 'grouping':
    case 'grouping_id':
      return call ? parsePath(cursor, true) : undefined;
    case 'any':
    case 'some':
    case 'all':
      if (call)
        throw new Fault('EPL_SYNTAX', `'${word}' must stand behind a comparison operator`, cursor.token);
      return undefined;
    default:
      return undefined;
  }
}

function parseCast(cursor: TokenCursor): Expression {
  const { start } = cursor.next();
  cursor.next();
  const operand = parseExpression(cursor);
  if (!cursor.takeSymbol(',')) cursor.expectKeyword('as', "or ',' before the type of 'cast'");
  const type = parseTypeName(cursor);
  const options: NamedArgument[] = [];
  while (cursor.takeSymbol(',')) {
    const option = cursor.expectName('the name of an option');
    cursor.expectSymbol(':', 'behind the name of the option');
    const value = parseExpression(cursor);
    options.push({ kind: 'named-argument', name: option.text, value, ...cursor.span(option.start) });
  }
  cursor.expectSymbol(')', "behind 'cast'");
  return { kind: 'cast', operand, type, options, ...cursor.span(start) };
}

/** `exists(a.b?)`, `exists (select …)`. */
function parseExists(cursor: TokenCursor): Expression {
  const { start } = cursor.next();
  cursor.next();
  if (cursor.isKeyword('select')) {
    const query = closeSubquery(cursor);
    return { kind: 'exists-subquery', query, ...cursor.span(start) };
  }
  const path = parsePath(cursor);
  cursor.expectSymbol(')', "behind 'exists'");
  return { kind: 'exists', path, ...cursor.span(start) };
}

function parseInstanceOf(cursor: TokenCursor): Expression {
  const { start } = cursor.next();
  cursor.next();
  const operand = parseExpression(cursor);
  const types: TypeName[] = [];
  while (cursor.takeSymbol(',')) types.push(parseTypeName(cursor));
  if (types.length === 0) throw cursor.unexpected("',' and a type");
  cursor.expectSymbol(')', "behind 'instanceof'");
  return { kind: 'instanceof', operand, types, ...cursor.span(start) };
}

/** `new int[3]`, `new string[2][2]`, `new int[] {1, 2}`. */
function parseNewArray(cursor: TokenCursor): Expression {
  const { start } = cursor.next();
  const name = cursor.expectName('a type');
  const type: TypeName = { name: name.text, dimensions: 0, start: name.start, end: name.end };
  if (cursor.isSymbol(']', 1)) {
    cursor.next();
    cursor.next();
    cursor.expectSymbol('{', 'before the elements of the array');
    const elements = cursor.takeSymbol('}') ? [] : parseList(cursor, '}');
    return { kind: 'array', element: { ...type, ...cursor.span(start) }, elements, ...cursor.span(start) };
  }
  const sizes: Expression[] = [];
  while (cursor.takeSymbol('[')) {
    sizes.push(parseExpression(cursor));
    cursor.expectSymbol(']', 'behind the size of the array');
  }
  return { kind: 'new-array', type, sizes, ...cursor.span(start) };
}

/** `new { a = 1, b }`. */
function parseNew(cursor: TokenCursor): Expression {
  const { start } = cursor.next();
  cursor.next();
  const columns: NewColumn[] = [];
  do {
    const name = parseDottedName(cursor, 'the name of a column');
    const value = cursor.takeSymbol('=') ? parseExpression(cursor) : undefined;
    columns.push({ name: name.name, ...(value && { value }), ...cursor.span(name.start) });
  } while (cursor.takeSymbol(','));
  cursor.expectSymbol('}', "to close 'new'");
  return { kind: 'new-struct', columns, ...cursor.span(start) };
}

export function parseCase(cursor: TokenCursor): Expression {
  const { start } = cursor.next();
  const operand = cursor.isKeyword('when') ? undefined : parseExpression(cursor);
  const branches: { when: Expression; result: Expression }[] = [];
  while (cursor.takeKeyword('when')) {
    const when = parseExpression(cursor);
    cursor.expectKeyword('then', "in a branch of 'case'");
    branches.push({ when, result: parseExpression(cursor) });
  }
  if (branches.length === 0) throw cursor.unexpected("'when' in 'case'");
  const otherwise = cursor.takeKeyword('else') ? parseExpression(cursor) : undefined;
  cursor.expectKeyword('end', "to close 'case'");
  return {
    kind: 'case',
    ...(operand && { operand }),
    branches,
    ...(otherwise && { otherwise }),
    ...cursor.span(start),
  };
}

/** Expressions separated by commas up to the closing symbol. */
export function parseList(cursor: TokenCursor, close: string): Expression[] {
  const list: Expression[] = [];
  do list.push(parseExpression(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(close, 'to close the list');
  return list;
}

/** A subquery whose parenthesis is open already. */
export function closeSubquery(cursor: TokenCursor): Subquery {
  const query = parseSubquery(cursor);
  cursor.expectSymbol(')', 'to close the subquery');
  return query;
}
