import type { Arguments, Expression, KeyTuple, Lambda } from './expression.ts';
import { parseExpression } from './parse-expression.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type { TokenCursor } from './token-cursor.ts';

/** The arguments of a function, a method, an aggregate or a window, up to the closing parenthesis. */
export function parseArguments(cursor: TokenCursor): Arguments {
  if (cursor.takeSymbol(')')) return { distinct: false, list: [] };
  const distinct = cursor.takeKeyword('distinct');
  if (cursor.isKeyword('all') && !cursor.isSymbol('(', 1)) cursor.next();
  const list: Expression[] = [];
  do list.push(parseArgument(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', 'to close the arguments');
  return { distinct, list };
}

function parseArgument(cursor: TokenCursor): Expression {
  const { token } = cursor;
  if (cursor.takeSymbol('*')) return { kind: 'wildcard', start: token.start, end: token.end };
  if (token.kind === 'name' && cursor.isSymbol('.', 1) && cursor.isSymbol('*', 2)) {
    cursor.next();
    cursor.next();
    cursor.next();
    return { kind: 'wildcard', stream: token.text, ...cursor.span(token.start) };
  }
  if (token.kind === 'name' && cursor.isSymbol(':', 1)) {
    cursor.next();
    cursor.next();
    const value = parseNamedValue(cursor);
    return { kind: 'named-argument', name: token.text, value, ...cursor.span(token.start) };
  }
  if (isLambda(cursor)) return parseLambda(cursor);
  const expression = parseTimeOrExpression(cursor);
  const descending = cursor.isKeyword('desc');
  if (!descending && !cursor.isKeyword('asc')) return expression;
  cursor.next();
  return { kind: 'sort-key', expression, descending, ...cursor.span(token.start) };
}

/** An expression, `()`, or `(a, b)`. */
function parseNamedValue(cursor: TokenCursor): Expression {
  const { start } = cursor.token;
  const position = cursor.position;
  if (cursor.takeSymbol('(')) {
    const elements: Expression[] = [];
    if (!cursor.takeSymbol(')')) {
      if (!cursor.isKeyword('select')) elements.push(parseExpression(cursor));
      while (elements.length > 0 && cursor.takeSymbol(',')) elements.push(parseExpression(cursor));
    }
    if (elements.length === 0 || (elements.length > 1 && cursor.takeSymbol(')'))) {
      const tuple: KeyTuple = { kind: 'tuple', elements, ...cursor.span(start) };
      return tuple;
    }
    cursor.rewind(position);
  }
  return parseTimeOrExpression(cursor);
}

/** `x => …` or `(x, i) => …`. */
export function isLambda(cursor: TokenCursor): boolean {
  if (cursor.token.kind === 'name') return cursor.isSymbol('=>', 1);
  if (!cursor.isSymbol('(')) return false;
  let at = 1;
  while (cursor.ahead(at).kind === 'name' && cursor.isSymbol(',', at + 1)) at += 2;
  return cursor.ahead(at).kind === 'name' && cursor.isSymbol(')', at + 1) && cursor.isSymbol('=>', at + 2);
}

/** At a place where {@link isLambda} holds. */
export function parseLambda(cursor: TokenCursor): Lambda {
  const { start } = cursor.token;
  const parameters = parseParameters(cursor);
  const body = parseExpression(cursor);
  return { kind: 'lambda', parameters, body, ...cursor.span(start) };
}

/** The names before `=>`, and the arrow. */
export function parseParameters(cursor: TokenCursor): string[] {
  const list = cursor.takeSymbol('(');
  const parameters = [cursor.expectName('the name of a parameter').text];
  while (list && cursor.takeSymbol(',')) parameters.push(cursor.expectName('the name of a parameter').text);
  if (list) cursor.expectSymbol(')', 'to close the parameters');
  cursor.expectSymbol('=>', 'behind the parameters');
  return parameters;
}
