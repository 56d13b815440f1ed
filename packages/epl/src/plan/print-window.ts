import type { Bound } from './expression.ts';
import { printPeriod } from './period.ts';
import { printContained } from './print-contained.ts';
import type { SortKey, WindowPlan } from './window-plan.ts';

/** A window in one line. `print` prints an expression over its events. */
export function printWindow(window: WindowPlan, print: (node: Bound) => string): string {
  const list = (nodes: readonly Bound[]): string => nodes.map(print).join(', ');
  const order = (keys: readonly SortKey[]): string =>
    keys.map(({ value, descending }) => `${print(value)}${descending ? ' desc' : ''}`).join(', ');
  switch (window.kind) {
    case 'length':
    case 'length_batch':
    case 'firstlength':
      return `${window.kind} ${window.size} events`;
    case 'time':
    case 'firsttime':
    case 'time_accum':
      return `${window.kind} ${printPeriod(window.period)}`;
    case 'time_batch': {
      const anchor = window.startEager
        ? 'deployment'
        : window.referenceMs === undefined
          ? 'first event'
          : `${window.referenceMs} ms`;
      return `time_batch ${printPeriod(window.period)} anchored at ${anchor}${window.forceUpdate ? ', always told' : ''}`;
    }
    case 'time_length_batch': {
      const start = window.startEager ? ' from deployment' : '';
      const told = window.forceUpdate ? ', always told' : '';
      return `time_length_batch ${printPeriod(window.period)} or ${window.size} events${start}${told}`;
    }
    case 'ext_timed':
    case 'time_order':
      return `${window.kind} ${printPeriod(window.period)} by ${print(window.timestamp)}`;
    case 'ext_timed_batch': {
      const anchor = window.referenceMs === undefined ? 'first event' : `${window.referenceMs} ms`;
      return `ext_timed_batch ${printPeriod(window.period)} by ${print(window.timestamp)} anchored at ${anchor}`;
    }
    case 'timetolive':
      return `timetolive until ${print(window.deadline)}`;
    case 'unique':
    case 'firstunique':
      return `${window.kind} by ${list(window.keys)}`;
    case 'sort':
      return `sort ${window.size} events by ${order(window.order)}`;
    case 'rank':
      return `rank ${window.size} events by ${order(window.order)}, unique by ${list(window.keys)}`;
    case 'expr':
      return `expr while ${print(window.condition)}`;
    case 'expr_batch':
      return `expr_batch until ${print(window.condition)}${window.includeTrigger ? '' : ', without the event that ends it'}`;
    case 'intersection':
    case 'union':
      return `${window.kind} of ${window.windows.map((part) => printWindow(part, print)).join(' and ')}`;
    case 'groupwin':
      return `for each ${list(window.keys)}: ${printWindow(window.window, print)}`;
    case 'derived': {
      const what = `${window.measure}(${list(window.arguments)})`;
      return window.window === undefined ? what : `${what} of ${printWindow(window.window, print)}`;
    }
    case 'named-window': {
      const chosen = window.filter === undefined ? '' : ` where ${print(window.filter)}`;
      const steps = window.contained === undefined ? [] : printContained(window.contained, window.name);
      return [`named window ${window.name}${chosen}`, ...steps.map((step) => step.trim())].join(', ');
    }
    case 'table':
      return `table ${window.name}`;
    case 'keepall':
    case 'lastevent':
    case 'firstevent':
      return window.kind;
    default:
      return window satisfies never;
  }
}
