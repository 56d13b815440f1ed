import { toDouble } from '../long.ts';
import type { Bound } from '../plan/expression.ts';
import type { WindowPlan } from '../plan/plan.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { WindowNode } from '../syntax/stream.ts';
import { unitMilliseconds } from '../syntax/time-unit.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { isNumeric, typeFault } from './types.ts';

const laterWindows = new Set(
  `time_length_batch expr expr_batch size groupwin merge sort rank time_order timetolive uni weighted_avg linest correl
  weighted_avg length_window keepalldata`.split(/\s+/),
);

const parameterCounts: Readonly<Record<WindowPlan['kind'], readonly [number, number]>> = {
  length: [1, 1],
  length_batch: [1, 1],
  time: [1, 1],
  time_batch: [1, 3],
  ext_timed: [2, 2],
  ext_timed_batch: [2, 3],
  keepall: [0, 0],
  firstlength: [1, 1],
  firsttime: [1, 1],
  lastevent: [0, 0],
  firstevent: [0, 0],
  unique: [1, 32],
  firstunique: [1, 32],
  time_accum: [1, 1],
};

/** Binds the data window of a stream. Names count without their namespace, as `#win:time` shows. */
export function bindWindow(nodes: readonly WindowNode[], binder: Binder): WindowPlan | undefined {
  if (nodes.length === 0) return undefined;
  const [node] = nodes;
  const name = node.name.toLowerCase();
  if (laterWindows.has(name)) throw notSupported(`the data window '${name}'`, node);
  if (!Object.hasOwn(parameterCounts, name)) {
    const known = [...Object.keys(parameterCounts), ...laterWindows];
    throw new Fault(
      'EPL_UNKNOWN_WINDOW',
      `unknown data window '${node.name}'`,
      node,
      closestName(name, known),
    );
  }
  if (nodes.length > 1) throw notSupported('several data windows on one stream', nodes[1]);
  const kind = name as WindowPlan['kind'];
  const args = node.arguments;
  const [least, most] = parameterCounts[kind];
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new Fault(
      'EPL_VALUE',
      `the data window '${kind}' takes ${wanted} parameter${wanted === '1' ? '' : 's'}, not ${args.length}`,
      node,
    );
  }
  const durationMs = (argument: Expression) => bindDuration(argument, kind, binder);
  switch (kind) {
    case 'length':
    case 'length_batch':
    case 'firstlength':
      return { kind, size: bindSize(args[0], kind, binder) };
    case 'time':
    case 'firsttime':
    case 'time_accum':
      return { kind, durationMs: durationMs(args[0]) };
    case 'time_batch': {
      const flags = args.length > 1 ? flagsOf(args.at(-1)!) : undefined;
      const reference = args.length === 3 || (args.length === 2 && flags === undefined) ? args[1] : undefined;
      if (args.length === 3 && flags === undefined) {
        throw new Fault(
          'EPL_VALUE',
          "the last parameter of 'time_batch' is a string of flags: 'force_update, start_eager'",
          args[2],
        );
      }
      return {
        kind,
        durationMs: durationMs(args[0]),
        referenceMs: reference && bindReference(reference, kind, binder),
        forceUpdate: (flags?.has('force_update') ?? false) || (flags?.has('start_eager') ?? false),
        startEager: flags?.has('start_eager') ?? false,
      };
    }
    case 'ext_timed':
      return { kind, timestamp: bindTimestamp(args[0], kind, binder), durationMs: durationMs(args[1]) };
    case 'ext_timed_batch':
      return {
        kind,
        timestamp: bindTimestamp(args[0], kind, binder),
        durationMs: durationMs(args[1]),
        referenceMs: args[2] && bindReference(args[2], kind, binder),
      };
    case 'unique':
    case 'firstunique':
      return { kind, keys: args.map((argument) => bindKey(argument, kind, binder)) };
    case 'keepall':
    case 'lastevent':
    case 'firstevent':
      return { kind };
    default:
      return kind satisfies never;
  }
}

/** The number that an expression of constants gives. */
function constantOf(bound: Bound, argument: Expression, window: string): number {
  if (bound.kind === 'constant' && (typeof bound.value === 'number' || typeof bound.value === 'bigint')) {
    return toDouble(bound.value);
  }
  if (bound.kind === 'arithmetic') {
    const [left, right] = [
      constantOf(bound.left, argument, window),
      constantOf(bound.right, argument, window),
    ];
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
  if (isNumeric(bound.type))
    throw new Fault('EPL_VALUE', `the data window '${window}' needs a constant here`, argument);
  throw typeFault(`the data window '${window}' needs a number here`, argument);
}

function bindSize(argument: Expression, window: string, binder: Binder): number {
  if (argument.kind === 'time-period') {
    throw typeFault(`the data window '${window}' needs a number of events, not a time`, argument);
  }
  const size = constantOf(bindExpression(argument, binder), argument, window);
  if (!Number.isInteger(size) || size < 1) {
    throw new Fault(
      'EPL_VALUE',
      `the data window '${window}' needs a whole number above 0, not ${size}`,
      argument,
    );
  }
  return size;
}

/** A time period, or a number of seconds; in whole milliseconds. */
function bindDuration(argument: Expression, window: string, binder: Binder): number {
  let durationMs = 0;
  if (argument.kind === 'time-period') {
    for (const { unit, value } of argument.parts) {
      if (unit === 'year' || unit === 'month') throw notSupported(`'${unit}' in data windows`, argument);
      durationMs += constantOf(bindExpression(value, binder), argument, window) * unitMilliseconds[unit];
    }
  } else {
    durationMs = constantOf(bindExpression(argument, binder), argument, window) * 1000;
  }
  durationMs = Math.round(durationMs);
  if (!(durationMs >= 1) || durationMs > Number.MAX_SAFE_INTEGER) {
    throw new Fault(
      'EPL_VALUE',
      `the data window '${window}' needs a time of at least a millisecond`,
      argument,
    );
  }
  return durationMs;
}

function bindReference(argument: Expression, window: string, binder: Binder): number {
  return constantOf(bindExpression(argument, binder), argument, window);
}

function flagsOf(argument: Expression): ReadonlySet<string> | undefined {
  if (argument.kind !== 'literal' || typeof argument.value !== 'string') return undefined;
  const flags = new Set<string>();
  for (const word of argument.value.split(',')) {
    const flag = word.trim().toLowerCase();
    if (flag !== 'force_update' && flag !== 'start_eager') {
      const close = closestName(flag, ['force_update', 'start_eager']);
      throw new Fault(
        'EPL_VALUE',
        `unknown flag '${word.trim()}': there are force_update and start_eager`,
        argument,
        close,
      );
    }
    flags.add(flag);
  }
  return flags;
}

function bindTimestamp(argument: Expression, window: string, binder: Binder): Bound {
  const bound = bindKey(argument, window, binder);
  if (isNumeric(bound.type)) return bound;
  throw typeFault(
    `the data window '${window}' needs a timestamp in milliseconds as its first parameter`,
    argument,
  );
}

function bindKey(argument: Expression, window: string, binder: Binder): Bound {
  if (argument.kind === 'time-period') throw typeFault(`the data window '${window}' takes no time`, argument);
  const bound = bindExpression(argument, binder);
  if (bound.kind !== 'constant') return bound;
  throw new Fault(
    'EPL_VALUE',
    `the data window '${window}' needs an expression of the event's properties`,
    argument,
  );
}
