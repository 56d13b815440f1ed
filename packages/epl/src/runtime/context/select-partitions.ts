import { equal } from '../../compile/comparison.ts';
import { arrayOfContent, keyOf } from '../../content-text.ts';
import { EplError } from '../../errors.ts';
import type { ContextLevelPlan, ContextPlan } from '../../plan/context-plan.ts';
import type { Level } from './level.ts';
import type { Partition } from './partition.ts';
import type { ContextPartition, PartitionSelector } from './partition-selector.ts';

/**
 * The innermost partitions that the selector means, in the order in which they opened.
 * @throws EplError `EPL_USAGE` for a selector that asks for what the context does not have, such as the labels of keys
 */
export function* selectPartitions(
  plan: ContextPlan,
  root: Level,
  selector: PartitionSelector,
): Iterable<Partition> {
  check(plan, selector);
  for (const path of paths(root)) if (means(plan, path, selector)) yield path[path.length - 1];
}

/** From the outermost to the innermost, one of each level. */
type Path = readonly Partition[];

function* paths(level: Level, outside: Path = []): Iterable<Path> {
  for (const partition of level.partitions()) {
    const path = [...outside, partition];
    if (partition.inner === undefined) yield path;
    else yield* paths(partition.inner, path);
  }
}

function means(plan: ContextPlan, path: Path, selector: PartitionSelector): boolean {
  const innermost = path[path.length - 1];
  if (typeof selector === 'function') return selector(describe(plan, innermost)) === true;
  if ('ids' in selector) return selector.ids.includes(innermost.id);
  if ('levels' in selector)
    return selector.levels.some((level) =>
      level.every((one, depth) => meansAt(plan, path[depth], depth, one)),
    );
  return meansAt(plan, innermost, 0, selector);
}

/** Of one level: what it is told apart by there. */
function meansAt(
  plan: ContextPlan,
  partition: Partition,
  depth: number,
  selector: PartitionSelector,
): boolean {
  if (typeof selector === 'function') return selector(describe(plan, partition)) === true;
  if ('ids' in selector) return selector.ids.includes(partition.id);
  if ('hashes' in selector) {
    const hash = partition.level.hashOf?.(partition);
    return hash !== undefined && selector.hashes.includes(hash);
  }
  const { base } = plan.levels[depth];
  if ('labels' in selector) return selector.labels.includes(partition.values[base] as string);
  if ('keys' in selector)
    return selector.keys.some((keys) => keys.every((key, i) => same(key, partition.values[base + i])));
  throw unfit('levels', 'within the levels of a context');
}

/** Null is a key like any other. */
const same = (given: unknown, value: unknown): boolean =>
  given === null || given === undefined ? value === null : value !== null && equal(keyOf(given), value);

function describe({ name: context, levels }: ContextPlan, { id, values }: Partition): ContextPartition {
  const properties: Record<string, unknown> = {};
  for (const level of levels) {
    const own: Record<string, unknown> = level.name === context ? properties : {};
    if (own !== properties) properties[level.name] = own;
    level.properties.forEach(({ name }, i) => {
      if (level.base + i < values.length) own[name] = propertyOf(level, i, values[level.base + i]);
    });
  }
  return { id, properties };
}

/** Arrays stand among the values by their content. */
function propertyOf({ body, properties }: ContextLevelPlan, i: number, value: unknown): unknown {
  const { type } = properties[i];
  const isKey = body.kind === 'keyed' && i < body.items[0].keys.length;
  const isArray = typeof type !== 'string' && type.kind === 'array';
  return isKey && isArray && typeof value === 'string' ? arrayOfContent(value) : value;
}

const kinds = { keys: 'keyed', labels: 'category', hashes: 'hash' } as const;

/** Whether it asks of the context, or of one level of it, what that has. */
function check(plan: ContextPlan, selector: PartitionSelector, depth?: number): void {
  if (typeof selector === 'function' || 'ids' in selector) return;
  if ('levels' in selector) {
    if (depth !== undefined) throw unfit('levels', 'within the levels of a context');
    for (const level of selector.levels) {
      if (level.length !== plan.levels.length)
        throw unfit('levels', `for the context '${plan.name}', which has ${plan.levels.length} levels`);
      for (const [i, one] of level.entries()) check(plan, one, i);
    }
    return;
  }
  if (depth === undefined && plan.levels.length > 1)
    throw unfit(Object.keys(selector)[0], `for the context '${plan.name}', which is nested: give 'levels'`);
  const { name, body, properties } = plan.levels[depth ?? 0];
  for (const [wanted, kind] of Object.entries(kinds))
    if (wanted in selector && body.kind !== kind)
      throw unfit(wanted, `for the context '${name}', whose partitions have none`);
  if (body.kind !== 'keyed' || !('keys' in selector)) return;
  const count = body.items[0].keys.length;
  if (selector.keys.some((keys) => keys.length !== count || keys.length > properties.length))
    throw unfit('keys', `for the context '${name}', whose partitions have ${count} each`);
}

const unfit = (selector: string, where: string): EplError =>
  new EplError('EPL_USAGE', `partitions cannot be chosen by '${selector}' ${where}`);
