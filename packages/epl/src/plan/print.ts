import type { CompiledModule } from '../compile-module.ts';
import { printType } from '../runtime/property-type.ts';
import type { Bound } from './expression.ts';
import type { SelectPlan, StatementPlan, UpdatePlan } from './plan.ts';
import { printContained } from './print-contained.ts';
import { printContext } from './print-context.ts';
import { printBound } from './print-expression.ts';
import { printJoin } from './print-join.ts';
import { printOutput } from './print-output.ts';
import { printPattern } from './print-pattern.ts';
import { printRecognize } from './print-recognize.ts';
import {
  printIndex,
  printNamedWindow,
  printStoreTrigger,
  printTable,
  printTriggerSource,
} from './print-store.ts';
import { printSubquery } from './print-subquery.ts';
import { printWindow } from './print-window.ts';

/** The plans of all statements, readable. */
export function explain(module: CompiledModule): string {
  return module.statements
    .map(({ name, plan, context }) => {
      const within = context === undefined ? '' : `in each partition of the context ${context.name}\n`;
      return `${name}\n${indent(within + printPlan(plan))}`;
    })
    .join('\n');
}

/** One plan, a line for each thing that it does, in the order in which it does them. */
export function printPlan(plan: StatementPlan): string {
  if (plan.kind === 'create-schema') {
    const columns = plan.type.properties.map(({ name, type }) => `${name} ${printType(type)}`);
    return `event type ${plan.type.name} (${columns.join(', ')})`;
  }
  if (plan.kind === 'update-stream') return printUpdate(plan).join('\n');
  switch (plan.kind) {
    case 'create-variable':
      return `${plan.constant ? 'constant' : 'variable'} ${plan.name} (${printType(plan.type)})`;
    case 'on-set':
      return [
        ...printTriggerSource(plan.input, plan.subqueries),
        ...plan.assignments.map(
          ({ name, value }) => `set ${name} = ${printBound(value, [plan.input.name], [])}`,
        ),
      ].join('\n');
    case 'on-split':
      return [
        ...printTriggerSource(plan.input, plan.subqueries),
        plan.all ? 'to all branches that take it' : 'to the first branch that takes it',
        ...plan.branches.map(({ type, where }) => {
          const condition = where === undefined ? '' : ` where ${printBound(where, [plan.input.name], [])}`;
          return `insert into ${type.name}${condition}`;
        }),
      ].join('\n');
    case 'create-context':
      return printContext(plan).join('\n');
    case 'create-expression':
      return `expression ${plan.name}(${plan.parameters.join(', ')}), which stands in the plans of those who call it`;
    case 'create-window':
      return printNamedWindow(plan).join('\n');
    case 'create-table':
      return printTable(plan).join('\n');
    case 'create-index':
      return printIndex(plan).join('\n');
    case 'on-select':
    case 'on-delete':
    case 'on-update':
    case 'on-merge':
      return printStoreTrigger(plan, printAnswer).join('\n');
    case 'select':
      return printSelect(plan).join('\n');
    default:
      return plan satisfies never;
  }
}

function printUpdate({ type, assignments, where, subqueries, priority, drop }: UpdatePlan): string[] {
  const print = (node: Bound): string => printBound(node, [type.name], []);
  const verb = drop ? 'drop' : 'update';
  const lines = [`${verb} ${type.name} before any statement sees it, priority ${priority}`];
  subqueries.forEach((subquery, i) => {
    lines.push(...printSubquery(subquery, i));
  });
  for (const { name, index, value } of assignments)
    lines.push(`set ${name}${index === undefined ? '' : `[${print(index)}]`} = ${print(value)}`);
  if (where !== undefined) lines.push(`where ${print(where)}`);
  return lines;
}

const indent = (text: string): string => text.replace(/^/gm, '  ');

function printSelect(plan: SelectPlan): string[] {
  const streams = plan.inputs.map(({ name }) => name);
  const aggregates = plan.aggregates.map(({ text }) => text);
  const print = (node: Bound): string => printBound(node, streams, aggregates);
  const lines: string[] = [];
  for (const { name, type, pattern, filter, lateFilter, contained, window, recognize } of plan.inputs) {
    const alias = name === type.name ? '' : ` as ${name}`;
    const own = (node: Bound): string => printBound(node, [name, 'window'], []);
    lines.push(`from ${type.name}${alias}`);
    if (pattern !== undefined) lines.push(...printPattern(pattern).map((line) => `  ${line}`));
    if (filter.length > 0) lines.push(`  filter ${filter.map(own).join(' and ')}`);
    if (lateFilter !== undefined) lines.push(`  filter of its own ${own(lateFilter)}`);
    if (contained !== undefined) lines.push(...printContained(contained, type.name));
    if (window !== undefined) lines.push(`  window ${printWindow(window, own)}`);
    if (recognize !== undefined) lines.push(...printRecognize(recognize).map((line) => `  ${line}`));
  }
  plan.subqueries.forEach((subquery, i) => {
    lines.push(...printSubquery(subquery, i));
  });
  if (plan.intoTable !== undefined) lines.push(`into table ${plan.intoTable.table}: its rows are the groups`);
  if (plan.join !== undefined) lines.push(...printJoin(plan.join, streams, print));
  if (plan.retention === 'counters') lines.push('retain counters only: events are counted on arrival');
  else if (plan.retention === 'counts') lines.push('retain counts only: events are counted on arrival');
  else if (plan.inputs.some(({ window }) => window !== undefined))
    lines.push('retain the events of the window');
  return [...lines, ...printAnswer(plan)];
}

/** What becomes of the events or tuples that were put together. */
function printAnswer(plan: SelectPlan): string[] {
  const streams = plan.inputs.map(({ name }) => name);
  const aggregates = plan.aggregates.map(({ text }) => text);
  const print = (node: Bound): string => printBound(node, streams, aggregates);
  const lines: string[] = [];
  if (plan.where !== undefined) lines.push(`where ${print(plan.where)}`);
  plan.groupBy.forEach((key, i) => {
    lines.push(`group key${i} = ${print(key)}`);
  });
  if (aggregates.length > 0) lines.push(`aggregate ${aggregates.join(', ')}`);
  const { kind, columns, wholeEvent, from } = plan.result;
  const shape = `rows ${kind}, ${plan.selector}`;
  lines.push(
    from !== undefined
      ? `${shape}: made of ${print(from)}`
      : wholeEvent
        ? `${shape}: the event`
        : `${shape}: ${columns.map((c) => `${c.name} = ${print(c.value)}`).join(', ')}`,
  );
  if (plan.reclaim !== undefined) {
    const seconds = (value: number | string): string =>
      typeof value === 'number' ? `${value} s` : `${value} (s)`;
    const { agedSec, everySec } = plan.reclaim;
    lines.push(`groups older than ${seconds(agedSec)} are given up, every ${seconds(everySec)} at most`);
  }
  if (plan.having !== undefined) lines.push(`having ${print(plan.having)}`);
  if (plan.orderBy.length > 0) {
    const order = plan.orderBy.map(({ value, descending }) => `${print(value)}${descending ? ' desc' : ''}`);
    lines.push(`order by ${order.join(', ')}`);
  }
  if (plan.distinct) lines.push('distinct');
  if (plan.delivery !== undefined) {
    const { columns } = plan.delivery;
    lines.push(columns.length === 0 ? 'delivered row by row' : `delivered apart by ${columns.join(', ')}`);
  }
  if (plan.limit !== undefined) lines.push(`limit ${plan.limit.count ?? 'none'} offset ${plan.limit.offset}`);
  if (plan.output !== undefined) lines.push(printOutput(plan.output));
  if (plan.insertInto !== undefined)
    lines.push(`insert ${plan.insertInto.selector} into ${plan.insertInto.type.name}`);
  if (plan.evidence > 0) lines.push(`evidence up to ${plan.evidence} events a row`);
  return lines;
}
