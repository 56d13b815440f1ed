import type { Annotation } from '../annotation.ts';
import type {
  CategoryContext,
  ContextNode,
  ContextPoint,
  CreateContext,
  HashContext,
  KeyedContext,
  NestedContext,
  OverlappingContext,
} from './context.ts';
import type { CronField } from './cron.ts';
import type { Expression, Path } from './expression.ts';
import { Fault } from './fault.ts';
import { startsClause } from './keywords.ts';
import { parseAnnotations } from './parse-annotation.ts';
import { parseCron } from './parse-cron.ts';
import { parseExpression } from './parse-expression.ts';
import { parseName, parseOptionalName } from './parse-name.ts';
import { parsePath } from './parse-path.ts';
import { parseEventFilter, parsePatternSource } from './parse-stream.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type { Name, Prologue } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Behind `create`, at `context`. */
export function parseCreateContext(cursor: TokenCursor, start: number, prologue: Prologue): CreateContext {
  cursor.next();
  const name = parseName(cursor, 'the name of the context');
  cursor.takeKeyword('as');
  const body = cursor.isKeyword('context') ? parseNested(cursor) : parseBody(cursor);
  return { kind: 'create-context', ...prologue, context: undefined, name, body, ...cursor.span(start) };
}

function parseNested(cursor: TokenCursor): NestedContext {
  const { start } = cursor.token;
  const contexts: { name: Name; body: ContextNode }[] = [];
  do {
    cursor.expectKeyword('context', 'before each of the nested contexts');
    const name = parseName(cursor, 'the name of the context');
    cursor.takeKeyword('as');
    contexts.push({ name, body: parseBody(cursor) });
  } while (cursor.takeSymbol(','));
  if (contexts.length < 2) throw cursor.unexpected("',' and another of the nested contexts");
  return { kind: 'nested', contexts, ...cursor.span(start) };
}

function parseBody(cursor: TokenCursor): ContextNode {
  const { start } = cursor.token;
  switch (cursor.keyword()) {
    case 'partition':
      return parseKeyed(cursor);
    case 'coalesce':
      return parseHash(cursor);
    case 'group':
      return parseCategories(cursor);
    case 'start': {
      cursor.next();
      const point = parsePoint(cursor, 'start');
      const terminated = cursor.takeKeyword('end') ? parsePoint(cursor, 'end') : undefined;
      return { kind: 'range', opened: point, ...(terminated && { terminated }), ...cursor.span(start) };
    }
    case 'initiated':
      return parseOverlapping(cursor);
    default:
      throw cursor.unexpected('a kind of context (partition by, coalesce by, group by, start, initiated by)');
  }
}

/** The next of several items; an item of a nested context's successor begins with `context`. */
const takeItem = (cursor: TokenCursor): boolean => !cursor.isKeyword('context', 1) && cursor.takeSymbol(',');

function parseKeyed(cursor: TokenCursor): KeyedContext {
  const { start } = cursor.next();
  cursor.takeKeyword('by');
  const items: { keys: Path[]; filter: ReturnType<typeof parseEventFilter>; alias?: Name }[] = [];
  do {
    // 'and' stands between keys, so a key is no condition.
    const keys = [parsePath(cursor)];
    while (cursor.takeKeyword('and') || cursor.takeSymbol(',')) keys.push(parsePath(cursor));
    cursor.expectKeyword('from', 'behind the keys of the partition');
    items.push({ keys, ...parseNamedFilter(cursor) });
  } while (takeItem(cursor));
  const initiated: { filter: ReturnType<typeof parseEventFilter>; alias?: Name }[] = [];
  if (cursor.takeKeyword('initiated')) {
    cursor.takeKeyword('by');
    do initiated.push(parseNamedFilter(cursor));
    while (takeItem(cursor));
  }
  const terminated = takeTerminated(cursor);
  return { kind: 'keyed', items, initiated, ...(terminated && { terminated }), ...cursor.span(start) };
}

function parseNamedFilter(cursor: TokenCursor): {
  filter: ReturnType<typeof parseEventFilter>;
  alias?: Name;
} {
  const filter = parseEventFilter(cursor, cursor.token.start);
  const bare = cursor.isName() && !startsClause(cursor.keyword()) && !cursor.isKeyword('granularity');
  const alias = parseOptionalName(cursor, 'the name of the event', bare);
  return { filter, ...(alias && { alias }) };
}

function takeTerminated(cursor: TokenCursor): ContextPoint | undefined {
  if (!cursor.takeKeyword('terminated')) return undefined;
  cursor.takeKeyword('by');
  return parsePoint(cursor, 'terminated');
}

function parseHash(cursor: TokenCursor): HashContext {
  const { start } = cursor.next();
  cursor.takeKeyword('by');
  const items: { hash: Expression; filter: ReturnType<typeof parseEventFilter> }[] = [];
  do {
    const hash = parsePath(cursor);
    cursor.expectKeyword('from', 'behind the hash');
    items.push({ hash, filter: parseEventFilter(cursor, cursor.token.start) });
  } while (takeItem(cursor));
  cursor.expectKeyword('granularity', 'in a context by hash');
  const granularity = parseExpression(cursor);
  const preallocate = cursor.takeKeyword('preallocate');
  return { kind: 'hash', items, granularity, preallocate, ...cursor.span(start) };
}

function parseCategories(cursor: TokenCursor): CategoryContext {
  const { start } = cursor.token;
  const categories: { condition: Expression; label: Name }[] = [];
  do {
    cursor.expectKeyword('group', 'before each category');
    cursor.takeKeyword('by');
    const condition = parseExpression(cursor);
    cursor.expectKeyword('as', 'behind the condition of the category');
    categories.push({ condition, label: parseName(cursor, 'the label of the category') });
  } while (cursor.takeSymbol(','));
  cursor.expectKeyword('from', 'behind the categories');
  const filter = parseEventFilter(cursor, cursor.token.start);
  return { kind: 'category', categories, filter, ...cursor.span(start) };
}

function parseOverlapping(cursor: TokenCursor): OverlappingContext {
  const { start } = cursor.next();
  cursor.takeKeyword('by');
  const distinct: Expression[] = [];
  if (cursor.isKeyword('distinct') && cursor.isSymbol('(', 1)) {
    cursor.next();
    cursor.next();
    do distinct.push(parseExpression(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', "to close 'distinct'");
  }
  const point = parsePoint(cursor, 'initiated');
  const now = point.kind === 'now' && cursor.takeKeyword('and');
  const opening = now ? parsePoint(cursor, 'initiated') : point;
  const terminated = takeTerminated(cursor);
  return {
    kind: 'overlapping',
    distinct,
    now,
    opened: opening,
    ...(terminated && { terminated }),
    ...cursor.span(start),
  };
}

function parsePoint(cursor: TokenCursor, word: string): ContextPoint {
  const { start } = cursor.token;
  if (cursor.isSymbol('@')) {
    const { token } = cursor;
    const [{ name }, ...rest] = parseAnnotations(cursor);
    if (!/^(now|immediate)$/i.test(name) || rest.length > 0)
      throw new Fault('EPL_SYNTAX', `expected '@now' or a condition behind '${word}'`, token, '@now');
    return { kind: 'now', ...cursor.span(start) };
  }
  if (cursor.takeKeyword('after'))
    return { kind: 'after', duration: parseTimeOrExpression(cursor), ...cursor.span(start) };
  if (cursor.isSymbol('(')) {
    const schedules: (readonly CronField[])[] = [parseCron(cursor)];
    while (cursor.isSymbol(',') && cursor.isSymbol('(', 1)) {
      cursor.next();
      schedules.push(parseCron(cursor));
    }
    return { kind: 'cron', schedules, ...cursor.span(start) };
  }
  if (cursor.isKeyword('pattern') && cursor.isSymbol('[', 1)) {
    const { root } = parsePatternSource(cursor);
    const inclusive = isInclusive(parseAnnotations(cursor), cursor);
    const alias = parseOptionalName(cursor, 'the name of the match', false);
    return { kind: 'pattern', root, inclusive, ...(alias && { alias }), ...cursor.span(start) };
  }
  return { kind: 'filter', ...parseNamedFilter(cursor), ...cursor.span(start) };
}

function isInclusive(annotations: readonly Annotation[], cursor: TokenCursor): boolean {
  const [annotation] = annotations;
  if (annotation === undefined) return false;
  if (annotation.name.toLowerCase() === 'inclusive') return true;
  throw new Fault('EPL_SYNTAX', `unexpected '@${annotation.name}'`, cursor.token, '@inclusive');
}
