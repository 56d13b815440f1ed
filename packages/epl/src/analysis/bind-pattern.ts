import { findAnnotation } from '../annotation.ts';
import type { Bound } from '../plan/expression.ts';
import type { PatternFilterPlan, PatternNodePlan, PatternPlan } from '../plan/pattern-plan.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { PatternEveryDistinct, PatternFilter, PatternNode, PatternRepeat } from '../syntax/pattern.ts';
import type { PatternSource } from '../syntax/stream.ts';
import { bindExpression } from './bind-expression.ts';
import { bindPatternFilter } from './bind-pattern-filter.ts';
import { bindDuration, bindGuard, bindObserver } from './bind-pattern-timing.ts';
import type { Binder } from './binder.ts';
import { keyValue } from './key-value.ts';
import { isInteger, typeFault } from './types.ts';

/** The tags that an expression at some place of a pattern may read, and of what type they are there. */
export type Tags = ReadonlyMap<string, PropertyType>;

type Surroundings = Pick<Binder, 'eventTypes' | 'subqueries' | 'library'>;

/**
 * Binds a pattern: its tags become the properties of its matches, behind those that it is given, which have their
 * values from the start. @throws Fault
 */
export function bindPattern(
  source: Pick<PatternSource, 'root' | 'annotations'>,
  surroundings: Surroundings,
  given: Tags = new Map(),
): PatternPlan {
  checkAnnotations(source);
  const pattern = new PatternBinder(surroundings);
  const tags = new Map(given);
  const root = pattern.bind(source.root, tags);
  return {
    type: createEventType(
      'pattern',
      [...tags].map(([name, type]) => ({ name, type })),
    ),
    root,
    filters: pattern.filters,
    suppressOverlapping: findAnnotation(source.annotations, 'SuppressOverlappingMatches') !== undefined,
    discardPartials: findAnnotation(source.annotations, 'DiscardPartialsOnMatch') !== undefined,
  };
}

const annotationNames = ['SuppressOverlappingMatches', 'DiscardPartialsOnMatch'];

function checkAnnotations({ annotations, root }: Pick<PatternSource, 'root' | 'annotations'>): void {
  for (const { name } of annotations) {
    if (annotationNames.some((known) => known.toLowerCase() === name.toLowerCase())) continue;
    const close = closestName(name, annotationNames);
    throw new Fault('EPL_VALUE', `a pattern knows no annotation '${name}'`, root, close);
  }
}

/** What expressions of a pattern beside its filters see: the partial match. */
export function partialBinder(tags: Tags, surroundings: Surroundings, place: string): Binder {
  return {
    ...surroundings,
    subqueries: undefined,
    scope: { streams: [{ name: 'pattern', aliased: false, type: tagType(tags) }] },
    aggregates: undefined,
    place,
  };
}

/** The partial match as an event type, for names: instances are always of the type of the match. */
export const tagType = (tags: Tags): EventType =>
  createEventType(
    'pattern',
    [...tags].map(([name, type]) => ({ name, type })),
  );

/** Binds the nodes of one pattern from left to right: each sees the tags of what stands before it. */
class PatternBinder {
  readonly filters: PatternFilterPlan[] = [];
  private readonly surroundings: Surroundings;
  /** All tags, to find those that stand for events of two types. */
  private readonly declared = new Map<string, EventType>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  /** Adds the tags of the node to those given. */
  bind(node: PatternNode, tags: Map<string, PropertyType>): PatternNodePlan {
    switch (node.kind) {
      case 'filter':
        return this.bindFilter(node, tags);
      case 'followed-by':
        return {
          kind: 'followed-by',
          first: this.bind(node.first, tags),
          steps: node.steps.map((step) => ({
            max: step.max && this.bindCount(step.max, tags, "'-[max]>'"),
            node: this.bind(step.node, tags),
          })),
        };
      case 'and':
      case 'or':
        return { kind: node.kind, operands: node.operands.map((operand) => this.bind(operand, tags)) };
      case 'every':
        return { kind: 'every', operand: this.bind(node.operand, tags) };
      case 'not':
        return { kind: 'not', operand: this.bind(node.operand, tags) };
      case 'every-distinct':
        return this.bindDistinct(node, tags);
      case 'repeat':
        return this.bindRepeat(node, tags);
      case 'guard': {
        const before = new Map(tags);
        const operand = this.bind(node.operand, tags);
        return { kind: 'guard', guard: bindGuard(node.guard, before, tags, this.surroundings), operand };
      }
      case 'observer':
        return bindObserver(node, tags, this.surroundings);
      default:
        return node satisfies never;
    }
  }

  private bindFilter(node: PatternFilter, tags: Map<string, PropertyType>): PatternNodePlan {
    const filter = bindPatternFilter(node, tags, this.surroundings);
    const { tag, contained } = filter;
    const type = contained?.type ?? filter.type;
    if (tag !== undefined) {
      const known = this.declared.get(tag);
      if (known !== undefined && known !== type) {
        const message = `the tag '${tag}' stands for events of '${known.name}' already, not of '${type.name}'`;
        throw new Fault('EPL_DUPLICATE_NAME', message, node);
      }
      this.declared.set(tag, type);
      const event: PropertyType = { kind: 'event', type };
      tags.set(tag, contained === undefined ? event : arrayOf(event));
    }
    return { kind: 'filter', filter: this.filters.push(filter) - 1 };
  }

  private bindDistinct(node: PatternEveryDistinct, tags: Map<string, PropertyType>): PatternNodePlan {
    const before = new Map(tags);
    const operand = this.bind(node.operand, tags);
    const last = node.keys[node.keys.length - 1];
    const timed = last.kind === 'time-period' || (last.kind === 'literal' && typeof last.value === 'number');
    const binder = partialBinder(tags, this.surroundings, "'every-distinct'");
    const keys = (timed ? node.keys.slice(0, -1) : node.keys).map((key) => {
      const bound = bindExpression(key, binder);
      if (bound.kind !== 'constant') return keyValue(bound);
      throw new Fault('EPL_VALUE', "'every-distinct' needs expressions of the tags", key);
    });
    if (keys.length === 0)
      throw new Fault('EPL_VALUE', "'every-distinct' needs one or more values to tell apart", node);
    const expiry = timed
      ? bindDuration(last, before, this.surroundings, "the expiry of 'every-distinct'")
      : undefined;
    return { kind: 'every-distinct', keys, expiry, operand };
  }

  private bindRepeat(node: PatternRepeat, tags: Map<string, PropertyType>): PatternNodePlan {
    const bounds = 'the bounds of a repetition';
    const low = node.low && this.bindCount(node.low, tags, bounds);
    const high = node.exact ? low : node.high && this.bindCount(node.high, tags, bounds);
    const [least, most] = [constantNumber(low), constantNumber(high)];
    const lowest = node.until === undefined ? 1 : 0;
    if ((least !== undefined && least < lowest) || (most !== undefined && most < 1))
      throw new Fault('EPL_VALUE', `${bounds} are whole numbers above 0`, node);
    if (least !== undefined && most !== undefined && least > most)
      throw new Fault('EPL_VALUE', `${bounds} are in the wrong order: ${least} is above ${most}`, node);
    if (node.until === undefined && !node.exact && !(least !== undefined && least === most))
      throw new Fault('EPL_VALUE', `a repetition whose bounds differ needs an 'until'`, node);
    const inner = new Map(tags);
    const operand = this.bind(node.operand, inner);
    const own = [...inner].filter(([name]) => !tags.has(name));
    for (const [name, type] of own) tags.set(name, arrayOf(type));
    const until = node.until && this.bind(node.until, tags);
    return { kind: 'repeat', low, high, operand, until, tags: own.map(([name]) => name) };
  }

  private bindCount(node: Expression, tags: Tags, place: string): Bound {
    const bound = bindExpression(node, partialBinder(tags, this.surroundings, place));
    if (isInteger(bound.type)) return bound;
    throw typeFault(`${place} needs a whole number here`, node);
  }
}

/** Repetitions within repetitions give one array. */
const arrayOf = (type: PropertyType): PropertyType =>
  typeof type !== 'string' && type.kind === 'array' ? type : { kind: 'array', element: type };

const constantNumber = (bound: Bound | undefined): number | undefined =>
  bound?.kind === 'constant' && typeof bound.value === 'number' ? bound.value : undefined;
