import type {
  CategoryPlan,
  ContextLevelPlan,
  ContextPlan,
  FilterPoint,
  HashPlan,
  KeyedPlan,
  PointPlan,
  SpanPlan,
} from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import { conjunction, someNode } from '../plan/expression-walk.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Condition, Environment, Evaluator, Subject } from './evaluator.ts';
import { crc32Hash, hashCode } from './hash.ts';
import { compilePattern, type PatternProgram } from './pattern-program.ts';

/** A context's plan with its functions: immutable. */
export interface ContextProgram {
  readonly plan: ContextPlan;
  readonly levels: readonly LevelProgram[];
}

export type LevelProgram = { readonly plan: ContextLevelPlan } & BodyProgram;
export type BodyProgram = KeyedProgram | HashProgram | CategoryProgram | SpanProgram;

export interface KeyedProgram {
  readonly kind: 'keyed';
  readonly body: KeyedPlan;
  /** Of each item the values of the keys. */
  readonly keys: readonly (readonly Evaluator[])[];
  readonly terminated: PointProgram | undefined;
}

export interface HashProgram {
  readonly kind: 'hash';
  readonly body: HashPlan;
  /** Of each item the bucket of an event, from 0. */
  readonly buckets: readonly ((event: Subject, environment: Environment) => number)[];
}

export interface CategoryProgram {
  readonly kind: 'category';
  readonly body: CategoryPlan;
  readonly conditions: readonly Condition[];
}

export interface SpanProgram {
  readonly kind: 'span';
  readonly body: SpanPlan;
  readonly distinct: readonly Evaluator[];
  readonly opened: PointProgram | undefined;
  readonly terminated: PointProgram | undefined;
}

export interface PointProgram {
  readonly plan: PointPlan;
  /** Of a filter: what the partition's values must fulfil with the event. */
  readonly correlated: CorrelatedProgram | undefined;
  readonly pattern: PatternProgram | undefined;
}

/** Conditions over an event and the values of a partition. */
export interface CorrelatedProgram {
  /** The first equality of something of the event and something of the partition: looked up in an index. */
  readonly equality: { readonly ofEvent: Evaluator; readonly ofPartition: Evaluator } | undefined;
  /** All of them. */
  readonly condition: Condition;
}

export function compileContext(plan: ContextPlan): ContextProgram {
  return { plan, levels: plan.levels.map((level) => ({ plan: level, ...compileBody(level) })) };
}

function compileBody({ body }: ContextLevelPlan): BodyProgram {
  switch (body.kind) {
    case 'keyed':
      return {
        kind: body.kind,
        body,
        keys: body.items.map(({ keys }) => keys.map((key) => compileExpression(key, false))),
        terminated: body.terminated && compilePoint(body.terminated),
      };
    case 'hash':
      return {
        kind: body.kind,
        body,
        buckets: body.items.map((item) => compileBucket(item, body.granularity)),
      };
    case 'category':
      return {
        kind: body.kind,
        body,
        conditions: body.categories.map(({ condition }) => compileCondition(condition, false)),
      };
    case 'span':
      return {
        kind: body.kind,
        body,
        distinct: body.distinct.map((key) => compileExpression(key, false)),
        opened: body.opened && compilePoint(body.opened),
        terminated: body.terminated && compilePoint(body.terminated),
      };
    default:
      return body satisfies never;
  }
}

function compilePoint(plan: PointPlan): PointProgram {
  return {
    plan,
    correlated: plan.kind === 'filter' ? compileCorrelated(plan.correlated) : undefined,
    pattern: plan.kind === 'pattern' ? compilePattern(plan.pattern, 0) : undefined,
  };
}

/** Undefined where there are no conditions. */
export function compileCorrelated(conditions: FilterPoint['correlated']): CorrelatedProgram | undefined {
  const all = conjunction(conditions);
  if (all === undefined) return undefined;
  const condition = compileCondition(all, false);
  for (const one of conditions) {
    if (one.kind !== 'comparison' || one.operator !== '=') continue;
    for (const [event, partition] of [
      [one.left, one.right],
      [one.right, one.left],
    ]) {
      if (!isKey(event) || !readsEvent(event) || readsPartition(event) || readsEvent(partition)) continue;
      const equality = {
        ofEvent: compileExpression(event, false),
        ofPartition: compileExpression(partition, false),
      };
      return { equality, condition };
    }
  }
  return { equality: undefined, condition };
}

/** Equal values of these types are identical as keys of a Map. */
const isKey = ({ type }: Bound): boolean =>
  type === 'string' || type === 'int' || type === 'long' || type === 'boolean';

const readsEvent = (bound: Bound): boolean =>
  someNode(bound, ({ kind }) => kind === 'property' || kind === 'event');

const readsPartition = (bound: Bound): boolean => someNode(bound, ({ kind }) => kind === 'context');

/** The remainder of the hash, never negative. */
function compileBucket(
  { hash, keys }: HashPlan['items'][number],
  granularity: number,
): (event: Subject, environment: Environment) => number {
  const values = keys.map((key) => compileExpression(key, false));
  const types = keys.map(({ type }) => type);
  const hashOf = (event: Subject, environment: Environment): number => {
    const read = values.map((value) => value(event, null, environment));
    switch (hash) {
      case 'consistent_hash_crc32':
        return crc32Hash(read, types);
      case 'hash_code':
        return read.reduce<number>((hash, one, i) => (Math.imul(31, hash) + hashCode(one, types[i])) | 0, 0);
      case 'value':
        return Number(read[0] ?? 0);
      default:
        return hash satisfies never;
    }
  };
  return (event, environment) => Math.abs(hashOf(event, environment) % granularity);
}
