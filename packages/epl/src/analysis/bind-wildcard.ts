import type { Bound } from '../plan/expression.ts';
import type { WildcardArgument } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Binder } from './binder.ts';

/** The event that `*` or `s.*` stands for as an argument of `name`. @throws Fault where that is not clear */
export function bindWildcard(node: WildcardArgument, name: string, binder: Binder): Bound {
  const { streams, preferred } = binder.scope;
  const parameter = node.stream === undefined ? undefined : binder.parameters?.get(node.stream);
  if (parameter !== undefined && typeof parameter.type !== 'string' && parameter.type.kind === 'event')
    return parameter;
  if (streams.length > 1 && node.stream === undefined && preferred !== 1)
    throw new Fault('EPL_VALUE', `write the stream whose events ${name} takes, such as ${name}(s.*)`, node);
  const stream = node.stream === undefined ? 0 : streams.findIndex((one) => one.name === node.stream);
  if (streams[stream] === undefined)
    throw new Fault('EPL_UNKNOWN_PROPERTY', `unknown stream '${node.stream ?? '*'}'`, node);
  return { kind: 'event', type: { kind: 'event', type: streams[stream].type }, stream };
}
