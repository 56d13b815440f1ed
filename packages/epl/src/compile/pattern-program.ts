import type { Bound } from '../plan/expression.ts';
import type {
  DurationPlan,
  PatternFilterPlan,
  PatternNodePlan,
  PatternPlan,
  TimerSchedulePlan,
} from '../plan/pattern-plan.ts';
import { addPeriod, type Period } from '../plan/period.ts';
import type { Schedule } from '../plan/schedule.ts';
import type { EventType } from '../runtime/event-type.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { type ContainedEvents, compileContained } from './contained-program.ts';
import type { Condition, Environment, Evaluator, Subject } from './evaluator.ts';
import { compilePeriod } from './period-program.ts';

/** A pattern's plan with its functions: immutable, shared by all instances of the statement. */
export interface PatternProgram {
  readonly plan: PatternPlan;
  readonly root: PatternNodeProgram;
  readonly filters: readonly PatternFilterProgram[];
  /** The filters in the order in which one event meets them. */
  readonly filterOrder: readonly number[];
  /** The constant lengths of time of its steps, milliseconds: each has one queue of timers. */
  readonly laneMs: readonly number[];
  /** A partial match with all that two of them have; the second's event where both have one. */
  merge(first: Subject, second: Subject): Subject;
  /** Base events that a match carries as evidence, at most. */
  readonly evidence: number;
}

export interface PatternFilterProgram {
  readonly plan: PatternFilterPlan;
  /** What stands under the tag in the place of the event; undefined for an event that has none of it. */
  readonly contained: ContainedEvents | undefined;
  /** Of each equality the property of the event. */
  readonly own: readonly string[];
  /** And what it must equal, of the partial match. */
  readonly other: readonly Evaluator[];
  /** Over the event and the partial match. */
  readonly residual: Condition | undefined;
  readonly order: Evaluator | undefined;
  /** The partial match with the event, or the events inside of it, under the filter's tag. */
  extend(partial: Subject, event: Subject | readonly Subject[]): Subject;
}

export type PatternNodeProgram =
  | { readonly kind: 'filter'; readonly filter: number }
  | {
      readonly kind: 'followed-by';
      readonly nodes: readonly PatternNodeProgram[];
      /** How many of each step may be open; undefined where nothing is said. */
      readonly most: readonly (Evaluator | undefined)[];
    }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly PatternNodeProgram[] }
  | { readonly kind: 'every' | 'not'; readonly operand: PatternNodeProgram }
  | {
      readonly kind: 'every-distinct';
      readonly keys: readonly Evaluator[];
      readonly expiry: DurationProgram | undefined;
      readonly operand: PatternNodeProgram;
    }
  | {
      readonly kind: 'repeat';
      readonly low: Evaluator | undefined;
      readonly high: Evaluator | undefined;
      readonly operand: PatternNodeProgram;
      readonly until: PatternNodeProgram | undefined;
      readonly tags: readonly string[];
      /** A copy of the partial match with other values under its tags. */
      readonly gather: (partial: Subject, lists: readonly unknown[]) => Subject;
    }
  | {
      readonly kind: 'within';
      readonly duration: DurationProgram;
      readonly most: Evaluator | undefined;
      readonly operand: PatternNodeProgram;
    }
  | { readonly kind: 'while'; readonly condition: Condition; readonly operand: PatternNodeProgram }
  | { readonly kind: 'interval'; readonly duration: DurationProgram }
  | { readonly kind: 'at'; readonly schedule: Schedule }
  | { readonly kind: 'schedule'; readonly schedule: TimerScheduleProgram };

export type TimerScheduleProgram =
  | { readonly kind: 'iso'; readonly text: Evaluator }
  | {
      readonly kind: 'parts';
      readonly date: Evaluator | undefined;
      readonly period: DurationProgram | undefined;
      readonly repetitions: Evaluator | undefined;
    };

export interface DurationProgram {
  /** The queue of timers of this constant length; undefined where the length varies. */
  readonly lane: number | undefined;
  /** @throws RangeError where the length is missing or below 0 */
  period(partial: Subject, environment: Environment): Period;
}

/** The point in time at which a duration that begins now is over. */
export const endOf = (duration: DurationProgram, partial: Subject, environment: Environment): number =>
  addPeriod(environment.nowMs, duration.period(partial, environment));

export function compilePattern(plan: PatternPlan, evidence: number): PatternProgram {
  const laneMs: number[] = [];
  const root = compileNode(plan.root, plan.type, laneMs);
  return {
    plan,
    root,
    filters: plan.filters.map((filter) => compileFilter(filter, plan.type, evidence > 0)),
    filterOrder: filterOrder(plan),
    laneMs,
    merge: compileMerge(plan.type),
    evidence,
  };
}

/**
 * What ends a repetition comes before what is repeated: an event that fits both does not count. Filters without a
 * condition come last, as those without parameters do in Esper.
 */
function filterOrder({ root, filters }: PatternPlan): readonly number[] {
  const order: number[] = [];
  const visit = (node: PatternNodePlan): void => {
    switch (node.kind) {
      case 'filter':
        order.push(node.filter);
        break;
      case 'followed-by':
        visit(node.first);
        for (const step of node.steps) visit(step.node);
        break;
      case 'and':
      case 'or':
        node.operands.forEach(visit);
        break;
      case 'repeat':
        if (node.until !== undefined) visit(node.until);
        visit(node.operand);
        break;
      case 'every':
      case 'every-distinct':
      case 'not':
      case 'guard':
        visit(node.operand);
        break;
      case 'interval':
      case 'at':
      case 'schedule':
        break;
      default:
        node satisfies never;
    }
  };
  visit(root);
  const isBare = ({ fixed, equalities, residual }: PatternFilterPlan) =>
    fixed.length + equalities.length + residual.length === 0;
  return [...order.filter((i) => !isBare(filters[i])), ...order.filter((i) => isBare(filters[i]))];
}

const evaluator = (node: Bound): Evaluator => compileExpression(node, false);

function compileFilter(plan: PatternFilterPlan, type: EventType, copies: boolean): PatternFilterProgram {
  const { equalities, residual, order, tag } = plan;
  return {
    plan,
    contained: plan.contained && compileContained(plan.contained, false),
    own: equalities.map(({ own }) => (own as { readonly name: string }).name),
    other: equalities.map(({ other }) => evaluator(other)),
    residual:
      residual.length === 0
        ? undefined
        : compileCondition({ kind: 'and', type: 'boolean', operands: residual }, true),
    order: order && evaluator(order),
    extend: tag === undefined && !copies ? (partial) => partial : compileExtend(type, tag),
  };
}

function compileNode(node: PatternNodePlan, type: EventType, laneMs: number[]): PatternNodeProgram {
  const compile = (inner: PatternNodePlan) => compileNode(inner, type, laneMs);
  switch (node.kind) {
    case 'filter':
      return node;
    case 'followed-by':
      return {
        kind: 'followed-by',
        nodes: [node.first, ...node.steps.map((step) => step.node)].map(compile),
        most: [undefined, ...node.steps.map(({ max }) => max && evaluator(max))],
      };
    case 'and':
    case 'or':
      return { kind: node.kind, operands: node.operands.map(compile) };
    case 'every':
    case 'not':
      return { kind: node.kind, operand: compile(node.operand) };
    case 'every-distinct':
      return {
        kind: 'every-distinct',
        keys: node.keys.map(evaluator),
        expiry: node.expiry && compileDuration(node.expiry, laneMs),
        operand: compile(node.operand),
      };
    case 'repeat':
      return {
        kind: 'repeat',
        low: node.low && evaluator(node.low),
        high: node.high && evaluator(node.high),
        operand: compile(node.operand),
        until: node.until && compile(node.until),
        tags: node.tags,
        gather: compileGather(type, node.tags),
      };
    case 'guard': {
      const { guard } = node;
      const operand = compile(node.operand);
      if (guard.kind === 'while')
        return { kind: 'while', condition: compileCondition(guard.condition, false), operand };
      const duration = compileDuration(guard.duration, laneMs);
      return { kind: 'within', duration, most: guard.most && evaluator(guard.most), operand };
    }
    case 'interval':
      return { kind: 'interval', duration: compileDuration(node.duration, laneMs) };
    case 'at':
      return node;
    case 'schedule':
      return { kind: 'schedule', schedule: compileTimerSchedule(node.schedule, laneMs) };
    default:
      return node satisfies never;
  }
}

function compileTimerSchedule(plan: TimerSchedulePlan, laneMs: number[]): TimerScheduleProgram {
  if (plan.kind === 'iso') return { kind: 'iso', text: evaluator(plan.text) };
  const { date, period, repetitions } = plan;
  return {
    kind: 'parts',
    date: date && evaluator(date),
    period: period && compileDuration(period, laneMs),
    repetitions: repetitions && evaluator(repetitions),
  };
}

function compileDuration(plan: DurationPlan, laneMs: number[]): DurationProgram {
  if (plan.kind === 'constant') {
    const { period } = plan;
    if (period.months > 0) return { lane: undefined, period: () => period };
    let lane = laneMs.indexOf(period.milliseconds);
    if (lane < 0) lane = laneMs.push(period.milliseconds) - 1;
    return { lane, period: () => period };
  }
  return { lane: undefined, period: compilePeriod(plan.parts) };
}

/** The names as literals: the only text from outside that generated code contains. */
const literals = (type: EventType): readonly string[] =>
  type.properties.map(({ name }) => JSON.stringify(name));

function compileExtend(type: EventType, tag: string | undefined): PatternFilterProgram['extend'] {
  const own = tag === undefined ? '' : `r[${JSON.stringify(tag)}] = e;`;
  const copies = literals(type).map((name) => `r[${name}] = p[${name}];`);
  const body = `"use strict"; return (p, e) => { const r = new T(); ${copies.join(' ')} ${own} return r; };`;
  return new Function('T', body)(type.Instance);
}

function compileMerge(type: EventType): PatternProgram['merge'] {
  const choices = literals(type).map((name) => `r[${name}] = b[${name}] === null ? a[${name}] : b[${name}];`);
  const body = `"use strict"; return (a, b) => { const r = new T(); ${choices.join(' ')} return r; };`;
  return new Function('T', body)(type.Instance);
}

function compileGather(
  type: EventType,
  tags: readonly string[],
): (partial: Subject, lists: readonly unknown[]) => Subject {
  const copies = literals(type).map((name) => `r[${name}] = p[${name}];`);
  const lists = tags.map((tag, i) => `r[${JSON.stringify(tag)}] = l[${i}];`);
  const body = `"use strict"; return (p, l) => { const r = new T(); ${copies.join(' ')} ${lists.join(' ')} return r; };`;
  return new Function('T', body)(type.Instance);
}
