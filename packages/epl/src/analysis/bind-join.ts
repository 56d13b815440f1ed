import type { Bound } from '../plan/expression.ts';
import { conjuncts, operandsOf, someNode } from '../plan/expression-walk.ts';
import type { InputPlan, JoinConditions, JoinEquality, JoinPlan, OuterStep } from '../plan/plan.ts';
import { sameType } from '../runtime/property-type.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { StreamNode } from '../syntax/stream.ts';
import { isLive } from './bind-store-stream.ts';
import { rangesOf } from './join-ranges.ts';
import { isInteger } from './types.ts';

/**
 * Plans how the streams join. Of inner joins all conditions count alike, wherever they stand; with an outer join the
 * streams join from left to right by their `on` clauses, and `where` is tested on the joined rows.
 */
export function planJoin(
  nodes: readonly StreamNode[],
  inputs: readonly InputPlan[],
  where: readonly Bound[],
  bindOn: (condition: Expression) => Bound,
): JoinPlan {
  const driver = driverOf(nodes) ?? driverOverTables(inputs);
  inputs.forEach(({ name, window }, i) => {
    if (window !== undefined || i === driver) return;
    const message = `the stream '${name}' of a join needs a data window, such as #time(1 min) or #keepall`;
    throw new Fault('EPL_VALUE', message, nodes[i]);
  });
  const on = nodes.map((stream) => (stream.on === undefined ? [] : bindOnClause(stream.on, bindOn)));
  const isOuter = nodes.some(({ join }) => join === 'left' || join === 'right' || join === 'full');
  if (!isOuter) return { ...splitConditions([...on.flat(), ...where]), outer: undefined, driver };
  const outer = nodes.slice(1).map(
    (node, i): OuterStep => ({
      kind: node.join === undefined || node.join === 'comma' ? 'inner' : node.join,
      ...splitConditions(on[i + 1]),
    }),
  );
  return { equalities: [], residual: where, ranges: [], outer, driver };
}

/** @throws Fault for an equality of properties of one and the same stream, which joins nothing */
function bindOnClause(node: Expression, bindOn: (condition: Expression) => Bound): readonly Bound[] {
  const conditions = conjuncts(bindOn(node));
  if (conditions.some(({ kind }) => kind === 'or'))
    throw new Fault('EPL_SYNTAX', "the 'on' clause of a join takes no 'or': put it into where", node);
  if (conditions.some(readsOneStream))
    throw new Fault(
      'EPL_VALUE',
      "the 'on' clause of a join compares two streams: put other conditions into where",
      node,
    );
  return conditions;
}

function readsOneStream(condition: Bound): boolean {
  const streams = new Set<number>();
  collectStreams(condition, streams);
  return (
    streams.size === 1 &&
    condition.kind === 'comparison' &&
    !someNode(condition, ({ kind }) => kind === 'constant')
  );
}

/** The only stream whose events make rows. */
function driverOf(nodes: readonly StreamNode[]): number | undefined {
  const drivers = nodes.filter(({ unidirectional }) => unidirectional);
  if (drivers.length === 0) return undefined;
  if (drivers.length > 1) {
    throw new Fault('EPL_VALUE', "only one stream of a join may be 'unidirectional'", drivers[1]);
  }
  const [driver] = drivers;
  if (driver.windows.length > 0) {
    throw new Fault(
      'EPL_VALUE',
      "a 'unidirectional' stream keeps no events: it takes no data window",
      driver,
    );
  }
  return nodes.indexOf(driver);
}

/** Tables tell of no changes: the only stream beside them that keeps no events is the one that makes rows. */
function driverOverTables(inputs: readonly InputPlan[]): number | undefined {
  if (!inputs.some(({ window }) => window?.kind === 'table')) return undefined;
  const [first, second] = inputs.filter(({ window }) => window === undefined);
  return first === undefined || second !== undefined ? undefined : inputs.indexOf(first);
}

/** Equalities between two streams, and what must be tested on the rows. */
export function splitConditions(conditions: readonly Bound[]): JoinConditions {
  const equalities: JoinEquality[] = [];
  const residual: Bound[] = [];
  for (const condition of conditions) {
    const equality = equalityOf(condition);
    if (equality === undefined) residual.push(condition);
    else equalities.push(equality);
  }
  return { equalities, residual, ranges: rangesOf(residual, streamOf) };
}

/** `a.x = b.y` with types whose equal values are identical in JavaScript. */
function equalityOf(condition: Bound): JoinEquality | undefined {
  if (condition.kind !== 'comparison' || condition.operator !== '=') return undefined;
  const { left, right } = condition;
  const indexable =
    (isInteger(left.type) && isInteger(right.type)) ||
    (sameType(left.type, right.type) && (left.type === 'string' || left.type === 'boolean'));
  if (!indexable) return undefined;
  const [a, b] = [streamOf(left), streamOf(right)];
  if (a === undefined || b === undefined || a === b) return undefined;
  const sides = [
    { stream: a, key: left },
    { stream: b, key: right },
  ].sort((one, other) => one.stream - other.stream);
  return { left: sides[0], right: sides[1] };
}

/**
 * The only stream that the expression reads; undefined where it reads none, several, the clock, or what changes while
 * its row stands.
 */
function streamOf(node: Bound): number | undefined {
  const streams = new Set<number>();
  collectStreams(node, streams);
  const pure = !someNode(node, (part) => part.kind === 'now' || part.kind === 'is-new' || isLive(part));
  return pure && streams.size === 1 ? [...streams][0] : undefined;
}

function collectStreams(node: Bound, streams: Set<number>): void {
  if (node.kind === 'property' || node.kind === 'event') streams.add(node.stream);
  for (const operand of operandsOf(node)) collectStreams(operand, streams);
}
