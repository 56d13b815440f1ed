import type { OutputAfter, OutputRate, OutputTermination, OutputTiming } from './output-rate.ts';
import { parseAssignments } from './parse-assignment.ts';
import { parseCron } from './parse-cron.ts';
import { parseExpression } from './parse-expression.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Everything behind `output`. */
export function parseOutputRate(cursor: TokenCursor): OutputRate {
  const { start } = cursor.next();
  const after = cursor.isKeyword('after') ? parseAfter(cursor) : undefined;
  const display = takeDisplay(cursor);
  const rate = parseTiming(cursor);
  if (after === undefined && display === undefined && rate === undefined)
    throw cursor.unexpected("a rate behind 'output' (every, at, when, after, all, first, last, snapshot)");
  const termination = cursor.isKeyword('and') ? parseTermination(cursor, true) : undefined;
  return {
    ...(after && { after }),
    ...(display && { display }),
    ...(rate && { rate }),
    ...(termination && { termination }),
    ...cursor.span(start),
  };
}

function parseAfter(cursor: TokenCursor): OutputAfter {
  const { start } = cursor.next();
  const amount = parseTimeOrExpression(cursor);
  const events = amount.kind !== 'time-period' && cursor.takeKeyword('events');
  if (amount.kind !== 'time-period' && !events)
    throw cursor.unexpected("a unit of time or 'events' behind the number");
  return { amount, events, ...cursor.span(start) };
}

function takeDisplay(cursor: TokenCursor): OutputRate['display'] {
  const word = cursor.keyword();
  if (word !== 'all' && word !== 'first' && word !== 'last' && word !== 'snapshot') return undefined;
  cursor.next();
  return word;
}

function parseTiming(cursor: TokenCursor): OutputTiming | undefined {
  const { start } = cursor.token;
  if (cursor.takeKeyword('every')) {
    const amount = parseTimeOrExpression(cursor);
    const events = amount.kind !== 'time-period' && cursor.takeKeyword('events');
    if (amount.kind !== 'time-period' && !events)
      throw cursor.unexpected("a unit of time or 'events' behind the number");
    return { kind: 'every', amount, events, ...cursor.span(start) };
  }
  if (cursor.takeKeyword('at')) return { kind: 'at', fields: parseCron(cursor), ...cursor.span(start) };
  if (!cursor.isKeyword('when')) return undefined;
  if (cursor.isKeyword('terminated', 1)) return parseTermination(cursor, false);
  cursor.next();
  const condition = parseExpression(cursor);
  return { kind: 'when', condition, assignments: parseThen(cursor), ...cursor.span(start) };
}

function parseTermination(cursor: TokenCursor, joined: boolean): OutputTermination {
  const { start } = cursor.token;
  if (joined) cursor.next();
  cursor.expectKeyword('when', "behind 'and'");
  cursor.expectKeyword('terminated', "behind 'when'");
  const condition =
    cursor.isKeyword('and') && !cursor.isKeyword('when', 1) && cursor.takeKeyword('and')
      ? parseExpression(cursor)
      : undefined;
  return {
    kind: 'when-terminated',
    ...(condition && { condition }),
    assignments: parseThen(cursor),
    ...cursor.span(start),
  };
}

function parseThen(cursor: TokenCursor): OutputTermination['assignments'] {
  if (!cursor.takeKeyword('then')) return [];
  cursor.expectKeyword('set', "behind 'then'");
  return parseAssignments(cursor);
}
