import type { Expression } from '../expression.ts';
import type {
  DeliveryNode,
  GroupItem,
  GroupingSet,
  InsertInto,
  LimitNode,
  OrderItem,
  Select,
  SelectItem,
  Subquery,
} from '../select.ts';
import { printAnnotations } from './annotation.ts';
import { printExpression, printList } from './expression.ts';
import { printMatchRecognize } from './match-recognize.ts';
import { joinWords, printName } from './name.ts';
import { printOutputRate } from './output-rate.ts';
import { printFrom, printStream } from './stream.ts';

export function printSelect(node: Select): string {
  const { intoTable, insertInto, selector, distinct, matchRecognize, output, delivery } = node;
  return joinWords(
    intoTable && `into table ${printName(intoTable.name)}`,
    insertInto && printInsertInto(insertInto),
    'select',
    selector,
    distinct && 'distinct',
    printItems(node.items),
    `from ${printFrom(node.from)}`,
    matchRecognize && printMatchRecognize(matchRecognize),
    printWhere(node.where),
    printGroupBy(node.groupBy),
    printHaving(node.having),
    output && printOutputRate(output),
    printOrderBy(node.orderBy),
    printLimit(node.limit),
    delivery && printDelivery(delivery),
  );
}

export function printSubquery(node: Subquery): string {
  return joinWords(
    'select',
    node.distinct && 'distinct',
    printItems(node.items),
    `from ${printStream(node.from)}`,
    printWhere(node.where),
    printGroupBy(node.groupBy),
    printHaving(node.having),
  );
}

export function printInsertInto({ selector, target, columns }: InsertInto): string {
  const list = columns === undefined ? '' : `(${columns.map(({ name }) => printName(name)).join(', ')})`;
  return `insert ${selector} into ${printName(target.name)}${list}`;
}

export const printItems = (items: readonly SelectItem[]): string => items.map(printItem).join(', ');

function printItem(item: SelectItem): string {
  switch (item.kind) {
    case 'wildcard':
      return '*';
    case 'stream-wildcard':
      return `${printName(item.stream.name)}.*${printAlias(item.alias)}`;
    case 'expression':
      return (
        joinWords(printExpression(item.expression), printAnnotations(item.annotations)) +
        printAlias(item.alias)
      );
    default:
      return item satisfies never;
  }
}

const printAlias = (alias: string | undefined): string =>
  alias === undefined ? '' : ` as ${printName(alias)}`;

export const printWhere = (where: Expression | undefined): string =>
  where === undefined ? '' : `where ${printExpression(where)}`;

export const printHaving = (having: Expression | undefined): string =>
  having === undefined ? '' : `having ${printExpression(having)}`;

export const printGroupBy = (items: readonly GroupItem[]): string =>
  items.length === 0 ? '' : `group by ${items.map(printGroupItem).join(', ')}`;

function printGroupItem(item: GroupItem | GroupingSet): string {
  switch (item.kind) {
    case 'rollup':
    case 'cube':
      return `${item.kind}(${item.items.map(printGroupItem).join(', ')})`;
    case 'grouping-sets':
      return `grouping sets(${(item.sets as readonly (GroupItem | GroupingSet)[]).map(printGroupItem).join(', ')})`;
    case 'grouping-set':
      return `(${printList(item.keys)})`;
    default:
      return printExpression(item);
  }
}

export const printOrderBy = (items: readonly OrderItem[]): string =>
  items.length === 0
    ? ''
    : `order by ${items
        .map(({ expression, descending }) => printExpression(expression) + (descending ? ' desc' : ''))
        .join(', ')}`;

export function printLimit(limit: LimitNode | undefined): string {
  if (limit === undefined) return '';
  const offset = limit.offset === undefined ? '' : ` offset ${printExpression(limit.offset)}`;
  return `limit ${printExpression(limit.count)}${offset}`;
}

const printDelivery = ({ kind, keys }: DeliveryNode): string =>
  `for ${kind}_delivery${keys.length === 0 ? '' : `(${printList(keys)})`}`;
