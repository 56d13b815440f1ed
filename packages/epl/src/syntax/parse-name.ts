import type { Name } from './statement.ts';
import type { NameToken } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';

export const nameOf = (token: NameToken): Name => ({
  name: token.text,
  start: token.start,
  end: token.end,
});

/** A name that is not reserved. `what` completes "expected …". */
export const parseName = (cursor: TokenCursor, what: string): Name => nameOf(cursor.expectName(what));

/** `a, b, c`. */
export function parseNames(cursor: TokenCursor, what: string): Name[] {
  const names = [parseName(cursor, what)];
  while (cursor.takeSymbol(',')) names.push(parseName(cursor, what));
  return names;
}

/** A column: `a`, `ipfix.octets`. Behind a dot a keyword is a name. */
export function parseDottedName(cursor: TokenCursor, what: string): Name {
  const first = cursor.expectName(what);
  let name = first.text;
  while (cursor.takeSymbol('.')) {
    const { token } = cursor;
    if (token.kind !== 'name') throw cursor.unexpected('a name behind the dot');
    cursor.next();
    name += `.${token.text}`;
  }
  return { name, ...cursor.span(first.start) };
}

/** `as name`, or with `bare` a name alone. */
export function parseOptionalName(cursor: TokenCursor, what: string, bare: boolean): Name | undefined {
  if (cursor.takeKeyword('as')) return parseName(cursor, what);
  return bare ? parseName(cursor, what) : undefined;
}
