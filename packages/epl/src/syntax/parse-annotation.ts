import type { Annotation, AnnotationValue } from '../annotation.ts';
import { toDouble } from '../long.ts';
import { Fault } from './fault.ts';
import type { TokenCursor } from './token-cursor.ts';

/** All annotations before a statement. */
export function parseAnnotations(cursor: TokenCursor): Annotation[] {
  const annotations: Annotation[] = [];
  while (cursor.isSymbol('@')) annotations.push(parseAnnotation(cursor));
  return annotations;
}

function parseAnnotation(cursor: TokenCursor): Annotation {
  cursor.expectSymbol('@', 'before an annotation');
  const name = parseDottedName(cursor);
  if (!cursor.takeSymbol('(')) return { name, attributes: attributesOf([]) };
  if (cursor.takeSymbol(')')) return { name, attributes: attributesOf([]) };
  const pairs: [string, AnnotationValue][] = [];
  const named = cursor.token.kind === 'name' && cursor.isSymbol('=', 1);
  if (named) {
    do {
      const key = cursor.next();
      if (key.kind !== 'name') throw new Fault('EPL_SYNTAX', 'expected the name of an attribute', key);
      cursor.expectSymbol('=', 'behind the name of the attribute');
      if (pairs.some(([other]) => other === key.text)) {
        throw new Fault('EPL_DUPLICATE_NAME', `the attribute '${key.text}' is given twice`, key);
      }
      pairs.push([key.text, parseValue(cursor)]);
    } while (cursor.takeSymbol(','));
  } else {
    pairs.push(['value', parseValue(cursor)]);
  }
  cursor.expectSymbol(')', 'to close the annotation');
  const value = pairs.find(([key]) => key === 'value')?.[1];
  return { name, ...(value !== undefined && { value }), attributes: attributesOf(pairs) };
}

/** Without a prototype, so that no attribute's name means anything else. */
function attributesOf(
  pairs: readonly [string, AnnotationValue][],
): Readonly<Record<string, AnnotationValue>> {
  const attributes: Record<string, AnnotationValue> = Object.create(null);
  for (const [key, value] of pairs) attributes[key] = value;
  return attributes;
}

function parseValue(cursor: TokenCursor): AnnotationValue {
  return cursor.nested(() => {
    const { token } = cursor;
    if (cursor.isSymbol('@')) return parseAnnotation(cursor);
    if (cursor.takeSymbol('{')) {
      const values: AnnotationValue[] = [];
      if (cursor.takeSymbol('}')) return values;
      do values.push(parseValue(cursor));
      while (cursor.takeSymbol(','));
      cursor.expectSymbol('}', 'to close the array');
      return values;
    }
    const negative = cursor.takeSymbol('-');
    const literal = cursor.token;
    if (literal.kind === 'number') {
      cursor.next();
      return negative ? -toDouble(literal.value) : toDouble(literal.value);
    }
    if (!negative) {
      if (literal.kind === 'string') {
        cursor.next();
        return literal.value;
      }
      if (cursor.takeKeyword('true')) return true;
      if (cursor.takeKeyword('false')) return false;
      if (cursor.takeKeyword('null')) return null;
      // An enumeration constant, such as `EventRepresentation(map)`.
      if (token.kind === 'name') return parseDottedName(cursor);
    }
    throw cursor.unexpected('the value of the annotation');
  });
}

function parseDottedName(cursor: TokenCursor): string {
  const { token } = cursor;
  if (token.kind !== 'name') throw cursor.unexpected("a name behind '@'");
  cursor.next();
  let name = token.text;
  while (cursor.isSymbol('.') && cursor.ahead(1).kind === 'name') {
    cursor.next();
    name += `.${cursor.next().text}`;
  }
  return name;
}
