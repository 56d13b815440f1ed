import type { Expression } from './expression.ts';
import { Fault } from './fault.ts';
import type { MatchRecognize, RowPattern, RowRepeat, RowSequence } from './match-recognize.ts';
import { parseExpression } from './parse-expression.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `match_recognize ( [partition by] measures … [all matches] [after match skip] pattern (…) [interval] [define] )`. */
export function parseMatchRecognize(cursor: TokenCursor): MatchRecognize {
  const { start } = cursor.next();
  cursor.expectSymbol('(', "behind 'match_recognize'");
  const partitionBy: Expression[] = [];
  if (cursor.takeKeyword('partition')) {
    cursor.expectKeyword('by', "behind 'partition'");
    do partitionBy.push(parseExpression(cursor));
    while (cursor.takeSymbol(','));
  }
  cursor.expectKeyword('measures', 'in match_recognize');
  const measures: { expression: Expression; alias: string }[] = [];
  do {
    const expression = parseExpression(cursor);
    cursor.expectKeyword('as', 'and the name of the measure');
    measures.push({ expression, alias: cursor.expectName('the name of a measure').text });
  } while (cursor.takeSymbol(','));
  const allMatches = cursor.takeKeyword('all');
  if (allMatches) cursor.expectKeyword('matches', "behind 'all'");
  const skip = cursor.isKeyword('after') ? parseSkip(cursor) : undefined;
  cursor.expectKeyword('pattern', 'in match_recognize');
  cursor.expectSymbol('(', "behind 'pattern'");
  const pattern = parseAlternatives(cursor);
  cursor.expectSymbol(')', 'to close the pattern');
  const interval = cursor.isKeyword('interval') ? parseInterval(cursor) : undefined;
  const define = cursor.takeKeyword('define') ? parseDefine(cursor) : [];
  cursor.expectSymbol(')', "to close 'match_recognize'");
  return {
    partitionBy,
    measures,
    allMatches,
    ...(skip && { skip }),
    pattern,
    ...(interval && { interval }),
    define,
    ...cursor.span(start),
  };
}

function parseSkip(cursor: TokenCursor): NonNullable<MatchRecognize['skip']> {
  cursor.next();
  cursor.expectKeyword('match', "behind 'after'");
  cursor.expectKeyword('skip', "behind 'after match'");
  if (cursor.takeKeyword('past')) {
    cursor.expectKeyword('last', "behind 'past'");
    cursor.expectKeyword('row', "behind 'past last'");
    return 'past last row';
  }
  cursor.expectKeyword('to', "or 'past' behind 'skip'");
  const word = cursor.keyword();
  if (word !== 'next' && word !== 'current') throw cursor.unexpected("'next' or 'current' behind 'to'");
  cursor.next();
  cursor.expectKeyword('row', `behind '${word}'`);
  return `${word} row`;
}

function parseInterval(cursor: TokenCursor): MatchRecognize['interval'] {
  cursor.next();
  const duration = parseTimeOrExpression(cursor);
  const orTerminated = cursor.takeKeyword('or');
  if (orTerminated) cursor.expectKeyword('terminated', "behind 'or'");
  return { duration, orTerminated };
}

function parseDefine(cursor: TokenCursor): MatchRecognize['define'] {
  const define: { variable: string; condition: Expression }[] = [];
  do {
    const variable = cursor.expectName('a variable of the pattern').text;
    cursor.expectKeyword('as', 'behind the variable');
    define.push({ variable, condition: parseExpression(cursor) });
  } while (cursor.takeSymbol(','));
  return define;
}

function parseAlternatives(cursor: TokenCursor): RowPattern {
  return cursor.nested(() =>
    sequence('alternatives', cursor, () => {
      const { start } = cursor.token;
      const parts = [parseRepeat(cursor)];
      while (cursor.isName() || cursor.isSymbol('(') || isPermutation(cursor))
        parts.push(parseRepeat(cursor));
      return parts.length === 1 ? parts[0] : { kind: 'sequence', parts, ...cursor.span(start) };
    }),
  );
}

function sequence(
  kind: 'alternatives' | 'permutation',
  cursor: TokenCursor,
  parse: () => RowPattern,
): RowPattern {
  const { start } = cursor.token;
  const parts = [parse()];
  while (cursor.takeSymbol(kind === 'alternatives' ? '|' : ',')) parts.push(parse());
  if (parts.length === 1 && kind === 'alternatives') return parts[0];
  const node: RowSequence = { kind, parts, ...cursor.span(start) };
  return node;
}

const isPermutation = (cursor: TokenCursor): boolean =>
  cursor.isKeyword('match_recognize_permute') && cursor.isSymbol('(', 1);

function parseRepeat(cursor: TokenCursor): RowPattern {
  const { start } = cursor.token;
  const operand = parseAtom(cursor);
  for (const quantifier of ['*', '+', '?'] as const) {
    if (!cursor.takeSymbol(quantifier)) continue;
    const greedy = !cursor.takeSymbol('?');
    return { kind: 'repeat', operand, quantifier, greedy, ...cursor.span(start) };
  }
  if (!cursor.isSymbol('{')) return operand;
  const bounds = parseBounds(cursor);
  return { kind: 'repeat', operand, quantifier: 'range', greedy: true, ...bounds, ...cursor.span(start) };
}

/** `{2}`, `{2,5}`, `{2,}`, `{,5}`. */
function parseBounds(cursor: TokenCursor): Pick<RowRepeat, 'low' | 'high'> {
  const { token } = cursor;
  cursor.next();
  const low = cursor.isSymbol(',') ? undefined : parseExpression(cursor);
  if (low !== undefined && cursor.takeSymbol('}')) return { low, high: low };
  cursor.expectSymbol(',', 'between the bounds');
  const high = cursor.isSymbol('}') ? undefined : parseExpression(cursor);
  cursor.expectSymbol('}', 'to close the bounds');
  if (low === undefined && high === undefined)
    throw new Fault('EPL_SYNTAX', "'{,}' bounds nothing: write '*'", token, '*');
  return { ...(low && { low }), ...(high && { high }) };
}

function parseAtom(cursor: TokenCursor): RowPattern {
  const { start } = cursor.token;
  if (isPermutation(cursor)) {
    cursor.next();
    cursor.next();
    const permuted = cursor.nested(() => sequence('permutation', cursor, () => parseAlternatives(cursor)));
    cursor.expectSymbol(')', 'to close the permutation');
    return { ...permuted, ...cursor.span(start) };
  }
  if (cursor.takeSymbol('(')) {
    const inner = parseAlternatives(cursor);
    cursor.expectSymbol(')', 'to close the parenthesis');
    return inner;
  }
  const name = cursor.expectName('a variable of the pattern').text;
  return { kind: 'variable', name, ...cursor.span(start) };
}
