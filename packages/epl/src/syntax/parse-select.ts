import type { Annotation } from '../annotation.ts';
import type { Expression } from './expression.ts';
import { Fault, notSupported } from './fault.ts';
import { isReserved, startsClause } from './keywords.ts';
import { parseCondition, parseExpression } from './parse-expression.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type {
  InsertInto,
  LimitNode,
  Name,
  OrderItem,
  Select,
  SelectItem,
  StreamNode,
  StreamSelector,
  WindowNode,
} from './statement.ts';
import type { NameToken } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `[insert into …] select … from … [where] [group by] [having] [order by] [limit]`. */
export function parseSelect(cursor: TokenCursor, start: number, annotations: readonly Annotation[]): Select {
  const insertInto = cursor.isKeyword('insert') ? parseInsertInto(cursor) : undefined;
  cursor.expectKeyword('select', "behind 'insert into'");
  const selector = takeSelector(cursor);
  const distinct = cursor.takeKeyword('distinct');
  const items: SelectItem[] = [];
  do items.push(parseItem(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectKeyword('from', 'behind the select clause');
  const from = parseFrom(cursor);
  if (cursor.isKeyword('match_recognize')) throw notSupported('match_recognize', cursor.token);
  const where = cursor.takeKeyword('where') ? parseCondition(cursor) : undefined;
  const groupBy: Expression[] = [];
  if (cursor.takeKeyword('group')) {
    cursor.expectKeyword('by', "behind 'group'");
    do groupBy.push(parseGroupItem(cursor));
    while (cursor.takeSymbol(','));
  }
  const having = cursor.takeKeyword('having') ? parseCondition(cursor) : undefined;
  if (cursor.isKeyword('output')) throw notSupported("'output' rates", cursor.token);
  const orderBy = parseOrderBy(cursor);
  const limit = parseLimit(cursor);
  return {
    kind: 'select',
    annotations,
    ...(insertInto && { insertInto }),
    selector,
    distinct,
    items,
    from,
    ...(where && { where }),
    groupBy,
    ...(having && { having }),
    orderBy,
    ...(limit && { limit }),
    ...cursor.span(start),
  };
}

function takeSelector(cursor: TokenCursor): StreamSelector | undefined {
  const word = cursor.keyword();
  if (word !== 'istream' && word !== 'rstream' && word !== 'irstream') return undefined;
  if (cursor.isSymbol('(', 1)) return undefined;
  cursor.next();
  return word;
}

function parseInsertInto(cursor: TokenCursor): InsertInto {
  const { start } = cursor.next();
  const selector = takeSelector(cursor) ?? 'istream';
  cursor.expectKeyword('into', "behind 'insert'");
  const target = nameOf(cursor.expectName('the name of a stream'));
  if (cursor.isSymbol('.')) throw notSupported('insert into a port of a data flow', cursor.token);
  let columns: Name[] | undefined;
  if (cursor.takeSymbol('(')) {
    columns = [];
    do columns.push(parseDottedName(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', 'to close the columns');
  }
  return { selector, target, columns, ...cursor.span(start) };
}

const nameOf = (token: NameToken): Name => ({ name: token.text, start: token.start, end: token.end });

function parseDottedName(cursor: TokenCursor): Name {
  const first = cursor.expectName('the name of a column');
  let name = first.text;
  while (cursor.takeSymbol('.')) {
    const { token } = cursor;
    if (token.kind !== 'name') throw cursor.unexpected('a name behind the dot');
    cursor.next();
    name += `.${token.text}`;
  }
  return { name, ...cursor.span(first.start) };
}

function parseItem(cursor: TokenCursor): SelectItem {
  const { token } = cursor;
  if (cursor.takeSymbol('*')) return { kind: 'wildcard', start: token.start, end: token.end };
  if (cursor.isName() && cursor.isSymbol('.', 1) && cursor.isSymbol('*', 2)) {
    const stream = nameOf(cursor.expectName('the name of a stream'));
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
  if (cursor.isSymbol('@')) throw notSupported("annotations of columns, such as '@eventbean'", cursor.token);
  const alias = parseAlias(cursor);
  return {
    kind: 'expression',
    expression,
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

function parseFrom(cursor: TokenCursor): StreamNode[] {
  const streams = [parseStream(cursor)];
  for (;;) {
    if (cursor.takeSymbol(',')) {
      streams.push({ ...parseStream(cursor), join: 'comma' });
      continue;
    }
    const word = cursor.keyword();
    if (word === 'left' || word === 'right' || word === 'full') {
      if (cursor.isKeyword('outer', 1) || cursor.isKeyword('join', 1))
        throw notSupported('outer joins', cursor.token);
    }
    if (word === 'inner' || word === 'join') {
      cursor.next();
      if (word === 'inner') cursor.expectKeyword('join', "behind 'inner'");
      const stream = parseStream(cursor);
      const on = cursor.takeKeyword('on') ? parseCondition(cursor) : undefined;
      streams.push({ ...stream, join: 'inner', ...(on && { on }) });
      continue;
    }
    return streams;
  }
}

function parseStream(cursor: TokenCursor): StreamNode {
  const { start } = cursor.token;
  if (cursor.isKeyword('pattern')) throw notSupported('patterns', cursor.token);
  if ((cursor.isKeyword('sql') || cursor.isKeyword('method')) && cursor.isSymbol(':', 1)) {
    throw notSupported(`'${cursor.keyword()}:' streams`, cursor.token);
  }
  const type = nameOf(cursor.expectName('the name of an event type'));
  const filters: Expression[] = [];
  if (cursor.takeSymbol('(') && !cursor.takeSymbol(')')) {
    do filters.push(parseCondition(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', 'to close the filter');
  }
  if (cursor.isSymbol('[')) throw notSupported('contained-event selection', cursor.token);
  const windows: WindowNode[] = [];
  while (cursor.isSymbol('.') || cursor.isSymbol('#')) windows.push(parseWindow(cursor));
  let alias: Name | undefined;
  if (cursor.takeKeyword('as')) {
    alias = nameOf(cursor.expectName("the name of the stream behind 'as'"));
  } else if (cursor.isName() && !startsClause(cursor.keyword())) {
    alias = nameOf(cursor.expectName('the name of the stream'));
  }
  const modifier = cursor.keyword();
  if (modifier === 'unidirectional') throw notSupported("'unidirectional'", cursor.token);
  if (modifier === 'retain') throw notSupported("'retain-union' and 'retain-intersection'", cursor.token);
  return { type, filters, windows, ...(alias && { alias }), ...cursor.span(start) };
}

/** `.win:time(…)`, `#time(…)`, `#win:time(…)`. */
function parseWindow(cursor: TokenCursor): WindowNode {
  const { start } = cursor.next();
  const word = cursor.token;
  if (word.kind !== 'name') throw cursor.unexpected('the name of a data window');
  cursor.next();
  let name = word.text;
  let namespace: string | undefined;
  if (cursor.takeSymbol(':')) {
    namespace = name;
    const second = cursor.token;
    if (second.kind !== 'name') throw cursor.unexpected('the name of a data window');
    cursor.next();
    name = second.text;
  }
  const args: Expression[] = [];
  if (cursor.takeSymbol('(') && !cursor.takeSymbol(')')) {
    do {
      const { token } = cursor;
      if (cursor.takeSymbol('*')) args.push({ kind: 'wildcard', start: token.start, end: token.end });
      else args.push(parseTimeOrExpression(cursor));
      if (cursor.isKeyword('asc') || cursor.isKeyword('desc'))
        throw notSupported('sorted windows', cursor.token);
    } while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', `to close the parameters of '${name}'`);
  }
  return { ...(namespace !== undefined && { namespace }), name, arguments: args, ...cursor.span(start) };
}

function parseGroupItem(cursor: TokenCursor): Expression {
  const word = cursor.keyword();
  if ((word === 'rollup' || word === 'cube') && cursor.isSymbol('(', 1))
    throw notSupported(`'${word}'`, cursor.token);
  if (word === 'grouping' && cursor.isKeyword('sets', 1)) throw notSupported("'grouping sets'", cursor.token);
  return parseExpression(cursor);
}

function parseOrderBy(cursor: TokenCursor): OrderItem[] {
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

function parseLimit(cursor: TokenCursor): LimitNode | undefined {
  const { start } = cursor.token;
  if (!cursor.takeKeyword('limit')) return undefined;
  const first = parseExpression(cursor);
  if (cursor.takeKeyword('offset'))
    return { count: first, offset: parseExpression(cursor), ...cursor.span(start) };
  // `limit 1, 2`: the offset comes first.
  if (cursor.takeSymbol(',')) return { count: parseExpression(cursor), offset: first, ...cursor.span(start) };
  return { count: first, ...cursor.span(start) };
}
