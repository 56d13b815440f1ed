import { Fault } from '../syntax/fault.ts';
import type { WindowNode } from '../syntax/stream.ts';

/** The namespaces of the old notation, `.win:time(1 min)`, and what stands in them. */
const namespaces: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'win',
    [
      'length',
      'time',
      'keepall',
      'time_batch',
      'time_length_batch',
      'length_batch',
      'time_accum',
      'firsttime',
      'firstlength',
      'ext_timed',
      'ext_timed_batch',
      'expr',
      'expr_batch',
    ],
  ],
  ['std', ['unique', 'firstunique', 'lastevent', 'firstevent', 'size', 'groupwin', 'merge']],
  ['ext', ['sort', 'rank', 'time_order', 'timetolive']],
  ['stat', ['uni', 'weighted_avg', 'linest', 'correl']],
]);

/** @throws Fault where the data window stands in another namespace */
export function checkNamespace(node: WindowNode): void {
  const { namespace } = node;
  if (namespace === undefined) return;
  const { name } = node;
  if (namespaces.get(namespace)?.includes(name) === true) return;
  const right = [...namespaces].find(([, names]) => names.includes(name.toLowerCase()))?.[0];
  const hint = right === undefined ? undefined : `${right}:${name.toLowerCase()}`;
  throw new Fault('EPL_UNKNOWN_WINDOW', `unknown data window '${namespace}:${node.name}'`, node, hint);
}
