import type { CronDay, CronField } from './cron.ts';
import { parseExpression } from './parse-expression.ts';
import { parseTimeOrExpression } from './parse-time-period.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `(*, 8:17, *, *, [1, 3])`. */
export function parseCron(cursor: TokenCursor): CronField[] {
  cursor.expectSymbol('(', 'before the crontab');
  return parseCronFields(cursor);
}

/** The fields up to the closing parenthesis; also the parameters of guards and observers. */
export function parseCronFields(cursor: TokenCursor): CronField[] {
  const fields: CronField[] = [];
  if (cursor.takeSymbol(')')) return fields;
  do fields.push(parseField(cursor));
  while (cursor.takeSymbol(','));
  cursor.expectSymbol(')', 'to close the parameters');
  return fields;
}

function parseField(cursor: TokenCursor): CronField {
  const { token } = cursor;
  const { start } = token;
  if (cursor.takeSymbol('*')) {
    if (!cursor.takeSymbol('/')) return { kind: 'cron-any', ...cursor.span(start) };
    return { kind: 'cron-step', step: parseExpression(cursor), ...cursor.span(start) };
  }
  if (cursor.takeSymbol('[')) {
    const fields: CronField[] = [];
    do fields.push(parseField(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(']', 'to close the list');
    return { kind: 'cron-list', fields, ...cursor.span(start) };
  }
  const alone = dayRule(cursor);
  if (alone !== undefined) {
    cursor.next();
    return { kind: 'cron-day', rule: alone, ...cursor.span(start) };
  }
  if (token.kind === 'name' && cursor.isSymbol(':', 1)) {
    cursor.next();
    cursor.next();
    const value = parseTimeOrExpression(cursor);
    return { kind: 'named-argument', name: token.text, value, ...cursor.span(start) };
  }
  const value = parseTimeOrExpression(cursor);
  if (cursor.takeSymbol(':'))
    return { kind: 'cron-range', low: value, high: parseExpression(cursor), ...cursor.span(start) };
  const rule = dayRule(cursor);
  if (rule === undefined) return value;
  cursor.next();
  return { kind: 'cron-day', rule, value, ...cursor.span(start) };
}

function dayRule(cursor: TokenCursor): CronDay['rule'] | undefined {
  const word = cursor.keyword();
  return word === 'last' || word === 'weekday' || word === 'lastweekday' ? word : undefined;
}
