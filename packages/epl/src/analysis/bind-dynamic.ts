import type { Bound } from '../plan/expression.ts';
import type { Path, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { bindMethod, matchParameter } from './bind-path.ts';
import type { Binder } from './binder.ts';
import { matchProperty, unknownProperty } from './scope.ts';

/**
 * A path with a dynamic part, `a.b?.c`: up to that part it must be declared, from there on it is looked for when it
 * runs and of no declared type.
 */
export function bindDynamic(path: Path, binder: Binder): Bound {
  const { base, rest } = splitDynamic(path, binder);
  return rest.reduce<Bound>((owner, part) => memberOf(owner, part), base);
}

/** `exists(a.b?)`. */
export function bindExists(path: Path, binder: Binder): Bound {
  if (path.parts.some(({ dynamic }) => dynamic)) {
    const { base, rest } = splitDynamic(path, binder);
    const owner = rest.slice(0, -1).reduce<Bound>((outer, part) => memberOf(outer, part), base);
    return { kind: 'has-property', type: 'boolean', base: owner, name: rest.at(-1)!.name };
  }
  const none: Bound = { kind: 'constant', type: 'null', value: null };
  const [{ name }] = path.parts;
  const parameter = matchParameter(path.parts[0], binder);
  if (parameter !== undefined) {
    const left = bindMethod(parameter, path.parts, 1, name, binder);
    return { kind: 'is', type: 'boolean', not: true, left, right: none };
  }
  const match = matchProperty(binder.scope, path.parts);
  if (match === undefined) throw unknownProperty(binder.scope, path.parts);
  if (match.used === path.parts.length) return { kind: 'constant', type: 'boolean', value: true };
  const text = path.parts.map((part) => part.name).join('.');
  const bound = bindMethod(match.bound, path.parts, match.used, text, binder);
  return { kind: 'is', type: 'boolean', not: true, left: bound, right: none };
}

/** What is declared, and the parts that are looked for in it. */
function splitDynamic({ parts }: Path, binder: Binder): { base: Bound; rest: readonly PathPart[] } {
  const first = parts.findIndex(({ dynamic }) => dynamic);
  const { streams, preferred } = binder.scope;
  if (first === 0) {
    // In a subquery its own stream comes first.
    if (streams.length !== 1 && preferred !== 1)
      throw new Fault(
        'EPL_AMBIGUOUS_NAME',
        `write the name of the stream before '${parts[0].name}?'`,
        parts[0],
      );
    return { base: eventOf(binder, 0), rest: parts };
  }
  const declared = parts.slice(0, first);
  const parameter = matchParameter(declared[0], binder);
  if (parameter !== undefined)
    return { base: bindMethod(parameter, declared, 1, declared[0].name, binder), rest: parts.slice(first) };
  const match = matchProperty(binder.scope, declared);
  if (match === undefined) throw unknownProperty(binder.scope, declared);
  const text = declared.map(({ name }) => name).join('.');
  const base = bindMethod(match.bound, declared, match.used, text, binder);
  return { base, rest: parts.slice(first) };
}

const eventOf = (binder: Binder, stream: number): Bound => ({
  kind: 'event',
  type: { kind: 'event', type: binder.scope.streams[stream].type },
  stream,
});

function memberOf(base: Bound, part: PathPart): Bound {
  const list = part.arguments?.list;
  if (list !== undefined) {
    const [key] = list;
    if (list.length !== 1 || key.kind !== 'literal' || typeof key.value !== 'string')
      throw new Fault('EPL_VALUE', `the key of '${part.name}(…)' must be a string`, part);
    const map: Bound = { kind: 'member', type: 'object', base, name: part.name };
    return { kind: 'member', type: 'object', base: map, name: key.value };
  }
  let bound: Bound = { kind: 'member', type: 'object', base, name: part.name };
  for (const index of part.indexes ?? []) {
    if (index.kind !== 'literal' || typeof index.value !== 'number')
      throw new Fault('EPL_VALUE', `the index of '${part.name}[…]' must be a number`, index);
    const at: Bound = { kind: 'constant', type: 'int', value: index.value };
    bound = { kind: 'element', type: 'object', base: bound, index: at };
  }
  return bound;
}
