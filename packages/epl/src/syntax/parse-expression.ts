import { addLong, type Long, subtractLong } from '../long.ts';
import type {
  BinaryOperator,
  Comparison,
  Expression,
  Literal,
  NamedArgument,
  NewColumn,
  TypeName,
} from './expression.ts';
import { Fault } from './fault.ts';
import { parseDottedName } from './parse-name.ts';
import { parseParts, parsePath } from './parse-path.ts';
import { parseSubquery } from './parse-select.ts';
import type { Subquery } from './select.ts';
import type { NumberToken } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';

/**
 * Recursive descent over the levels of the language, loosest first:
 * `case`, `or`, `and`, bitwise, `not`, equality, comparison and `in`/`between`/`like`, `||`, `+ -`, `* / %`, unary.
 * Bitwise operators bind looser than `=`, as Esper's do.
 */
export function parseExpression(cursor: TokenCursor): Expression {
  return cursor.nested(() => (cursor.isKeyword('case') ? parseCase(cursor) : parseOr(cursor)));
}

/** An expression where `case` needs parentheses: where, having, filters. */
export function parseCondition(cursor: TokenCursor): Expression {
  if (cursor.isKeyword('case')) {
    throw new Fault('EPL_SYNTAX', "'case' must stand in parentheses here", cursor.token);
  }
  return parseExpression(cursor);
}

function parseOr(cursor: TokenCursor): Expression {
  return connective(cursor, 'or', parseAnd);
}

function parseAnd(cursor: TokenCursor): Expression {
  return connective(cursor, 'and', parseBitwise);
}

function connective(
  cursor: TokenCursor,
  kind: 'and' | 'or',
  parse: (cursor: TokenCursor) => Expression,
): Expression {
  const first = parse(cursor);
  if (!cursor.isKeyword(kind)) return first;
  const operands = [first];
  while (cursor.takeKeyword(kind)) operands.push(parse(cursor));
  return { kind, operands, ...cursor.span(first.start) };
}

/** A chain of left-associative operators. Its depth counts as nesting, since the tree leans to the left. */
function chain(
  cursor: TokenCursor,
  parse: (cursor: TokenCursor) => Expression,
  operator: () => BinaryOperator | undefined,
): Expression {
  let left = parse(cursor);
  let depth = cursor.depth;
  for (let found = operator(); found !== undefined; found = operator()) {
    cursor.deepen(++depth);
    const right = parse(cursor);
    left = { kind: 'binary', operator: found, left, right, ...cursor.span(left.start) };
  }
  return left;
}

function symbolOperator(cursor: TokenCursor, allowed: readonly BinaryOperator[]): BinaryOperator | undefined {
  const { token } = cursor;
  if (token.kind !== 'symbol' || !(allowed as readonly string[]).includes(token.text)) return undefined;
  cursor.next();
  return token.text as BinaryOperator;
}

const parseBitwise = (cursor: TokenCursor): Expression =>
  chain(cursor, parseNot, () => symbolOperator(cursor, ['&', '|', '^']));

function parseNot(cursor: TokenCursor): Expression {
  const start = cursor.token.start;
  if (!cursor.takeKeyword('not')) return parseEquality(cursor);
  const operand = parseEquality(cursor);
  return { kind: 'unary', operator: 'not', operand, ...cursor.span(start) };
}

function parseEquality(cursor: TokenCursor): Expression {
  let left = parseRelation(cursor);
  let depth = cursor.depth;
  for (;;) {
    const operator = equalityOperator(cursor);
    if (operator === undefined) return left;
    cursor.deepen(++depth);
    left = finishComparison(cursor, left, operator, parseRelation);
  }
}

function equalityOperator(cursor: TokenCursor): '=' | '!=' | 'is' | 'is not' | undefined {
  if (cursor.takeKeyword('is')) return cursor.takeKeyword('not') ? 'is not' : 'is';
  if (cursor.takeSymbol('=')) {
    if (cursor.isSymbol('='))
      throw new Fault('EPL_SYNTAX', "equality is written with a single '='", cursor.token, '=');
    return '=';
  }
  return cursor.takeSymbol('!=') || cursor.takeSymbol('<>') ? '!=' : undefined;
}

/** The right side of a comparison: an expression, or `any`, `some`, `all` with a list. */
function finishComparison(
  cursor: TokenCursor,
  left: Expression,
  operator: Comparison | 'is' | 'is not',
  parse: (cursor: TokenCursor) => Expression,
): Expression {
  const word = cursor.keyword();
  if ((word === 'any' || word === 'some' || word === 'all') && operator !== 'is' && operator !== 'is not') {
    cursor.next();
    cursor.expectSymbol('(', `behind '${word}'`);
    const quantifier = word === 'all' ? 'all' : 'any';
    if (cursor.isKeyword('select')) {
      const query = closeSubquery(cursor);
      return { kind: 'quantified-subquery', operator, quantifier, left, query, ...cursor.span(left.start) };
    }
    const list = cursor.takeSymbol(')') ? [] : parseList(cursor, ')');
    return { kind: 'quantified', operator, quantifier, left, list, ...cursor.span(left.start) };
  }
  const right = parse(cursor);
  return { kind: 'binary', operator, left, right, ...cursor.span(left.start) };
}

function parseRelation(cursor: TokenCursor): Expression {
  let left = parseConcatenation(cursor);
  let depth = cursor.depth;
  for (;;) {
    const not = cursor.isKeyword('not') && ['in', 'between', 'like', 'regexp'].includes(cursor.keyword(1));
    const operator = not ? undefined : symbolOperator(cursor, ['<', '<=', '>', '>=']);
    if (operator !== undefined) {
      if (cursor.isSymbol('<') || cursor.isSymbol('>')) throw cursor.unexpected('an expression');
      left = finishComparison(cursor, left, operator as Comparison, parseConcatenation);
    } else {
      if (not) cursor.next();
      const test = parseTest(cursor, left, not);
      if (test === undefined) return left;
      left = test;
    }
    cursor.deepen(++depth);
  }
}

/** `in`, `between`, `like`, `regexp` behind a value. */
function parseTest(cursor: TokenCursor, value: Expression, not: boolean): Expression | undefined {
  if (cursor.takeKeyword('in')) return parseIn(cursor, value, not);
  if (cursor.takeKeyword('between')) {
    const low = parseConcatenation(cursor);
    cursor.expectKeyword('and', "between the two bounds of 'between'");
    const high = parseConcatenation(cursor);
    return { kind: 'between', not, value, low, high, ...cursor.span(value.start) };
  }
  if (cursor.takeKeyword('like')) {
    const pattern = parseConcatenation(cursor);
    const escapeChar = cursor.takeKeyword('escape') ? parseConcatenation(cursor) : undefined;
    return {
      kind: 'like',
      not,
      value,
      pattern,
      ...(escapeChar && { escape: escapeChar }),
      ...cursor.span(value.start),
    };
  }
  if (cursor.takeKeyword('regexp')) {
    const pattern = parseConcatenation(cursor);
    return { kind: 'regexp', not, value, pattern, ...cursor.span(value.start) };
  }
  return undefined;
}

function parseIn(cursor: TokenCursor, value: Expression, not: boolean): Expression {
  if (cursor.takeSymbol('(')) {
    if (cursor.isKeyword('select')) {
      const query = closeSubquery(cursor);
      return { kind: 'in-subquery', not, value, query, ...cursor.span(value.start) };
    }
    if (cursor.takeSymbol(')')) return { kind: 'in-list', not, value, list: [], ...cursor.span(value.start) };
    const first = parseExpression(cursor);
    if (cursor.takeSymbol(':')) {
      return parseRangeEnd(cursor, { value, not, low: first, lowIncluded: false });
    }
    const list = [first];
    while (cursor.takeSymbol(',')) list.push(parseExpression(cursor));
    cursor.expectSymbol(')', "behind the list of 'in'");
    return { kind: 'in-list', not, value, list, ...cursor.span(value.start) };
  }
  if (cursor.takeSymbol('[')) {
    const low = parseExpression(cursor);
    cursor.expectSymbol(':', 'between the two bounds of the range');
    return parseRangeEnd(cursor, { value, not, low, lowIncluded: true });
  }
  throw cursor.unexpected("'(' or '[' behind 'in'");
}

/** A subquery whose parenthesis is open already. */
function closeSubquery(cursor: TokenCursor): Subquery {
  const query = parseSubquery(cursor);
  cursor.expectSymbol(')', 'to close the subquery');
  return query;
}

function parseRangeEnd(
  cursor: TokenCursor,
  begun: { value: Expression; not: boolean; low: Expression; lowIncluded: boolean },
): Expression {
  const high = parseExpression(cursor);
  const highIncluded = cursor.takeSymbol(']');
  if (!highIncluded) cursor.expectSymbol(')', "or ']' behind the range");
  return { kind: 'in-range', ...begun, high, highIncluded, ...cursor.span(begun.value.start) };
}

const parseConcatenation = (cursor: TokenCursor): Expression =>
  chain(cursor, parseSum, () => symbolOperator(cursor, ['||']));
const parseSum = (cursor: TokenCursor): Expression =>
  chain(cursor, parseProduct, () => symbolOperator(cursor, ['+', '-']));
const parseProduct = (cursor: TokenCursor): Expression =>
  chain(cursor, parseUnary, () => symbolOperator(cursor, ['*', '/', '%']));

/** Literals, names, calls, arrays, parentheses, and a sign before a number or a name. */
export function parseUnary(cursor: TokenCursor): Expression {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return numberLiteral(token, '');
  }
  if (token.kind === 'string') {
    cursor.next();
    return { kind: 'literal', type: 'string', value: token.value, start: token.start, end: token.end };
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
  if (cursor.takeSymbol('{')) {
    const elements = cursor.takeSymbol('}') ? [] : parseList(cursor, '}');
    return { kind: 'array', elements, ...cursor.span(start) };
  }
  return undefined;
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

/** `new int[3]`, `new string[2][2]`. */
function parseNewArray(cursor: TokenCursor): Expression {
  const { start } = cursor.next();
  const name = cursor.expectName('a type');
  const type: TypeName = { name: name.text, dimensions: 0, start: name.start, end: name.end };
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

/** `string`, `java.lang.String`, `int[]`, `` `string` ``. */
export function parseTypeName(cursor: TokenCursor): TypeName {
  const first = cursor.token;
  if (first.kind !== 'name') throw cursor.unexpected('a type');
  cursor.next();
  let name = first.text;
  while (cursor.isSymbol('.') && cursor.ahead(1).kind === 'name') {
    cursor.next();
    name += `.${cursor.next().text}`;
  }
  let dimensions = 0;
  while (cursor.takeSymbol('[')) {
    if (cursor.isKeyword('primitive')) cursor.next();
    cursor.expectSymbol(']', 'behind the type of the array');
    dimensions++;
  }
  return { name, dimensions, ...cursor.span(first.start) };
}

function parseCase(cursor: TokenCursor): Expression {
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
function parseList(cursor: TokenCursor, close: string): Expression[] {
  const list: Expression[] = [];
  do list.push(parseExpression(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(close, 'to close the list');
  return list;
}
