import type { Expression, TimePeriod } from './expression.ts';
import { Fault } from './fault.ts';
import { isReserved } from './keywords.ts';
import { parseExpression } from './parse-expression.ts';
import { parseUnary } from './parse-primary.ts';
import { type TimeUnit, timeUnit, timeUnitSpellings, timeUnits } from './time-unit.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Words that may stand behind a number in output rates and crontabs. */
const follows = new Set(['events', 'last', 'weekday', 'lastweekday']);

/** An expression or a time period: `1 min 30 sec`, `x minutes`. */
export function parseTimeOrExpression(cursor: TokenCursor): Expression {
  const first = parseExpression(cursor);
  const unit = unitAt(cursor);
  if (unit === undefined) {
    // What stands behind a number is meant as a unit: say so, instead of complaining about punctuation.
    if (first.kind === 'literal' && typeof first.value === 'number' && cursor.token.kind === 'name') {
      const written = cursor.token.text;
      if (!isReserved(cursor.token.keyword) && !follows.has(cursor.token.keyword)) {
        const units = timeUnitSpellings.join(', ');
        throw new Fault('EPL_SYNTAX', `'${written}' is no unit of time: units are ${units}`, cursor.token);
      }
    }
    return first;
  }
  const parts: { unit: TimeUnit; value: Expression }[] = [{ unit, value: first }];
  cursor.next();
  for (;;) {
    const position = cursor.position;
    if (cursor.token.kind !== 'number' && !cursor.isName()) break;
    const value = parseUnary(cursor);
    const next = unitAt(cursor);
    if (next === undefined) {
      cursor.rewind(position);
      break;
    }
    if (timeUnits.indexOf(next) <= timeUnits.indexOf(parts.at(-1)!.unit))
      throw new Fault(
        'EPL_SYNTAX',
        `units of time stand from years down, each once: '${cursor.token.text}'`,
        cursor.token,
      );
    cursor.next();
    parts.push({ unit: next, value });
  }
  const period: TimePeriod = { kind: 'time-period', parts, ...cursor.span(first.start) };
  return period;
}

function unitAt(cursor: TokenCursor): TimeUnit | undefined {
  const word = cursor.keyword();
  return word === '' ? undefined : timeUnit(word);
}
