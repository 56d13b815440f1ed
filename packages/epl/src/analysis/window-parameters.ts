import { toDouble } from '../long.ts';
import type { Bound } from '../plan/expression.ts';
import type { Period } from '../plan/period.ts';
import type { SortKey } from '../plan/window-plan.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { unitMilliseconds } from '../syntax/time-unit.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { keyValue } from './key-value.ts';
import { isInteger, isNumeric, typeFault } from './types.ts';

/** The number that an expression of constants gives. `owner` names the construct in messages. */
export function constantOf(bound: Bound, argument: Expression, owner: string): number {
  if (bound.kind === 'constant' && (typeof bound.value === 'number' || typeof bound.value === 'bigint')) {
    return toDouble(bound.value);
  }
  if (bound.kind === 'variable' && (typeof bound.initial === 'number' || typeof bound.initial === 'bigint'))
    return toDouble(bound.initial);
  if (bound.kind === 'arithmetic') {
    const [left, right] = [constantOf(bound.left, argument, owner), constantOf(bound.right, argument, owner)];
    const { operator } = bound;
    switch (operator) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '/':
        return left / right;
      case '%':
        return left % right;
      default:
        return operator satisfies never;
    }
  }
  if (bound.kind === 'negation') return -constantOf(bound.operand, argument, owner);
  if (isNumeric(bound.type)) throw new Fault('EPL_VALUE', `${owner} needs a constant here`, argument);
  throw typeFault(`${owner} needs a number here`, argument);
}

/** A whole number of at least 1. */
export function bindSize(argument: Expression, owner: string, binder: Binder): number {
  if (argument.kind === 'time-period')
    throw typeFault(`${owner} needs a number of events, not a time`, argument);
  const bound = bindExpression(argument, binder);
  const size = constantOf(bound, argument, owner);
  if (!isInteger(bound.type) || bound.type === 'long')
    throw typeFault(`${owner} needs an int, an integer of 32 bits, as its size`, argument);
  if (size >= 1) return size;
  throw new Fault('EPL_VALUE', `${owner} needs a whole number above 0, not ${size}`, argument);
}

/** A time period, or a number of seconds; at least a millisecond. */
export function bindPeriod(argument: Expression, owner: string, binder: Binder): Period {
  let months = 0;
  let milliseconds = 0;
  if (argument.kind === 'time-period') {
    for (const { unit, value } of argument.parts) {
      const amount = constantOf(bindExpression(value, binder), argument, owner);
      if (unit === 'year' || unit === 'month') months += amount * (unit === 'year' ? 12 : 1);
      else milliseconds += amount * unitMilliseconds[unit];
    }
  } else {
    milliseconds = constantOf(bindExpression(argument, binder), argument, owner) * 1000;
  }
  milliseconds = Math.round(milliseconds);
  const most = Number.MAX_SAFE_INTEGER;
  const within = months >= 0 && months <= 120_000 && milliseconds >= 0 && milliseconds <= most;
  if (within && Number.isInteger(months) && (months > 0 || milliseconds > 0)) return { months, milliseconds };
  throw new Fault('EPL_VALUE', `${owner} needs a time of at least a millisecond, in whole months`, argument);
}

export function bindReference(argument: Expression, owner: string, binder: Binder): number {
  const bound = bindExpression(argument, binder);
  if (isNumeric(bound.type) && !isInteger(bound.type))
    throw typeFault(`${owner} needs a long, a number of milliseconds, as its reference point`, argument);
  return constantOf(bound, argument, owner);
}

const flagNames = ['force_update', 'start_eager'] as const;

/** `'force_update, start_eager'`; undefined for what is no string. */
export function flagsOf(argument: Expression): ReadonlySet<(typeof flagNames)[number]> | undefined {
  if (argument.kind !== 'literal' || typeof argument.value !== 'string') return undefined;
  const flags = new Set<(typeof flagNames)[number]>();
  for (const word of argument.value.split(',')) {
    const written = word.trim().toLowerCase();
    const flag = flagNames.find((name) => name === written);
    if (flag === undefined) {
      throw new Fault(
        'EPL_VALUE',
        `unknown flag '${word.trim()}': there are force_update and start_eager`,
        argument,
        closestName(written, flagNames),
      );
    }
    flags.add(flag);
  }
  return flags;
}

export function bindTimestamp(argument: Expression, owner: string, binder: Binder): Bound {
  const bound = bindKey(argument, owner, binder);
  if (isNumeric(bound.type)) return bound;
  throw typeFault(`${owner} needs a timestamp in milliseconds here`, argument);
}

/** An expression of the event's properties. */
export function bindKey(argument: Expression, owner: string, binder: Binder): Bound {
  if (argument.kind === 'time-period') throw typeFault(`${owner} takes no time`, argument);
  const bound = bindExpression(argument, binder);
  if (bound.kind !== 'constant') return bound;
  throw new Fault('EPL_VALUE', `${owner} needs an expression of the event's properties`, argument);
}

/** An expression that events are told apart by. */
export const bindUniqueKey = (argument: Expression, owner: string, binder: Binder): Bound =>
  keyValue(bindKey(argument, owner, binder));

/** `octets desc`. */
export function bindSortKey(argument: Expression, owner: string, binder: Binder): SortKey {
  const descending = argument.kind === 'sort-key' && argument.descending;
  const expression = argument.kind === 'sort-key' ? argument.expression : argument;
  const value = bindKey(expression, owner, binder);
  if (typeof value.type === 'string') return { value, descending };
  throw typeFault(`${owner} cannot put arrays and events in order`, expression);
}
