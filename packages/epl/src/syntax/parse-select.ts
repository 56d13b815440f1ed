import { parseExpression } from './parse-expression.ts';
import { parseMatchRecognize } from './parse-match-recognize.ts';
import { parseName } from './parse-name.ts';
import { parseOutputRate } from './parse-output-rate.ts';
import {
  parseGroupBy,
  parseHaving,
  parseInsertInto,
  parseItems,
  parseLimit,
  parseOrderBy,
  parseWhere,
  takeSelector,
} from './parse-select-clauses.ts';
import { parseFrom, parseStream } from './parse-stream.ts';
import type { DeliveryNode, Select, Subquery } from './select.ts';
import type { Name, Prologue } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `[into table …] [insert into …] select … from … [where] [group by] [having] [output] [order by] [limit] [for]`. */
export function parseSelect(cursor: TokenCursor, start: number, prologue: Prologue): Select {
  let intoTable: Name | undefined;
  if (cursor.takeKeyword('into')) {
    cursor.expectKeyword('table', "behind 'into'");
    intoTable = parseName(cursor, 'the name of a table');
  }
  const insertInto = cursor.isKeyword('insert') ? parseInsertInto(cursor) : undefined;
  cursor.expectKeyword('select', insertInto ? "behind 'insert into'" : "behind 'into table'");
  const selector = takeSelector(cursor);
  const distinct = cursor.takeKeyword('distinct');
  const items = parseItems(cursor);
  cursor.expectKeyword('from', 'behind the select clause');
  const from = parseFrom(cursor);
  const matchRecognize = cursor.isKeyword('match_recognize') ? parseMatchRecognize(cursor) : undefined;
  const where = parseWhere(cursor);
  const groupBy = parseGroupBy(cursor);
  const having = parseHaving(cursor);
  const output = cursor.isKeyword('output') ? parseOutputRate(cursor) : undefined;
  const orderBy = parseOrderBy(cursor);
  const limit = parseLimit(cursor);
  const delivery = cursor.isKeyword('for') ? parseDelivery(cursor) : undefined;
  return {
    kind: 'select',
    ...prologue,
    ...(intoTable && { intoTable }),
    ...(insertInto && { insertInto }),
    selector,
    distinct,
    items,
    from,
    ...(matchRecognize && { matchRecognize }),
    ...(where && { where }),
    groupBy,
    ...(having && { having }),
    ...(output && { output }),
    orderBy,
    ...(limit && { limit }),
    ...(delivery && { delivery }),
    ...cursor.span(start),
  };
}

/** `select … from …` inside of an expression; the parentheses are the caller's. */
export function parseSubquery(cursor: TokenCursor): Subquery {
  return cursor.nested(() => {
    const number = cursor.subqueryNumber();
    const { start } = cursor.next();
    const distinct = cursor.takeKeyword('distinct');
    const items = parseItems(cursor);
    cursor.expectKeyword('from', 'behind the select clause');
    const from = parseStream(cursor);
    const where = parseWhere(cursor);
    const groupBy = parseGroupBy(cursor);
    const having = parseHaving(cursor);
    return {
      number,
      distinct,
      items,
      from,
      ...(where && { where }),
      groupBy,
      ...(having && { having }),
      ...cursor.span(start),
    };
  });
}

/** `for grouped_delivery(a, b)`, `for discrete_delivery`: also written `for grouped delivery`. */
function parseDelivery(cursor: TokenCursor): DeliveryNode {
  const { start } = cursor.next();
  const word = cursor.keyword();
  const kind = word.startsWith('grouped') ? 'grouped' : 'discrete';
  const whole = word === 'grouped_delivery' || word === 'discrete_delivery';
  if (!whole && word !== 'grouped' && word !== 'discrete')
    throw cursor.unexpected("'grouped_delivery' or 'discrete_delivery'");
  cursor.next();
  if (!whole) cursor.expectKeyword('delivery', `behind '${word}'`);
  const keys = [];
  if (cursor.takeSymbol('(') && !cursor.takeSymbol(')')) {
    do keys.push(parseExpression(cursor));
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')', 'to close the keys');
  }
  return { kind, keys, ...cursor.span(start) };
}
