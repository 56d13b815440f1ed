import type { Expression } from './expression.ts';
import { Fault } from './fault.ts';
import { isReserved } from './keywords.ts';
import { parseAnnotations } from './parse-annotation.ts';
import { parseCondition, parseExpression } from './parse-expression.ts';
import { parseDottedName, parseName } from './parse-name.ts';
import type {
  GroupItem,
  GroupingSet,
  InsertInto,
  LimitNode,
  OrderItem,
  Rollup,
  SelectItem,
  StreamSelector,
} from './select.ts';
import type { Name } from './statement.ts';
import type { NameToken } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `a, b as c, s.*`. */
export function parseItems(cursor: TokenCursor): SelectItem[] {
  const items = [parseItem(cursor)];
  while (cursor.takeSymbol(',')) items.push(parseItem(cursor));
  return items;
}

function parseItem(cursor: TokenCursor): SelectItem {
  const { token } = cursor;
  if (cursor.takeSymbol('*')) return { kind: 'wildcard', start: token.start, end: token.end };
  if (cursor.isName() && cursor.isSymbol('.', 1) && cursor.isSymbol('*', 2)) {
    const stream = parseName(cursor, 'the name of a stream');
    cursor.next();
    cursor.next();
    const alias = parseAlias(cursor);
    return {
      kind: 'stream-wildcard',
      stream,
      ...(alias !== undefined && { alias }),
      ...cursor.span(token.start),
    };
  }
  const expression = parseExpression(cursor);
  const annotations = parseAnnotations(cursor);
  const alias = parseAlias(cursor);
  return {
    kind: 'expression',
    expression,
    annotations,
    ...(alias !== undefined && { alias }),
    ...cursor.span(token.start),
  };
}

/** `as name`, or a bare name. A dotted alias needs backticks. */
function parseAlias(cursor: TokenCursor): string | undefined {
  if (cursor.takeKeyword('as')) {
    // 'set' may name a column, although it is no name elsewhere.
    const token = cursor.isKeyword('set')
      ? (cursor.next() as NameToken)
      : cursor.expectName('the name of a column');
    if (cursor.isSymbol('.')) {
      throw new Fault(
        'EPL_SYNTAX',
        "unexpected '.': a dotted column name must stand between backticks",
        cursor.token,
      );
    }
    return token.text;
  }
  const { token } = cursor;
  if (token.kind !== 'name' || (!token.quoted && isReserved(token.keyword))) return undefined;
  cursor.next();
  return token.text;
}

export function takeSelector(cursor: TokenCursor): StreamSelector | undefined {
  const word = cursor.keyword();
  if (word !== 'istream' && word !== 'rstream' && word !== 'irstream') return undefined;
  if (cursor.isSymbol('(', 1)) return undefined;
  cursor.next();
  return word;
}

export function parseInsertInto(cursor: TokenCursor): InsertInto {
  const { start } = cursor.next();
  const selector = takeSelector(cursor) ?? 'istream';
  cursor.expectKeyword('into', "behind 'insert'");
  const target = parseName(cursor, 'the name of a stream');
  return { selector, target, columns: parseColumnNames(cursor), ...cursor.span(start) };
}

/** `(a, ipfix.octets)`, where there is one. */
export function parseColumnNames(cursor: TokenCursor): Name[] | undefined {
  if (!cursor.takeSymbol('(')) return undefined;
  const columns: Name[] = [];
  do columns.push(parseDottedName(cursor, 'the name of a column'));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', 'to close the columns');
  return columns;
}

export function parseWhere(cursor: TokenCursor): Expression | undefined {
  return cursor.takeKeyword('where') ? parseCondition(cursor) : undefined;
}

export function parseGroupBy(cursor: TokenCursor): GroupItem[] {
  const items: GroupItem[] = [];
  if (!cursor.takeKeyword('group')) return items;
  cursor.expectKeyword('by', "behind 'group'");
  do items.push(parseGroupItem(cursor));
  while (cursor.takeSymbol(','));
  return items;
}

function parseGroupItem(cursor: TokenCursor): GroupItem {
  const rollup = takeRollup(cursor);
  if (rollup !== undefined) return rollup;
  const { start } = cursor.token;
  if (!cursor.isKeyword('grouping') || !cursor.isKeyword('sets', 1)) return parseExpression(cursor);
  cursor.next();
  cursor.next();
  cursor.expectSymbol('(', "behind 'grouping sets'");
  const sets: (GroupingSet | Rollup)[] = [];
  do sets.push(takeRollup(cursor) ?? parseGroupingSet(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', "to close 'grouping sets'");
  return { kind: 'grouping-sets', sets, ...cursor.span(start) };
}

function takeRollup(cursor: TokenCursor): Rollup | undefined {
  const kind = cursor.keyword();
  if ((kind !== 'rollup' && kind !== 'cube') || !cursor.isSymbol('(', 1)) return undefined;
  const { start } = cursor.next();
  cursor.next();
  const items: GroupingSet[] = [];
  do items.push(parseGroupingSet(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', `to close '${kind}'`);
  return { kind, items, ...cursor.span(start) };
}

/** `a`, `(a, b)`, `()`. What begins with a parenthesis may still be an expression: `(a + 1) * 2`. */
function parseGroupingSet(cursor: TokenCursor): GroupingSet {
  const { start } = cursor.token;
  const position = cursor.position;
  if (cursor.takeSymbol('(')) {
    const keys: Expression[] = [];
    if (!cursor.takeSymbol(')')) {
      do keys.push(parseExpression(cursor));
      while (cursor.takeSymbol(','));
      cursor.expectSymbol(')', 'to close the grouping set');
    }
    if (cursor.isSymbol(',') || cursor.isSymbol(')'))
      return { kind: 'grouping-set', keys, ...cursor.span(start) };
    cursor.rewind(position);
  }
  return { kind: 'grouping-set', keys: [parseExpression(cursor)], ...cursor.span(start) };
}

export function parseHaving(cursor: TokenCursor): Expression | undefined {
  return cursor.takeKeyword('having') ? parseCondition(cursor) : undefined;
}

export function parseOrderBy(cursor: TokenCursor): OrderItem[] {
  const items: OrderItem[] = [];
  if (!cursor.takeKeyword('order')) return items;
  cursor.expectKeyword('by', "behind 'order'");
  do {
    const expression = parseExpression(cursor);
    const descending = cursor.takeKeyword('desc');
    if (!descending) cursor.takeKeyword('asc');
    items.push({ expression, descending, ...cursor.span(expression.start) });
  } while (cursor.takeSymbol(','));
  return items;
}

export function parseLimit(cursor: TokenCursor): LimitNode | undefined {
  const { start } = cursor.token;
  if (!cursor.takeKeyword('limit')) return undefined;
  const first = parseExpression(cursor);
  if (cursor.takeKeyword('offset'))
    return { count: first, offset: parseExpression(cursor), ...cursor.span(start) };
  // `limit 1, 2`: the offset comes first.
  if (cursor.takeSymbol(',')) return { count: parseExpression(cursor), offset: first, ...cursor.span(start) };
  return { count: first, ...cursor.span(start) };
}
