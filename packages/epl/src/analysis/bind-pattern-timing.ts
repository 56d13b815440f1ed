import type { Bound } from '../plan/expression.ts';
import { parseDate, parseRecurringInterval } from '../plan/iso-8601.ts';
import type {
  DurationPlan,
  PatternGuardPlan,
  PatternObserverPlan,
  TimerSchedulePlan,
} from '../plan/pattern-plan.ts';
import { addPeriods, type Period, periodOf } from '../plan/period.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { CronField } from '../syntax/cron.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { NamedPlugin, PatternGuard, PatternObserver } from '../syntax/pattern.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { partialBinder, type Tags } from './bind-pattern.ts';
import { bindSchedule } from './bind-schedule.ts';
import type { Binder } from './binder.ts';
import { isInteger, isNumeric, isOpen, isText, typeFault } from './types.ts';

type Surroundings = Pick<Binder, 'eventTypes' | 'subqueries' | 'library'>;

const guards = ['timer:within', 'timer:withinmax'];
const observers = ['timer:interval', 'timer:at', 'timer:schedule'];

/** `before` and `after`: the tags before the guarded part, and with its own. */
export function bindGuard(
  guard: PatternGuard['guard'],
  before: Tags,
  after: Tags,
  surroundings: Surroundings,
): PatternGuardPlan['guard'] {
  if (guard.kind === 'while')
    return {
      kind: 'while',
      condition: bindCondition(guard.condition, partialBinder(after, surroundings, "'while'")),
    };
  const name = nameOf(guard);
  const [duration, most] = guard.arguments;
  if (!guards.includes(name)) throw unknownPlugin('guard', guard, guards);
  expectArguments(guard, name === 'timer:within' ? 1 : 2, name);
  return {
    kind: 'within',
    duration: bindDuration(duration, before, surroundings, name),
    most: name === 'timer:within' ? undefined : bindWhole(most, before, surroundings, name),
  };
}

export function bindObserver(
  node: PatternObserver,
  tags: Tags,
  surroundings: Surroundings,
): PatternObserverPlan {
  const name = nameOf(node);
  switch (name) {
    case 'timer:interval': {
      expectArguments(node, 1, name);
      return { kind: 'interval', duration: bindDuration(node.arguments[0], tags, surroundings, name) };
    }
    case 'timer:at':
      return {
        kind: 'at',
        schedule: bindSchedule(node.arguments, node, partialBinder(tags, surroundings, name)),
      };
    case 'timer:schedule':
      return { kind: 'schedule', schedule: bindTimerSchedule(node, tags, surroundings) };
    default:
      throw unknownPlugin('observer', node, observers);
  }
}

const nameOf = ({ namespace, name }: NamedPlugin): string => `${namespace}:${name}`.toLowerCase();

function unknownPlugin(what: 'guard' | 'observer', node: NamedPlugin, known: readonly string[]): Fault {
  const written = `${node.namespace}:${node.name}`;
  const close = closestName(written.toLowerCase(), known);
  return new Fault(
    'EPL_UNKNOWN_FUNCTION',
    `unknown ${what} '${written}': there are ${known.join(', ')}`,
    node,
    close,
  );
}

function expectArguments(node: NamedPlugin, count: number, name: string): void {
  if (node.arguments.length === count) return;
  throw new Fault(
    'EPL_VALUE',
    `${name} takes ${count === 1 ? 'a time' : 'a time and a number of matches'}`,
    node,
  );
}

/** Crontabs share their syntax with the parameters of guards and observers. */
function expressionOf(field: CronField, owner: string): Expression {
  switch (field.kind) {
    case 'cron-any':
    case 'cron-step':
    case 'cron-range':
    case 'cron-list':
    case 'cron-day':
      throw new Fault('EPL_VALUE', `${owner} takes no fields of a crontab`, field);
    default:
      return field;
  }
}

/** A time period or a number of seconds, known now or computed from tags and variables when the step begins. */
export function bindDuration(
  field: CronField,
  tags: Tags,
  surroundings: Surroundings,
  owner: string,
): DurationPlan {
  const node = expressionOf(field, owner);
  const binder = partialBinder(tags, surroundings, owner);
  const written = node.kind === 'time-period' ? node.parts : [{ unit: 'second' as const, value: node }];
  const parts = written.map(({ unit, value }) => {
    const bound = bindExpression(value, binder);
    if (isNumeric(bound.type) || isOpen(bound.type)) return { unit, value: bound };
    throw typeFault(`${owner} needs a time here`, value);
  });
  let period: Period = { months: 0, milliseconds: 0 };
  for (const { unit, value } of parts) {
    if (value.kind !== 'constant') return { kind: 'computed', parts };
    const amount = periodOf(Number(value.value), unit);
    if (amount === undefined)
      throw new Fault('EPL_VALUE', `${owner} needs a time of 0 or more, in whole months`, node);
    period = addPeriods(period, amount);
  }
  return { kind: 'constant', period };
}

function bindWhole(field: CronField, tags: Tags, surroundings: Surroundings, owner: string): Bound {
  const node = expressionOf(field, owner);
  const bound = bindExpression(node, partialBinder(tags, surroundings, owner));
  if (isInteger(bound.type)) return bound;
  throw typeFault(`${owner} needs a whole number here`, node);
}

const scheduleParameters = ['iso', 'repetitions', 'date', 'period'];

function bindTimerSchedule(node: PatternObserver, tags: Tags, surroundings: Surroundings): TimerSchedulePlan {
  const owner = 'timer:schedule';
  const binder = partialBinder(tags, surroundings, owner);
  const named = new Map<string, Expression>();
  node.arguments.forEach((field, i) => {
    const argument = expressionOf(field, owner);
    const name = argument.kind === 'named-argument' ? argument.name.toLowerCase() : scheduleParameters[i];
    const value = argument.kind === 'named-argument' ? argument.value : argument;
    if (name === undefined || !scheduleParameters.includes(name)) {
      const list = scheduleParameters.map((one) => `${one}:`).join(', ');
      const close = name && closestName(name, scheduleParameters);
      throw new Fault('EPL_VALUE', `${owner} takes ${list}`, argument, close);
    }
    named.set(name, value);
  });
  const [iso, repetitions, date, period] = scheduleParameters.map((name) => named.get(name));
  if (iso !== undefined) {
    if (named.size > 1) throw new Fault('EPL_VALUE', `${owner}: beside 'iso:' stands nothing else`, node);
    const text = bindExpression(iso, binder);
    if (!isText(text.type)) throw typeFault("'iso:' needs a text", iso);
    if (text.kind === 'constant' && parseRecurringInterval(String(text.value)) === undefined) {
      const message = `'${text.value}' is no date, period or repetition of ISO 8601, such as 'R2/2024-03-01T10:00:00Z/PT10S'`;
      throw new Fault('EPL_VALUE', message, iso);
    }
    return { kind: 'iso', text };
  }
  if (date === undefined && period === undefined)
    throw new Fault('EPL_VALUE', `${owner} needs a date or a period`, node);
  if (repetitions !== undefined && period === undefined)
    throw new Fault('EPL_VALUE', `${owner} needs a period to repeat`, repetitions);
  return {
    kind: 'parts',
    date: date && bindDate(date, binder),
    period: period && bindDuration(period, tags, surroundings, "'period:'"),
    repetitions: repetitions && bindWhole(repetitions, tags, surroundings, "'repetitions:'"),
  };
}

function bindDate(node: Expression, binder: Binder): Bound {
  const bound = bindExpression(node, binder);
  if (!isText(bound.type) && !isNumeric(bound.type)) throw typeFault("'date:' needs a date", node);
  if (bound.kind === 'constant' && isText(bound.type) && parseDate(String(bound.value)) === undefined)
    throw new Fault('EPL_VALUE', `'${bound.value}' is no date such as '2024-03-01T10:00:00Z'`, node);
  return bound;
}
