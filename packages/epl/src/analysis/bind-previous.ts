import type { Bound, BoundPrevious } from '../plan/expression.ts';
import { operandsOf } from '../plan/expression-walk.ts';
import type { Expression, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { bindExpression } from './bind-expression.ts';
import { bindWildcard } from './bind-wildcard.ts';
import type { Binder } from './binder.ts';
import { isInteger, typeFault } from './types.ts';

const previousFunctions: ReadonlySet<string> = new Set(['prev', 'prevtail', 'prevcount', 'prevwindow']);

export const previousNames: readonly string[] = [...previousFunctions, 'prior'];

/** Windows whose events have no order that `prev` could follow. */
const unordered: ReadonlySet<string> = new Set([
  'unique',
  'firstunique',
  'firstevent',
  'firstlength',
  'firsttime',
  'lastevent',
  'intersection',
  'union',
  'derived',
  'table',
]);

/** Binds `prev`, `prevtail`, `prevcount`, `prevwindow` and `prior`; undefined for any other name. */
export function bindPrevious(name: string, part: PathPart, binder: Binder): Bound | undefined {
  if (name === 'prior') return bindPrior(part, binder);
  if (!previousFunctions.has(name)) return undefined;
  const { index, value } = argumentsOf(name, part, binder);
  const stream = streamOf(value, name, part);
  if (binder.readsEarlierRows === true) {
    const offset = index.kind === 'constant' ? Number(index.value) : Number.NaN;
    if (name === 'prev' && stream === 0 && Number.isInteger(offset) && offset >= 0 && offset <= farthest)
      return { kind: 'prior', type: value.type, stream, offset, value };
    const message = `in a definition stands prev(value, number), the value of the row itself, up to ${farthest} rows back`;
    throw new Fault('EPL_VALUE', message, part);
  }
  const { name: streamName, window } = binder.scope.streams[stream];
  if (window === undefined)
    throw new Fault(
      'EPL_VALUE',
      `${name} needs a data window, and the stream '${streamName}' has none`,
      part,
    );
  const { kind } = window.kind === 'groupwin' ? window.window : window;
  if (unordered.has(kind)) {
    throw new Fault('EPL_VALUE', `${name} cannot look back in the data window '${kind}'`, part);
  }
  checkValue(name, value, part);
  const wanted = name as BoundPrevious['function'];
  const type = typeOf(wanted, value);
  return { kind: 'previous', type, function: wanted, stream, index, value };
}

function typeOf(name: BoundPrevious['function'], value: Bound): Bound['type'] {
  if (name === 'prevcount') return 'long';
  return name === 'prevwindow' ? { kind: 'array', element: value.type } : value.type;
}

/** `prev(1, x)`, `prev(x)`, `prev(x, 1)`: the number may stand on either side. */
function argumentsOf(name: string, part: PathPart, binder: Binder): { index: Bound; value: Bound } {
  const { list } = part.arguments!;
  const inner: Binder = { ...binder, aggregates: undefined, place: `the argument of ${name}` };
  const counted = name === 'prev' || name === 'prevtail';
  if (list.length === 0 || list.length > (counted ? 2 : 1)) {
    throw new Fault('EPL_VALUE', `${name} takes ${counted ? 'a number and a value' : 'one value'}`, part);
  }
  const [first, second] = list.map((argument) =>
    argument.kind === 'wildcard' ? bindWildcard(argument, name, inner) : bindExpression(argument, inner),
  );
  if (second === undefined) {
    return { index: { kind: 'constant', type: 'int', value: name === 'prev' ? 1 : 0 }, value: first };
  }
  const swapped = second.kind === 'constant' && first.kind !== 'constant';
  const [index, value] = swapped ? [second, first] : [first, second];
  if (!isInteger(index.type)) throw typeFault(`${name} needs a whole number of places`, part);
  return { index, value };
}

function bindPrior(part: PathPart, binder: Binder): Bound {
  const { list } = part.arguments!;
  const inner: Binder = { ...binder, aggregates: undefined, place: 'the argument of prior' };
  if (list.length !== 2) throw new Fault('EPL_VALUE', 'prior takes a number and a value', part);
  if (binder.place === 'a filter')
    throw new Fault('EPL_VALUE', 'prior cannot stand in a filter: write it in the where clause', part);
  const offset = offsetOf(list[0]);
  const value = bindExpression(list[1], inner);
  checkValue('prior', value, part);
  return { kind: 'prior', type: value.type, stream: streamOf(value, 'prior', part), offset, value };
}

/** Beyond this the memory of each event would be larger than the event. */
const farthest = 10_000;

function offsetOf(node: Expression): number {
  const value = node.kind === 'literal' ? node.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= farthest) return value;
  throw new Fault('EPL_VALUE', `prior needs a constant number of places, 0 to ${farthest}`, node);
}

/** What is looked up in the earlier event is a property of it, or all of it. */
function checkValue(name: string, value: Bound, part: PathPart): void {
  const { kind } = value;
  if (kind === 'property' || kind === 'event' || kind === 'member' || kind === 'element') return;
  throw new Fault('EPL_VALUE', `${name} needs an event property as its value`, part);
}

/** The only stream that the value is read from. */
function streamOf(value: Bound, name: string, part: PathPart): number {
  const streams = new Set<number>();
  const collect = (node: Bound): void => {
    if (node.kind === 'property' || node.kind === 'event') streams.add(node.stream);
    for (const operand of operandsOf(node)) collect(operand);
  };
  collect(value);
  const [stream, other] = streams;
  if (stream === undefined || other !== undefined)
    throw new Fault('EPL_VALUE', `${name} needs a value of the events of one stream`, part);
  return stream;
}
