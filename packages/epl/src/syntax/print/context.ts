import type { ContextNode, ContextPoint } from '../context.ts';
import { printCron } from './cron.ts';
import { printExpression, printList } from './expression.ts';
import { joinWords, printName } from './name.ts';
import { printPattern } from './pattern.ts';
import { printAs, printEventFilter } from './stream.ts';

export function printContext(node: ContextNode): string {
  switch (node.kind) {
    case 'keyed':
      return joinWords(
        'partition by',
        node.items
          .map(({ keys, filter, alias }) =>
            joinWords(printList(keys), 'from', printEventFilter(filter), printAs(alias)),
          )
          .join(', '),
        node.initiated.length > 0 &&
          `initiated by ${node.initiated
            .map(({ filter, alias }) => joinWords(printEventFilter(filter), printAs(alias)))
            .join(', ')}`,
        node.terminated && `terminated by ${printPoint(node.terminated)}`,
      );
    case 'hash':
      return joinWords(
        'coalesce by',
        node.items
          .map(({ hash, filter }) => `${printExpression(hash)} from ${printEventFilter(filter)}`)
          .join(', '),
        `granularity ${printExpression(node.granularity)}`,
        node.preallocate && 'preallocate',
      );
    case 'category': {
      const categories = node.categories.map(
        ({ condition, label }) => `group by ${printExpression(condition)} as ${printName(label.name)}`,
      );
      return `${categories.join(', ')} from ${printEventFilter(node.filter)}`;
    }
    case 'range':
      return joinWords(
        `start ${printPoint(node.opened)}`,
        node.terminated && `end ${printPoint(node.terminated)}`,
      );
    case 'overlapping':
      return joinWords(
        'initiated by',
        node.distinct.length > 0 && `distinct(${printList(node.distinct)})`,
        node.now && '@now and',
        printPoint(node.opened),
        node.terminated && `terminated by ${printPoint(node.terminated)}`,
      );
    case 'nested':
      return node.contexts
        .map(({ name, body }) => `context ${printName(name.name)} ${printContext(body)}`)
        .join(', ');
    default:
      return node satisfies never;
  }
}

function printPoint(point: ContextPoint): string {
  switch (point.kind) {
    case 'now':
      return '@now';
    case 'after':
      return `after ${printExpression(point.duration)}`;
    case 'cron':
      return point.schedules.map(printCron).join(', ');
    case 'pattern':
      return joinWords(
        `pattern [${printPattern(point.root)}]`,
        point.inclusive && '@inclusive',
        printAs(point.alias),
      );
    case 'filter':
      return joinWords(printEventFilter(point.filter), printAs(point.alias));
    default:
      return point satisfies never;
  }
}
