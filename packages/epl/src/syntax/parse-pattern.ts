import type { Expression } from './expression.ts';
import { Fault } from './fault.ts';
import { parseAnnotations } from './parse-annotation.ts';
import { parseCronFields } from './parse-cron.ts';
import { parseExpression } from './parse-expression.ts';
import { parseEventFilter } from './parse-stream.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type { NamedPlugin, PatternNode, PatternRepeat } from './pattern.ts';
import type { TokenCursor } from './token-cursor.ts';

/**
 * Loosest first: `->`, `or`, `and`, repetition and `until`, `every`/`not`, guards. So `every a until b` is
 * `(every a) until b`, and in `a -> b where …` only `b` is guarded.
 */
export function parsePattern(cursor: TokenCursor): PatternNode {
  return cursor.nested(() => {
    const first = parseConnective(cursor, 'or');
    const steps: { max?: Expression; node: PatternNode }[] = [];
    for (;;) {
      const limited = cursor.isSymbol('-') && cursor.isSymbol('[', 1);
      if (!limited && !cursor.takeSymbol('->')) break;
      const max = limited ? parseMaximum(cursor) : undefined;
      steps.push({ ...(max && { max }), node: parseConnective(cursor, 'or') });
    }
    if (steps.length === 0) return first;
    return { kind: 'followed-by', first, steps, ...cursor.span(first.start) };
  });
}

/** `-[3]>`. */
function parseMaximum(cursor: TokenCursor): Expression {
  cursor.next();
  cursor.next();
  const max = parseExpression(cursor);
  cursor.expectSymbol(']', "to close '-[…]>'");
  cursor.expectSymbol('>', "to close '-[…]>'");
  return max;
}

function parseConnective(cursor: TokenCursor, kind: 'or' | 'and'): PatternNode {
  const parse = kind === 'or' ? () => parseConnective(cursor, 'and') : () => parseRepeat(cursor);
  const first = parse();
  if (!cursor.isKeyword(kind)) return first;
  const operands = [first];
  while (cursor.takeKeyword(kind)) operands.push(parse());
  return { kind, operands, ...cursor.span(first.start) };
}

function parseRepeat(cursor: TokenCursor): PatternNode {
  const { start } = cursor.token;
  const range = cursor.isSymbol('[') ? parseRange(cursor) : undefined;
  const operand = parsePrefix(cursor);
  const until = cursor.takeKeyword('until') ? parsePrefix(cursor) : undefined;
  if (range === undefined && until === undefined) return operand;
  return {
    kind: 'repeat',
    exact: false,
    ...range,
    operand,
    ...(until && { until }),
    ...cursor.span(start),
  };
}

/** `[2]`, `[2:5]`, `[2:]`, `[:5]`. */
function parseRange(cursor: TokenCursor): Pick<PatternRepeat, 'low' | 'high' | 'exact'> {
  cursor.next();
  if (cursor.takeSymbol(':')) {
    const high = parseExpression(cursor);
    cursor.expectSymbol(']', 'to close the bounds');
    return { high, exact: false };
  }
  const low = parseExpression(cursor);
  if (cursor.takeSymbol(']')) return { low, exact: true };
  cursor.expectSymbol(':', 'between the bounds');
  if (cursor.takeSymbol(']')) return { low, exact: false };
  const high = parseExpression(cursor);
  cursor.expectSymbol(']', 'to close the bounds');
  return { low, high, exact: false };
}

/** `every`, `not` and `every-distinct`, each with an optional range right behind. */
function parsePrefix(cursor: TokenCursor): PatternNode {
  const { start } = cursor.token;
  const word = cursor.keyword();
  if (word !== 'every' && word !== 'not') return parseGuarded(cursor);
  const distinct = word === 'every' && cursor.isSymbol('-', 1) && cursor.isKeyword('distinct', 2);
  cursor.next();
  let keys: Expression[] | undefined;
  if (distinct) {
    cursor.next();
    cursor.next();
    cursor.expectSymbol('(', "behind 'every-distinct'");
    keys = [];
    do keys.push(parseTimeOrExpression(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', 'to close the keys');
  }
  const again = cursor.keyword();
  if (again === 'every' || again === 'not') {
    throw new Fault(
      'EPL_SYNTAX',
      `'${again}' cannot stand behind '${word}' without parentheses: write ${word} (${again} …)`,
      cursor.token,
    );
  }
  const operand = parseRanged(cursor);
  if (keys !== undefined) return { kind: 'every-distinct', keys, operand, ...cursor.span(start) };
  return { kind: word, operand, ...cursor.span(start) };
}

function parseRanged(cursor: TokenCursor): PatternNode {
  const { start } = cursor.token;
  if (!cursor.isSymbol('[')) return parseGuarded(cursor);
  const range = parseRange(cursor);
  return { kind: 'repeat', ...range, operand: parseGuarded(cursor), ...cursor.span(start) };
}

function parseGuarded(cursor: TokenCursor): PatternNode {
  const operand = parseAtom(cursor);
  if (cursor.takeKeyword('where')) {
    const guard = parsePlugin(cursor, 'a guard such as timer:within');
    return { kind: 'guard', operand, guard: { kind: 'named', ...guard }, ...cursor.span(operand.start) };
  }
  if (!cursor.takeKeyword('while')) return operand;
  cursor.expectSymbol('(', "behind 'while'");
  const condition = parseExpression(cursor);
  cursor.expectSymbol(')', "to close 'while'");
  return { kind: 'guard', operand, guard: { kind: 'while', condition }, ...cursor.span(operand.start) };
}

function parseAtom(cursor: TokenCursor): PatternNode {
  const { start } = cursor.token;
  if (cursor.takeSymbol('(')) {
    const inner = parsePattern(cursor);
    cursor.expectSymbol(')', 'to close the parenthesis');
    return inner;
  }
  if (cursor.token.kind === 'name' && cursor.isSymbol(':', 1))
    return { kind: 'observer', ...parsePlugin(cursor, 'an observer such as timer:interval') };
  let tag: string | undefined;
  if (cursor.isName() && cursor.isSymbol('=', 1)) {
    tag = cursor.expectName('a tag').text;
    cursor.next();
  }
  const filter = parseEventFilter(cursor, cursor.token.start);
  const consume = cursor.isSymbol('@') ? parseConsume(cursor) : undefined;
  return {
    kind: 'filter',
    ...(tag !== undefined && { tag }),
    filter,
    ...(consume !== undefined && { consume }),
    ...cursor.span(start),
  };
}

function parseConsume(cursor: TokenCursor): number {
  const { token } = cursor;
  const [annotation, ...rest] = parseAnnotations(cursor);
  const level = annotation.value ?? 1;
  if (annotation.name.toLowerCase() !== 'consume' || rest.length > 0 || typeof level !== 'number')
    throw new Fault('EPL_SYNTAX', "a filter of a pattern takes no annotation but '@consume(level)'", token);
  return level;
}

function parsePlugin(cursor: TokenCursor, what: string): NamedPlugin {
  const namespace = cursor.token;
  if (namespace.kind !== 'name') throw cursor.unexpected(what);
  cursor.next();
  cursor.expectSymbol(':', `behind '${namespace.text}'`);
  const name = cursor.token;
  if (name.kind !== 'name') throw cursor.unexpected(what);
  cursor.next();
  cursor.expectSymbol('(', `behind '${name.text}'`);
  const list = parseCronFields(cursor);
  return {
    namespace: namespace.text,
    name: name.text,
    arguments: list,
    ...cursor.span(namespace.start),
  };
}
