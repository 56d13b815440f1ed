import type { ContextBodyPlan, ContextItem, ContextPlan, PointPlan } from './context-plan.ts';
import type { Bound } from './expression.ts';
import { printPeriod } from './period.ts';
import { printBound } from './print-expression.ts';
import { printPattern } from './print-pattern.ts';

/** A context, a line for each thing that opens or ends partitions. */
export function printContext({ name, levels }: ContextPlan): string[] {
  if (levels.length === 1) return [`context ${name}`, ...printBody(levels[0].body)];
  return [
    `nested context ${name}`,
    ...levels.flatMap((level) => [level.name, ...printBody(level.body).map((line) => `  ${line}`)]),
  ];
}

function printBody(body: ContextBodyPlan): string[] {
  switch (body.kind) {
    case 'keyed': {
      const lines = body.items.map(
        (item) => `a partition for each ${list(item.keys, item)} of ${printItem(item)}`,
      );
      for (const opening of body.initiated) lines.push(`opened by ${printItem(opening)}`);
      if (body.terminated !== undefined) lines.push(`ended ${printPoint(body.terminated)}`);
      return lines;
    }
    case 'hash': {
      const lines = body.items.map(
        (item) => `${item.hash} of ${list(item.keys, item)} of ${printItem(item)}`,
      );
      return [...lines, `${body.granularity} partitions${body.preallocate ? ', from the start' : ''}`];
    }
    case 'category': {
      const [item] = body.items;
      return [
        `of ${printItem(item)}`,
        ...body.categories.map(
          ({ label, condition }) => `partition ${label} where ${printBound(condition, [item.type.name], [])}`,
        ),
      ];
    }
    case 'span': {
      const lines = [body.overlapping ? 'any number of partitions at a time' : 'one partition at a time'];
      if (body.now) lines.push('opened at the start');
      if (body.opened !== undefined) lines.push(`opened ${printPoint(body.opened)}`);
      for (const key of body.distinct) lines.push(`one at most for each ${printBound(key, [], [])}`);
      if (body.terminated !== undefined) lines.push(`ended ${printPoint(body.terminated)}`);
      return lines;
    }
    default:
      return body satisfies never;
  }
}

const list = (keys: readonly Bound[], { type }: ContextItem): string =>
  keys.map((key) => printBound(key, [type.name], [])).join(', ');

function printItem({ type, filter }: ContextItem): string {
  const conditions = filter.map((condition) => printBound(condition, [type.name], []));
  return conditions.length === 0 ? type.name : `${type.name} where ${conditions.join(' and ')}`;
}

function printPoint(point: PointPlan): string {
  switch (point.kind) {
    case 'filter':
      return `by ${printItem({ type: point.type, filter: [...point.filter, ...point.correlated] })}`;
    case 'pattern':
      return `by the pattern ${printPattern(point.pattern)
        .map((line) => line.trim())
        .join(', ')}`;
    case 'cron':
      return 'at the points of a crontab';
    case 'after':
      return `after ${printPeriod(point.period)}`;
    default:
      return point satisfies never;
  }
}
