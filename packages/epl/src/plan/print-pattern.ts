import type { Bound } from './expression.ts';
import type {
  DurationPlan,
  PatternFilterPlan,
  PatternGuardPlan,
  PatternNodePlan,
  PatternPlan,
  TimerSchedulePlan,
} from './pattern-plan.ts';
import { printPeriod } from './period.ts';
import { printContained } from './print-contained.ts';
import { printBound } from './print-expression.ts';

/** What a pattern does: the tree on one line, then each of its filters with what finds the states that wait at it. */
export function printPattern({ root, filters, suppressOverlapping, discardPartials }: PatternPlan): string[] {
  const lines = [`pattern ${printNode(root, filters)}`];
  for (const filter of filters) {
    lines.push(`  ${printFilter(filter)}`);
    const { contained, type } = filter;
    if (contained !== undefined)
      lines.push(...printContained(contained, type.name).map((line) => `  ${line}`));
  }
  if (suppressOverlapping) lines.push('  of overlapping matches the first');
  if (discardPartials) lines.push('  a match ends the partial matches that share an event with it');
  return lines;
}

const partial = (node: Bound): string => printBound(node, ['pattern'], []);

function printNode(node: PatternNodePlan, filters: readonly PatternFilterPlan[]): string {
  const print = (inner: PatternNodePlan): string => printNode(inner, filters);
  switch (node.kind) {
    case 'filter': {
      const { tag, type } = filters[node.filter];
      return tag === undefined ? type.name : `${tag}=${type.name}`;
    }
    case 'followed-by':
      return `(${print(node.first)}${node.steps
        .map(({ max, node: step }) => ` ${max === undefined ? '->' : `-[${partial(max)}]>`} ${print(step)}`)
        .join('')})`;
    case 'and':
    case 'or':
      return `(${node.operands.map(print).join(` ${node.kind} `)})`;
    case 'every':
    case 'not':
      return `${node.kind} ${print(node.operand)}`;
    case 'every-distinct': {
      const keys = node.keys.map(partial);
      if (node.expiry !== undefined) keys.push(printDuration(node.expiry));
      return `every-distinct(${keys.join(', ')}) ${print(node.operand)}`;
    }
    case 'repeat': {
      const [low, high] = [node.low, node.high].map((bound) => (bound === undefined ? '' : partial(bound)));
      const bounds = node.low === undefined && node.high === undefined ? '' : `[${low}:${high}] `;
      const until = node.until === undefined ? '' : ` until ${print(node.until)}`;
      return `(${bounds}${print(node.operand)}${until})`;
    }
    case 'guard':
      return `(${print(node.operand)} ${printGuard(node.guard)})`;
    case 'interval':
      return `interval(${printDuration(node.duration)})`;
    case 'at':
      return 'at(crontab)';
    case 'schedule':
      return `schedule(${printSchedule(node.schedule)})`;
    default:
      return node satisfies never;
  }
}

function printGuard(guard: PatternGuardPlan['guard']): string {
  if (guard.kind === 'while') return `while ${partial(guard.condition)}`;
  const most = guard.most === undefined ? '' : ` and for ${partial(guard.most)} matches`;
  return `within ${printDuration(guard.duration)}${most}`;
}

function printDuration(duration: DurationPlan): string {
  if (duration.kind === 'constant') return printPeriod(duration.period);
  return duration.parts.map(({ unit, value }) => `${partial(value)} ${unit}s`).join(' ');
}

function printSchedule(schedule: TimerSchedulePlan): string {
  if (schedule.kind === 'iso') return partial(schedule.text);
  const { date, period, repetitions } = schedule;
  const parts = [];
  if (repetitions !== undefined) parts.push(`repetitions ${partial(repetitions)}`);
  if (date !== undefined) parts.push(`date ${partial(date)}`);
  if (period !== undefined) parts.push(`period ${printDuration(period)}`);
  return parts.join(', ');
}

function printFilter({ name, type, fixed, equalities, residual, consume }: PatternFilterPlan): string {
  const own = (node: Bound): string => printBound(node, [name, 'pattern'], []);
  const parts = [`filter ${name === type.name ? name : `${name}=${type.name}`}`];
  if (fixed.length > 0) parts.push(`shared index: ${fixed.map(own).join(' and ')}`);
  if (equalities.length > 0) {
    const list = equalities.map(({ own: key, other }) => `${own(key)} = ${partial(other)}`);
    parts.push(`waits by hash: ${list.join(' and ')}`);
  } else parts.push('waits one by one');
  if (residual.length > 0) parts.push(`tested: ${residual.map(own).join(' and ')}`);
  if (consume !== undefined) parts.push(`consumes at level ${consume}`);
  return parts.join(', ');
}
