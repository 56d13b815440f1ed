import type { Arguments, Expression, Path, PathPart } from './expression.ts';
import { notSupported } from './fault.ts';
import { parseExpression } from './parse-expression.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Properties and calls, chained by dots. `reserved` allows the first name to be a keyword. */
export function parsePath(cursor: TokenCursor, reserved = false): Path {
  const start = cursor.token.start;
  const parts = parseParts(cursor, reserved);
  return { kind: 'path', parts, ...cursor.span(start) };
}

export function parseParts(cursor: TokenCursor, reserved = false): PathPart[] {
  const parts: PathPart[] = [parsePart(cursor, reserved)];
  while (cursor.isSymbol('.') && cursor.ahead(1).kind === 'name') {
    cursor.next();
    cursor.deepen(cursor.depth + parts.length);
    // Behind a dot a keyword is a name: `f.count`, `ipfix.order`.
    parts.push(parsePart(cursor, true));
  }
  return parts;
}

function parsePart(cursor: TokenCursor, reserved: boolean): PathPart {
  const name = cursor.token;
  if (name.kind !== 'name') throw cursor.unexpected('a name');
  if (!reserved) cursor.expectName('a name');
  else cursor.next();
  let index: Expression | undefined;
  let args: Arguments | undefined;
  if (cursor.takeSymbol('(')) {
    args = cursor.nested(() => parseArguments(cursor));
  }
  if (cursor.takeSymbol('[')) {
    index = parseExpression(cursor);
    cursor.expectSymbol(']', 'behind the index');
  }
  const dynamic = cursor.takeSymbol('?');
  return {
    name: name.text,
    quoted: name.quoted,
    ...(args && { arguments: args }),
    ...(index && { index }),
    dynamic,
    ...cursor.span(name.start),
  };
}

function parseArguments(cursor: TokenCursor): Arguments {
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
    if (cursor.isSymbol('(') && cursor.isSymbol(')', 1)) throw notSupported(`'${token.text}: ()'`, token);
    const value = parseExpression(cursor);
    return { kind: 'named-argument', name: token.text, value, ...cursor.span(token.start) };
  }
  if (isLambda(cursor)) throw notSupported('lambda expressions', token);
  const expression = parseTimeOrExpression(cursor);
  if (!cursor.isKeyword('asc') && !cursor.isKeyword('desc')) return expression;
  throw notSupported('sort criteria as arguments', cursor.token);
}

/** `x => …` or `(x, i) => …`. */
function isLambda(cursor: TokenCursor): boolean {
  if (cursor.token.kind === 'name') return cursor.isSymbol('=>', 1);
  if (!cursor.isSymbol('(')) return false;
  let at = 1;
  while (cursor.ahead(at).kind === 'name' && cursor.isSymbol(',', at + 1)) at += 2;
  return cursor.ahead(at).kind === 'name' && cursor.isSymbol(')', at + 1) && cursor.isSymbol('=>', at + 2);
}
