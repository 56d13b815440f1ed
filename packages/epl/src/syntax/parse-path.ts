import type { Arguments, Expression, Path, PathPart } from './expression.ts';
import { parseArguments } from './parse-arguments.ts';
import { parseExpression } from './parse-expression.ts';
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
  const indexes: Expression[] = [];
  let args: Arguments | undefined;
  if (cursor.takeSymbol('(')) {
    args = cursor.nested(() => parseArguments(cursor));
  }
  if (cursor.takeSymbol('[')) {
    do indexes.push(parseExpression(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(']', 'behind the index');
  }
  const dynamic = cursor.takeSymbol('?');
  return {
    name: name.text,
    quoted: name.quoted,
    ...(args && { arguments: args }),
    ...(indexes.length > 0 && { indexes }),
    dynamic,
    ...cursor.span(name.start),
  };
}
