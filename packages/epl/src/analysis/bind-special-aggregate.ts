import type { Bound } from '../plan/expression.ts';
import { operandsOf } from '../plan/expression-walk.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { Expression, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { isNumeric, typeFault } from './types.ts';

type Special = Pick<AggregatePlan, 'function' | 'type' | 'argument' | 'position' | 'descending'>;

/** Aggregates whose arguments are not one value: `rate`, `leaving`, and those over events sorted by keys. */
export function bindSpecial(
  name: string,
  args: readonly Expression[],
  part: PathPart,
  binder: Binder,
): Special {
  switch (name) {
    case 'leaving':
      if (args.length > 0) throw new Fault('EPL_VALUE', 'leaving takes no arguments', part);
      return { function: 'leaving', type: 'boolean', argument: undefined, position: 0 };
    case 'rate':
      return bindRate(args, part, binder);
    case 'sorted':
    case 'maxby':
    case 'minby':
    case 'maxbyever':
    case 'minbyever':
      return bindSorted(name, args, part, binder);
    default:
      throw new Fault('EPL_UNKNOWN_FUNCTION', `unknown function '${part.name}'`, part);
  }
}

function bindRate(args: readonly Expression[], part: PathPart, binder: Binder): Special {
  const bound = args.map((argument) => bindExpression(argument, binder));
  const [first] = bound;
  if (first === undefined || args.length > 2)
    throw new Fault('EPL_VALUE', 'rate takes a number of seconds, or a timestamp and an amount', part);
  bound.forEach(({ type }, i) => {
    if (!isNumeric(type)) throw typeFault('rate needs numbers', args[i]);
  });
  if (first.kind !== 'constant') {
    const argument: Bound = { kind: 'array', type: { kind: 'array', element: 'object' }, elements: bound };
    return { function: 'rate-of-window', type: 'double', argument, position: 0 };
  }
  const seconds = Number(first.value);
  if (!(seconds > 0)) throw new Fault('EPL_VALUE', 'rate needs a time above 0', args[0]);
  return { function: 'rate', type: 'double', argument: { kind: 'now', type: 'long' }, position: seconds };
}

function bindSorted(
  name: 'sorted' | 'maxby' | 'minby' | 'maxbyever' | 'minbyever',
  args: readonly Expression[],
  part: PathPart,
  binder: Binder,
): Special {
  if (args.length === 0) throw new Fault('EPL_VALUE', `${name} needs one or more values to sort by`, part);
  const descending = args.map((argument) => argument.kind === 'sort-key' && argument.descending);
  const keys = args.map((argument) =>
    bindExpression(argument.kind === 'sort-key' ? argument.expression : argument, binder),
  );
  const streams = new Set<number>();
  const collect = (node: Bound): void => {
    if (node.kind === 'property' || node.kind === 'event') streams.add(node.stream);
    for (const operand of operandsOf(node)) collect(operand);
  };
  keys.forEach(collect);
  if (streams.size > 1)
    throw new Fault('EPL_VALUE', `${name} sorts the events of one stream, not of several`, part);
  const stream = [...streams][0] ?? 0;
  const type: Bound['type'] = { kind: 'event', type: binder.scope.streams[stream].type };
  const elements: Bound[] = [{ kind: 'event', type, stream }, ...keys];
  return {
    function: name,
    type: name === 'sorted' ? { kind: 'array', element: type } : type,
    argument: { kind: 'array', type: { kind: 'array', element: 'object' }, elements },
    position: 0,
    descending,
  };
}
