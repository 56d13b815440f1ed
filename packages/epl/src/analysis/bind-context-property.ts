import { isContent } from '../plan/content-key.ts';
import type { ContextLevelPlan, ContextPlan } from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { givenBack } from './key-value.ts';
import type { Match } from './scope.ts';

/**
 * `context.key1`, of a nested context `context.Level.key1`: a property of the partition that the statement runs in.
 * Undefined where the path is none. @throws Fault where it has no such property
 */
export function matchContextProperty(
  parts: readonly PathPart[],
  plan: ContextPlan | undefined,
): Match | undefined {
  const [first, second, third] = parts;
  if (plan === undefined || first.name.toLowerCase() !== 'context' || second === undefined) return undefined;
  if (first.arguments !== undefined || first.indexes !== undefined || second.arguments !== undefined)
    return undefined;
  const own = ownProperty(plan, second);
  if (own !== undefined) return { bound: own, used: 2 };
  const [only] = plan.levels;
  if (only?.name === plan.name) return { bound: levelProperty(only, second, 'context'), used: 2 };
  const level = plan.levels.find(({ name }) => name === second.name);
  if (level === undefined) {
    const names = ['id', 'name', ...plan.levels.map(({ name }) => name)];
    const message = `unknown property '${second.name}' of the context '${plan.name}', which has ${names.join(', ')}`;
    throw new Fault('EPL_UNKNOWN_PROPERTY', message, second, closestName(second.name, names));
  }
  if (third === undefined) {
    const message = `'context.${level.name}' is a context: name one of its properties behind it`;
    throw new Fault('EPL_UNKNOWN_PROPERTY', message, second);
  }
  return { bound: levelProperty(level, third, `context.${level.name}`), used: 3 };
}

function ownProperty({ name }: ContextPlan, part: PathPart): Bound | undefined {
  if (part.name === 'name') return { kind: 'constant', type: 'string', value: name };
  if (part.name === 'id') return { kind: 'context', type: 'int', slot: 'id', text: 'context.id' };
  return undefined;
}

function levelProperty(
  { name, base, properties, body }: ContextLevelPlan,
  part: PathPart,
  text: string,
): Bound {
  const at = properties.findIndex((property) => property.name === part.name);
  if (at >= 0) {
    const { type } = properties[at];
    const read = { kind: 'context' as const, slot: base + at, text: `${text}.${part.name}` };
    const key = body.kind === 'keyed' && at < body.items[0].keys.length ? body.items[0].keys[at] : undefined;
    return key === undefined || !isContent(key)
      ? { ...read, type }
      : givenBack(key, { ...read, type: 'string' });
  }
  if (part.name === 'name') return { kind: 'constant', type: 'string', value: name };
  const names = ['id', 'name', ...properties.map((property) => property.name)];
  const message = `unknown property '${part.name}' of the context '${name}', which has ${names.join(', ')}`;
  throw new Fault('EPL_UNKNOWN_PROPERTY', message, part, closestName(part.name, names));
}
