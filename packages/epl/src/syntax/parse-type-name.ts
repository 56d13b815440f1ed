import type { TypeName } from './expression.ts';
import type { TokenCursor } from './token-cursor.ts';

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
