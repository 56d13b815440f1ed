import { printType } from '../runtime/property-type.ts';
import type { Bound } from './expression.ts';
import type { InputPlan } from './plan.ts';
import { printBound } from './print-expression.ts';
import { printPattern } from './print-pattern.ts';
import { printSubquery } from './print-subquery.ts';
import { printWindow } from './print-window.ts';
import type { IndexPlan, LookupPlan, NamedWindowPlan, RangePlan, TablePlan } from './store-plan.ts';
import type { MergeActionPlan, RowAssignment, StoreTriggerPlan } from './trigger-plan.ts';

export function printNamedWindow({ name, type, window, model, fill }: NamedWindowPlan): string[] {
  const print = (node: Bound): string => printBound(node, [name, 'window'], []);
  const columns = type.properties.map((property) => `${property.name} ${printType(property.type)}`);
  const lines = [
    `named window ${name} (${columns.join(', ')})${model === undefined ? '' : ` like ${model.name}`}`,
    `retain its rows: ${printWindow(window, print)}`,
  ];
  if (fill !== undefined) {
    const where = fill.where === undefined ? '' : ` where ${printBound(fill.where, [fill.from], [])}`;
    lines.push(`starts with the rows of ${fill.from}${where}`);
  }
  return lines;
}

export function printTable({ name, columns, keys }: TablePlan): string[] {
  const printed = columns.map(({ name: column, type, aggregate }) =>
    aggregate === undefined ? `${column} ${printType(type)}` : `${column} ${aggregate.text}`,
  );
  const rows = keys.length === 0 ? 'retain one row' : `retain a row for each ${keys.join(', ')}`;
  return [`table ${name} (${printed.join(', ')})`, rows];
}

export function printIndex({ name, store, unique, columns }: IndexPlan): string[] {
  const parts = columns.map(({ value, structure }) => `${printBound(value, [store], [])} ${structure}`);
  return [`${unique ? 'unique index' : 'index'} ${name} on ${store} (${parts.join(', ')})`];
}

/** `on …`: what triggers, and its subqueries. */
export function printTriggerSource(input: InputPlan, subqueries: StoreTriggerPlan['subqueries']): string[] {
  const own = (node: Bound): string => printBound(node, [input.name, 'window'], []);
  const lines = [
    input.window?.kind === 'named-window' ? `on new rows of ${input.type.name}` : `on ${input.type.name}`,
  ];
  if (input.pattern !== undefined) lines.push(...printPattern(input.pattern));
  if (input.filter.length > 0) lines.push(`  filter ${input.filter.map(own).join(' and ')}`);
  if (input.lateFilter !== undefined) lines.push(`  filter of its own ${own(input.lateFilter)}`);
  subqueries.forEach((subquery, i) => {
    lines.push(...printSubquery(subquery, i));
  });
  return lines;
}

/** A trigger on the rows of a named window or table. `printAnswer` prints what an on-select does with the rows found. */
export function printStoreTrigger(
  plan: StoreTriggerPlan,
  printAnswer: (plan: Extract<StoreTriggerPlan, { kind: 'on-select' }>['select']) => string[],
): string[] {
  const streams = [plan.store, plan.input.name, 'initial'];
  const print = (node: Bound): string => printBound(node, streams, []);
  const lines = printTriggerSource(plan.input, plan.subqueries);
  if (plan.kind !== 'on-merge' || !plan.insertsOnly)
    lines.push(...printLookup(plan.store, plan.lookup, print));
  switch (plan.kind) {
    case 'on-select':
      if (plan.andDelete) lines.push('delete the rows found');
      return [...lines, ...printAnswer(plan.select)];
    case 'on-delete':
      return [...lines, 'delete the rows found'];
    case 'on-update':
      return [...lines, ...printAssignments(plan.assignments, print)];
    case 'on-merge':
      for (const { matched, condition, actions } of plan.branches) {
        const test = condition === undefined ? '' : ` and ${print(condition)}`;
        lines.push(`when ${matched ? '' : 'not '}matched${test}`);
        for (const action of actions) lines.push(...printAction(action, print).map((line) => `  ${line}`));
      }
      return lines;
    default:
      return plan satisfies never;
  }
}

function printAction(action: MergeActionPlan, print: (node: Bound) => string): string[] {
  const where = action.where === undefined ? '' : ` where ${print(action.where)}`;
  switch (action.kind) {
    case 'insert': {
      const columns = action.columns.map(({ name, value }) => `${name} = ${print(value)}`);
      return [`insert into ${action.type.name}${where}: ${columns.join(', ')}`];
    }
    case 'update':
      return [`update${where}`, ...printAssignments(action.assignments, print)];
    case 'delete':
      return [`delete${where}`];
    default:
      return action satisfies never;
  }
}

const printAssignments = (assignments: readonly RowAssignment[], print: (node: Bound) => string): string[] =>
  assignments.map(({ column, index, value }) => {
    const element = index === undefined ? '' : `[${print(index)}]`;
    return `set ${column}${element} = ${print(value)}`;
  });

function printLookup(
  store: string,
  { equalities, range, residual }: LookupPlan,
  print: (node: Bound) => string,
): string[] {
  const lines: string[] = [];
  if (equalities.length > 0) {
    const equal = equalities.map(({ column, key }) => `${print(column)} = ${print(key)}`);
    lines.push(`rows of ${store} by index ${equal.join(' and ')}`);
  } else if (range !== undefined) lines.push(`rows of ${store} by sorted index ${printRange(range, print)}`);
  else lines.push(`all rows of ${store}`);
  if (residual !== undefined) lines.push(`  test ${print(residual)}`);
  return lines;
}

function printRange({ column, low, high }: RangePlan, print: (node: Bound) => string): string {
  const from = low === undefined ? '' : `${print(low.value)} ${low.included ? '<=' : '<'} `;
  const to = high === undefined ? '' : ` ${high.included ? '<=' : '<'} ${print(high.value)}`;
  return `${from}${print(column)}${to}`;
}
