import { datePrinter, defaultPattern } from '../compile/date-print.ts';
import { type DateField, dateField, dateFieldSpellings } from '../plan/date-field.ts';
import type { Bound } from '../plan/expression.ts';
import { rewrite } from '../plan/expression-walk.ts';
import { type IntervalMethod, intervalMethods, intervalParameters } from '../plan/interval-method.ts';
import { createEventType } from '../runtime/event-type.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { unitMilliseconds } from '../syntax/time-unit.ts';
import { bindExpression, expectBoolean } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { isInteger, isNumeric, typed, typeFault } from './types.ts';

/** Methods without arguments that read a number. */
const getters: ReadonlyMap<string, DateField | 'dayOfWeek' | 'dayOfYear' | 'weekOfYear' | 'era'> = new Map([
  ['getmillisofsecond', 'millisecond'],
  ['getsecondofminute', 'second'],
  ['getminuteofhour', 'minute'],
  ['gethourofday', 'hour'],
  ['getdayofweek', 'dayOfWeek'],
  ['getdayofmonth', 'day'],
  ['getdayofyear', 'dayOfYear'],
  ['getweekyear', 'weekOfYear'],
  ['getmonthofyear', 'month'],
  ['getyear', 'year'],
  // That of our era, as Java numbers it.
  ['getera', 'era'],
] as const);

const calendarMethods: ReadonlyMap<string, string> = new Map(
  [
    'plus',
    'minus',
    'set',
    'withDate',
    'withTime',
    'withMax',
    'withMin',
    'roundFloor',
    'roundCeiling',
    'roundHalf',
  ].map((name) => [name.toLowerCase(), name]),
);

const otherMethods = ['get', 'format', 'between', 'toMillisec', 'toDate', 'toCalendar'];
const others: ReadonlySet<string> = new Set(otherMethods.map((name) => name.toLowerCase()));

const intervals: ReadonlyMap<string, IntervalMethod> = new Map(
  intervalMethods.map((method) => [method.toLowerCase(), method]),
);

export const dateTimeMethods: readonly string[] = [
  ...calendarMethods.values(),
  ...otherMethods,
  ...intervalMethods,
];

/** Since when and until when something holds. */
interface Span {
  readonly start: Bound;
  readonly end: Bound;
}

/** What a calendar method makes of an event with timestamps: the same interval at another time. */
const movedType = createEventType(
  'interval',
  [
    { name: 'start', type: 'long' },
    { name: 'end', type: 'long' },
  ],
  { timestamps: { start: 'start', end: 'end' } },
);

/**
 * Binds a method of a point in time, a long of milliseconds, or of an event with timestamps. Undefined where no such
 * method has that name. @throws Fault
 */
export function bindDateTime(base: Bound, part: PathPart, text: string, binder: Binder): Bound | undefined {
  const bound = bindInUtc(base, part, text, binder);
  const timeZone = binder.library?.timeZone;
  return bound === undefined || timeZone === undefined ? bound : inTimeZone(bound, timeZone);
}

/** Lets what reads the calendar read that of the zone. */
export function inTimeZone(bound: Bound, timeZone: string): Bound {
  return rewrite(bound, (node) => {
    if (node.kind !== 'call' || node.timeZone !== undefined || !node.function.startsWith('date.'))
      return undefined;
    return { ...node, timeZone, arguments: node.arguments.map((argument) => inTimeZone(argument, timeZone)) };
  });
}

function bindInUtc(base: Bound, part: PathPart, text: string, binder: Binder): Bound | undefined {
  const name = part.name.toLowerCase();
  const calendar = calendarMethods.get(name);
  const getter = getters.get(name);
  const relation = intervals.get(name);
  if (calendar === undefined && getter === undefined && relation === undefined && !others.has(name))
    return undefined;
  const span = spanOf(base);
  if (span === undefined) {
    const message = `'${part.name}' is for longs of milliseconds and for events with 'starttimestamp', but ${typed(text, base.type)} is neither`;
    throw typeFault(message, part);
  }
  if (relation !== undefined) return bindRelation(relation, span, part, binder);
  const { start, end } = span;
  if (getter !== undefined) {
    expectCount(part, [0]);
    if (getter === 'era') return constant(1);
    const named = getter === 'dayOfWeek' || getter === 'dayOfYear' || getter === 'weekOfYear';
    return named
      ? call(`date.${getter}`, 'int', [start])
      : call('date.get', 'int', [start, constant(getter)]);
  }
  if (calendar === undefined) return bindReading(name, start, part, binder);
  const moved = bindCalendar(calendar, start, part, binder);
  if (start === base) return moved;
  const length: Bound = { kind: 'arithmetic', type: 'long', operator: '-', left: end, right: start };
  const movedEnd: Bound = { kind: 'arithmetic', type: 'long', operator: '+', left: moved, right: length };
  const columns = [
    { name: 'start', value: moved },
    { name: 'end', value: movedEnd },
  ];
  return { kind: 'struct', type: { kind: 'event', type: movedType }, columns };
}

/** A moved interval that nothing more is asked of stands for its start. */
export function endDateTime(bound: Bound): Bound {
  const moved = bound.kind === 'struct' && typeof bound.type !== 'string' && bound.type.kind === 'event';
  return moved && bound.type.type === movedType ? bound.columns[0].value : bound;
}

const constant = (value: string | number): Bound => ({
  kind: 'constant',
  type: typeof value === 'string' ? 'string' : 'int',
  value,
});

const call = (name: string, type: PropertyType, args: readonly Bound[]): Bound => ({
  kind: 'call',
  type,
  function: name,
  arguments: args,
});

function spanOf(bound: Bound): Span | undefined {
  const { type } = bound;
  if (type === 'long') return { start: bound, end: bound };
  if (bound.kind === 'struct' && typeof type !== 'string' && type.kind === 'event' && type.type === movedType)
    return { start: bound.columns[0].value, end: bound.columns[1].value };
  if (typeof type === 'string' || type.kind !== 'event' || type.type.timestamps === undefined)
    return undefined;
  const { start, end } = type.type.timestamps;
  const read = (name: string): Bound =>
    bound.kind === 'event'
      ? { kind: 'property', type: 'long', stream: bound.stream, name }
      : { kind: 'member', type: 'long', base: bound, name };
  return { start: read(start), end: read(end) };
}

function expectCount(part: PathPart, counts: readonly number[]): readonly Expression[] {
  const { list } = part.arguments!;
  if (counts.includes(list.length)) return list;
  const wanted =
    counts.length === 1 ? String(counts[0]) : `${counts.slice(0, -1).join(', ')} or ${counts.at(-1)}`;
  throw new Fault('EPL_VALUE', `${part.name} takes ${wanted} arguments, not ${list.length}`, part);
}

function bindCalendar(method: string, at: Bound, part: PathPart, binder: Binder): Bound {
  const name = `date.${method}`;
  const whole = (node: Expression): Bound => {
    const bound = bindExpression(node, binder);
    if (isInteger(bound.type)) return bound;
    throw typeFault(`${method} needs whole numbers, not ${typed('null', bound.type)}`, part);
  };
  switch (method) {
    case 'plus':
    case 'minus': {
      const [amount] = expectCount(part, [1]);
      return call(name, 'long', [at, ...bindAmount(amount, method, binder)]);
    }
    case 'set': {
      const [field, value] = expectCount(part, [2]);
      return call(name, 'long', [at, bindField(field, method), whole(value)]);
    }
    case 'withDate':
      return call(name, 'long', [at, ...expectCount(part, [3]).map(whole)]);
    case 'withTime':
      return call(name, 'long', [at, ...expectCount(part, [4]).map(whole)]);
    default: {
      const [node] = expectCount(part, [1]);
      const field = bindField(node, method);
      const rounds = method.startsWith('round');
      if (rounds && field.kind === 'constant' && field.value === 'week')
        throw new Fault('EPL_VALUE', `${method} cannot round to weeks`, node);
      return call(name, 'long', [at, field]);
    }
  }
}

/** What reads a point in time without moving it. */
function bindReading(name: string, at: Bound, part: PathPart, binder: Binder): Bound {
  switch (name) {
    case 'get': {
      const [node] = expectCount(part, [1]);
      return call('date.get', 'int', [at, bindField(node, name)]);
    }
    case 'format': {
      const [node] = expectCount(part, [0, 1]);
      const pattern = node === undefined ? defaultPattern : node.kind === 'literal' ? node.value : undefined;
      if (typeof pattern === 'string' && datePrinter(pattern) !== undefined)
        return call('date.format', 'string', [at, constant(pattern)]);
      const message = "format takes a constant date pattern, such as 'yyyy-MM-dd HH:mm:ss'";
      throw new Fault('EPL_VALUE', message, node ?? part);
    }
    case 'between': {
      const [low, high, ...included] = expectCount(part, [2, 4]);
      const flags = included.map((node) => {
        const flag = bindExpression(node, binder);
        expectBoolean(flag, node, 'between');
        return flag;
      });
      return call('date.between', 'boolean', [
        at,
        point(low, name, binder),
        point(high, name, binder),
        ...flags,
      ]);
    }
    default:
      // Dates are milliseconds, whatever they are turned into.
      expectCount(part, [0]);
      return at;
  }
}

function point(node: Expression, method: string, binder: Binder): Bound {
  const bound = bindExpression(node, binder);
  const span = spanOf(bound);
  if (span !== undefined) return span.start;
  throw typeFault(`${method} needs a point in time, not ${printType(bound.type)}`, node);
}

/** The name of a field, known when the statement is compiled. */
function bindField(node: Expression, method: string): Bound {
  if (node.kind !== 'literal' || typeof node.value !== 'string')
    throw new Fault('EPL_VALUE', `${method} needs the name of a field here, such as 'hour'`, node);
  const field = dateField(node.value);
  if (field !== undefined) return constant(field);
  const close = closestName(node.value, dateFieldSpellings);
  throw new Fault(
    'EPL_VALUE',
    `'${node.value}' is no field of a date: there are ${dateFieldSpellings.join(', ')}`,
    node,
    close,
  );
}

/** Whole months and milliseconds, of a time period or of a number of milliseconds; behind them days, where there are any. */
function bindAmount(node: Expression, method: string, binder: Binder): readonly Bound[] {
  const number = (child: Expression): Bound => {
    const bound = bindExpression(child, binder);
    if (isNumeric(bound.type)) return bound;
    throw typeFault(
      `${method} needs a time period or a number of milliseconds, not ${printType(bound.type)}`,
      child,
    );
  };
  if (node.kind !== 'time-period') return [constant(0), number(node)];
  // Where clocks are put forward and back, a day has not always 24 hours; what is compared counts them.
  const movesByCalendar = binder.library?.timeZone !== undefined && (method === 'plus' || method === 'minus');
  let months = constant(0);
  let milliseconds = constant(0);
  let days: Bound | undefined;
  const add = (left: Bound, value: Bound, times: number): Bound => {
    const factor: Bound = { kind: 'constant', type: 'double', value: times };
    const right: Bound = { kind: 'arithmetic', type: 'double', operator: '*', left: value, right: factor };
    return { kind: 'arithmetic', type: 'double', operator: '+', left, right };
  };
  for (const { unit, value } of node.parts) {
    if (unit === 'year' || unit === 'month') months = add(months, number(value), unit === 'year' ? 12 : 1);
    else if ((unit === 'week' || unit === 'day') && movesByCalendar)
      days = add(days ?? constant(0), number(value), unit === 'week' ? 7 : 1);
    else milliseconds = add(milliseconds, number(value), unitMilliseconds[unit]);
  }
  return days === undefined ? [months, milliseconds] : [months, milliseconds, days];
}

function bindRelation(method: IntervalMethod, { start, end }: Span, part: PathPart, binder: Binder): Bound {
  const counts = intervalParameters[method];
  const [node, ...rest] = expectCount(
    part,
    counts.map((count) => count + 1),
  );
  const other = bindExpression(node, binder);
  const span = spanOf(other);
  if (span === undefined) {
    const message = `'${part.name}' compares with a long of milliseconds or an event with 'starttimestamp', not with ${printType(other.type)}`;
    throw typeFault(message, node);
  }
  const parameters = rest.map((child) => {
    const [months, milliseconds] = bindAmount(child, method, binder);
    if (months.kind === 'constant') return milliseconds;
    throw new Fault('EPL_VALUE', `${method} takes no months and years: their length differs`, child);
  });
  return call(`interval.${method}`, 'boolean', [start, end, span.start, span.end, ...parameters]);
}
