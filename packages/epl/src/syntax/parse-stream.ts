import type { Expression } from './expression.ts';
import { Fault } from './fault.ts';
import { startsClause } from './keywords.ts';
import { parseAnnotations } from './parse-annotation.ts';
import { parseArguments } from './parse-arguments.ts';
import { parseCondition, parseExpression } from './parse-expression.ts';
import { nameOf, parseName, parseOptionalName } from './parse-name.ts';
import { parsePattern } from './parse-pattern.ts';
import { parseUnary } from './parse-primary.ts';
import { parseItems } from './parse-select-clauses.ts';
import type { Name } from './statement.ts';
import type {
  ContainedSelect,
  EventFilter,
  JoinKind,
  PatternSource,
  StreamNode,
  WindowNode,
} from './stream.ts';
import type { TokenCursor } from './token-cursor.ts';

/** The streams of a from clause with the joins between them. */
export function parseFrom(cursor: TokenCursor): StreamNode[] {
  const streams = [parseStream(cursor)];
  for (let join = takeJoin(cursor); join !== undefined; join = takeJoin(cursor)) {
    const stream = parseStream(cursor);
    const on = join !== 'comma' && cursor.takeKeyword('on') ? parseCondition(cursor) : undefined;
    streams.push({ ...stream, join, ...(on && { on }) });
  }
  return streams;
}

function takeJoin(cursor: TokenCursor): JoinKind | undefined {
  if (cursor.takeSymbol(',')) return 'comma';
  const word = cursor.keyword();
  if (word === 'join') {
    cursor.next();
    return 'inner';
  }
  if (word === 'inner') {
    cursor.next();
    cursor.expectKeyword('join', "behind 'inner'");
    return 'inner';
  }
  const outer = word === 'left' || word === 'right' || word === 'full';
  if (!outer || !(cursor.isKeyword('outer', 1) || cursor.isKeyword('join', 1))) return undefined;
  cursor.next();
  cursor.expectKeyword('outer', `behind '${word}'`);
  cursor.expectKeyword('join', `behind '${word} outer'`);
  return word;
}

export function parseStream(cursor: TokenCursor): StreamNode {
  const { start } = cursor.token;
  if ((cursor.isKeyword('sql') || cursor.isKeyword('method')) && cursor.isSymbol(':', 1)) {
    throw new Fault(
      'EPL_NOT_SUPPORTED',
      `'${cursor.keyword()}:' streams read databases and Java methods, which lie outside of this engine`,
      cursor.token,
    );
  }
  const source = parseSource(cursor);
  const windows = parseWindows(cursor);
  const bare = cursor.isName() && !startsClause(cursor.keyword());
  const alias = parseOptionalName(cursor, 'the name of the stream', bare);
  let unidirectional = false;
  let retain: 'union' | 'intersection' | undefined;
  for (;;) {
    if (!unidirectional && cursor.takeKeyword('unidirectional')) unidirectional = true;
    else if (retain === undefined && cursor.isKeyword('retain')) retain = parseRetain(cursor);
    else break;
  }
  return {
    source,
    windows,
    ...(retain && { retain }),
    ...(alias && { alias }),
    unidirectional,
    ...cursor.span(start),
  };
}

/** A filtered event type or a pattern: what statements, triggers and contexts listen to. */
export function parseSource(cursor: TokenCursor): EventFilter | PatternSource {
  const { token } = cursor;
  const pattern = cursor.isKeyword('pattern') && (cursor.isSymbol('[', 1) || cursor.isSymbol('@', 1));
  return pattern ? parsePatternSource(cursor) : parseEventFilter(cursor, token.start);
}

export function parsePatternSource(cursor: TokenCursor): PatternSource {
  const { start } = cursor.next();
  const annotations = parseAnnotations(cursor);
  cursor.expectSymbol('[', "behind 'pattern'");
  const root = parsePattern(cursor);
  cursor.expectSymbol(']', 'to close the pattern');
  return { kind: 'pattern', annotations, root, ...cursor.span(start) };
}

export function parseEventFilter(cursor: TokenCursor, start: number): EventFilter {
  const type = parseName(cursor, 'the name of an event type');
  const filters: Expression[] = [];
  if (cursor.takeSymbol('(') && !cursor.takeSymbol(')')) {
    do filters.push(parseExpression(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', 'to close the filter');
  }
  const contained = parseContained(cursor);
  return { kind: 'event-filter', type, filters, contained, ...cursor.span(start) };
}

/** Any number of `[…]` behind each other. */
export function parseContained(cursor: TokenCursor): ContainedSelect[] {
  const contained: ContainedSelect[] = [];
  while (cursor.isSymbol('[')) contained.push(cursor.nested(() => parseOneContained(cursor)));
  return contained;
}

function parseOneContained(cursor: TokenCursor): ContainedSelect {
  const { start } = cursor.next();
  const items = cursor.takeKeyword('select') ? parseItems(cursor) : undefined;
  if (items !== undefined) cursor.expectKeyword('from', 'behind what is selected of the property');
  const property = parseUnary(cursor);
  let type: Name | undefined;
  if (cursor.takeSymbol('@')) {
    const word = cursor.expectName("'type' behind '@'");
    if (word.keyword !== 'type') throw new Fault('EPL_SYNTAX', `expected '@type(…)'`, word, 'type');
    cursor.expectSymbol('(', "behind '@type'");
    type = parseName(cursor, 'the name of an event type');
    cursor.expectSymbol(')', "to close '@type'");
  }
  const alias = parseOptionalName(cursor, 'the name of the contained events', cursor.isName());
  const where = cursor.takeKeyword('where') ? parseCondition(cursor) : undefined;
  cursor.expectSymbol(']', 'to close the contained-event selection');
  return {
    items,
    property,
    ...(type && { type }),
    ...(alias && { alias }),
    ...(where && { where }),
    ...cursor.span(start),
  };
}

export function parseWindows(cursor: TokenCursor): WindowNode[] {
  const windows: WindowNode[] = [];
  while (cursor.isSymbol('.') || cursor.isSymbol('#')) windows.push(parseWindow(cursor));
  return windows;
}

/** `.win:time(…)`, `#time(…)`, `#win:time(…)`. */
function parseWindow(cursor: TokenCursor): WindowNode {
  const { start } = cursor.next();
  let name = takeWindowName(cursor);
  let namespace: string | undefined;
  if (cursor.takeSymbol(':')) {
    namespace = name;
    name = takeWindowName(cursor);
  }
  const list = cursor.takeSymbol('(') ? parseArguments(cursor).list : [];
  return { ...(namespace !== undefined && { namespace }), name, arguments: list, ...cursor.span(start) };
}

function takeWindowName(cursor: TokenCursor): string {
  const { token } = cursor;
  if (token.kind !== 'name') throw cursor.unexpected('the name of a data window');
  cursor.next();
  return nameOf(token).name;
}

/** `retain-union`, `retain-intersection`. */
export function parseRetain(cursor: TokenCursor): 'union' | 'intersection' {
  cursor.next();
  cursor.expectSymbol('-', "behind 'retain'");
  const word = cursor.keyword();
  if (word !== 'union' && word !== 'intersection') throw cursor.unexpected("'union' or 'intersection'");
  cursor.next();
  return word;
}
