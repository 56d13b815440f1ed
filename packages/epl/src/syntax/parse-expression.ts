import type { BinaryOperator, Comparison, Expression } from './expression.ts';
import { Fault } from './fault.ts';
import { closeSubquery, parseCase, parseList, parseUnary } from './parse-primary.ts';
import type { TokenCursor } from './token-cursor.ts';

/**
 * Recursive descent over the levels of the language, loosest first:
 * `case`, `or`, `and`, bitwise, `not`, equality, comparison and `in`/`between`/`like`, `||`, `+ -`, `* / %`, unary.
 * Bitwise operators bind looser than `=`, as Esper's do.
 */
export function parseExpression(cursor: TokenCursor): Expression {
  return cursor.nested(() => (cursor.isKeyword('case') ? parseCase(cursor) : parseOr(cursor)));
}

/** An expression where `case` needs parentheses: where and having. */
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

const bitwise = ['&', '|', '^'] as const;

/** Bitwise operators do not chain: `a & b | c` has no meaning without parentheses. */
function parseBitwise(cursor: TokenCursor): Expression {
  const left = parseNot(cursor);
  const operator = symbolOperator(cursor, bitwise);
  if (operator === undefined) return left;
  const right = parseNot(cursor);
  if (bitwise.some((symbol) => cursor.isSymbol(symbol)))
    throw new Fault('EPL_SYNTAX', 'a bitwise operator takes two operands: write parentheses', cursor.token);
  return { kind: 'binary', operator, left, right, ...cursor.span(left.start) };
}

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
