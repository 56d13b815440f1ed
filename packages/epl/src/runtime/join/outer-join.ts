import { compileCondition, compileExpression } from '../../compile/compile-expression.ts';
import type { Condition, Evaluator, Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { Bound } from '../../plan/expression.ts';
import { someNode } from '../../plan/expression-walk.ts';
import type { OuterStep } from '../../plan/plan.ts';
import { absentEvent } from '../absent-event.ts';
import { type EventIndex, isMany, type JoinHost, type Many } from './join-index.ts';
import type { JoinIndexes } from './join-indexes.ts';
import { type Edge, OuterTree } from './outer-tree.ts';
import type { Excluded, Tuple, TupleFinder } from './tuple.ts';
import type { TupleList } from './tuple-list.ts';

/** How one stream joins the ones before it. */
interface Step {
  readonly kind: OuterStep['kind'] | 'first';
  readonly all: EventIndex;
  /** From the tuple of the streams before it to its events. */
  readonly forward: Lookup;
  /** From its event to one of the streams before it; without an index all tuples of these are tried. */
  readonly backward: (Lookup & { readonly stream: number }) | undefined;
  readonly condition: Condition | undefined;
}

interface Lookup {
  readonly index: EventIndex;
  readonly keys: readonly Evaluator[];
}

/**
 * Joins from left to right of which at least one is outer; where three or more streams form a tree, from the event
 * outwards. The place of a stream without a partner takes an absent
 * event, all of whose properties are null. A tuple of an event is found from the streams before it, the event, and
 * those behind it, in this order.
 */
export class OuterJoin implements TupleFinder {
  private readonly host: JoinHost;
  private readonly steps: readonly Step[];
  private readonly absent: readonly Subject[];
  /** Of each stream whether its event makes a tuple without those before it: not where these are joined inner, as in Esper. */
  private readonly standsAlone: readonly boolean[];
  private readonly residual: Condition | undefined;
  /** Of three or more streams that form a tree. */
  private readonly tree: OuterTree | undefined;

  constructor(program: Program, indexes: JoinIndexes, host: JoinHost) {
    const { inputs, join } = program.plan;
    this.host = host;
    this.residual = program.joinResidual;
    this.absent = program.streamTypes.map(absentEvent);
    this.steps = inputs.map((_, i) => stepOf(i, i === 0 ? undefined : join!.outer![i - 1], indexes));
    let required = false;
    this.standsAlone = this.steps.map(({ kind }) => {
      required ||= kind === 'inner';
      return kind === 'right' || (kind === 'full' && !required);
    });
    this.tree = treeOf(this.steps, join!.outer!, this.absent, host);
  }

  find(stream: number, event: Subject, excluded: Excluded, found: TupleList): void {
    const tuples = this.tree?.of(stream, event) ?? this.tuplesOf(stream, event, this.steps.length - 1);
    for (const tuple of tuples) {
      const kept = excluded === undefined || tuple.every((part, i) => !excluded[i]?.has(part));
      if (kept && this.passes(this.residual, tuple)) found.add(tuple);
    }
  }

  *contents(): Iterable<Tuple> {
    for (const tuple of this.tree?.contents() ?? this.allTuples(this.steps.length - 1))
      if (this.passes(this.residual, tuple)) yield tuple;
  }

  /** All tuples of the streams up to the last one: each found from its first event. */
  private allTuples(last: number): readonly Tuple[] {
    const tuples: Tuple[] = [];
    for (let stream = 0; stream <= last; stream++) {
      const { kind, all } = this.steps[stream];
      if (kind !== 'first' && !this.standsAlone[stream]) continue;
      for (const event of all.all()) {
        if (stream > 0 && this.before(stream, event).length > 0) continue;
        for (const tuple of this.extend([this.alone(stream, event)], stream, last)) tuples.push(tuple);
      }
    }
    return tuples;
  }

  /** The tuples, of the streams up to the last one, that the event takes part in. */
  private tuplesOf(stream: number, event: Subject, last: number): readonly Tuple[] {
    let tuples = stream === 0 ? [this.alone(0, event)] : this.before(stream, event);
    if (tuples.length === 0 && this.standsAlone[stream]) tuples = [this.alone(stream, event)];
    return this.extend(tuples, stream, last);
  }

  private alone(stream: number, event: Subject): Tuple {
    const tuple = this.absent.slice();
    tuple[stream] = event;
    return tuple;
  }

  /** The event with the tuples of the streams before it that fit it. */
  private before(stream: number, event: Subject): Tuple[] {
    const { backward, condition } = this.steps[stream];
    let candidates: readonly Tuple[];
    if (backward === undefined) candidates = this.allTuples(stream - 1);
    else {
      const partners = this.lookUp(backward, this.alone(stream, event));
      candidates = partners.flatMap((partner) => this.tuplesOf(backward.stream, partner, stream - 1));
    }
    const tuples: Tuple[] = [];
    for (const candidate of candidates) {
      const tuple = candidate.slice();
      tuple[stream] = event;
      if (this.passes(condition, tuple)) tuples.push(tuple);
    }
    return tuples;
  }

  /** The tuples, of the streams up to `stream`, with their partners in the streams behind it. */
  private extend(tuples: readonly Tuple[], stream: number, last: number): readonly Tuple[] {
    let extended = tuples;
    for (let next = stream + 1; next <= last; next++) {
      const { kind, forward, condition } = this.steps[next];
      const keepsLeft = kind === 'left' || kind === 'full';
      extended = extended.flatMap((tuple) => {
        const joined: Tuple[] = [];
        for (const partner of this.lookUp(forward, tuple)) {
          const candidate = tuple.slice();
          candidate[next] = partner;
          if (this.passes(condition, candidate)) joined.push(candidate);
        }
        return joined.length === 0 && keepsLeft ? [tuple] : joined;
      });
    }
    return extended;
  }

  private lookUp({ index, keys }: Lookup, tuple: Tuple): Subject[] {
    const partners: Subject | Many | undefined = index.find(keys, tuple as unknown as Subject, this.host);
    if (partners === undefined) return [];
    return isMany(partners) ? [...partners] : [partners];
  }

  private passes(condition: Condition | undefined, tuple: Tuple): boolean {
    if (condition === undefined) return true;
    try {
      return condition(tuple as unknown as Subject, null, this.host) === true;
    } catch (error) {
      this.host.failed(error);
      return false;
    }
  }
}

/** Undefined where there are two streams only, or one that joins several of those before it or none by equality. */
function treeOf(
  steps: readonly Step[],
  plans: readonly OuterStep[],
  absent: readonly Subject[],
  host: JoinHost,
): OuterTree | undefined {
  if (steps.length < 3) return undefined;
  const edges: Edge[][] = steps.map(() => []);
  const inner = new Set<number>();
  for (const [i, { kind, equalities, residual }] of plans.entries()) {
    const stream = i + 1;
    const { forward, backward, condition } = steps[stream];
    if (backward === undefined || equalities.length === 0) return undefined;
    const others = (node: Bound): boolean =>
      someNode(
        node,
        (part) =>
          (part.kind === 'property' || part.kind === 'event') &&
          part.stream !== stream &&
          part.stream !== backward.stream,
      );
    const keys = equalities.flatMap(({ left, right }) => [left.key, right.key]);
    if ([...keys, ...residual].some(others)) return undefined;
    const { stream: left, ...back } = backward;
    edges[left].push({ to: stream, ...forward, condition, required: kind === 'inner' || kind === 'right' });
    edges[stream].push({ to: left, ...back, condition, required: kind === 'inner' || kind === 'left' });
    if (kind === 'inner') for (const end of [left, stream]) inner.add(end);
  }
  const all = steps.map((step) => step.all);
  return new OuterTree(edges, all, absent, [...inner], host);
}

function stepOf(stream: number, plan: OuterStep | undefined, indexes: JoinIndexes): Step {
  const all = indexes.obtain(stream, []);
  if (plan === undefined)
    return {
      kind: 'first',
      all,
      forward: { index: all, keys: [] },
      backward: undefined,
      condition: undefined,
    };
  const own = plan.equalities.filter(({ right }) => right.stream === stream);
  const compile = (keys: readonly Bound[]) => keys.map((key) => compileExpression(key, true));
  const left = own[0]?.left.stream;
  const toLeft = own.filter((equality) => equality.left.stream === left);
  const tested: Bound[] = [
    ...plan.equalities.map(
      // As in Esper, whose outer joins find null by null.
      ({ left: a, right: b }): Bound => ({
        kind: 'is',
        type: 'boolean',
        not: false,
        left: a.key,
        right: b.key,
      }),
    ),
    ...plan.residual,
  ];
  return {
    kind: plan.kind,
    all,
    forward: forwardOf(stream, plan, indexes) ?? {
      index: indexes.obtain(
        stream,
        own.map(({ right }) => right.key),
        true,
      ),
      keys: compile(own.map((equality) => equality.left.key)),
    },
    backward:
      left === undefined
        ? backwardOf(stream, plan, indexes)
        : {
            stream: left,
            index: indexes.obtain(
              left,
              toLeft.map((equality) => equality.left.key),
              true,
            ),
            keys: compile(toLeft.map(({ right }) => right.key)),
          },
    condition:
      tested.length === 0
        ? undefined
        : compileCondition({ kind: 'and', type: 'boolean', operands: tested }, true),
  };
}

/** By ranges, where there is no equality; undefined where there are none either. */
function forwardOf(
  stream: number,
  { equalities, ranges }: OuterStep,
  indexes: JoinIndexes,
): Lookup | undefined {
  if (equalities.some(({ right }) => right.stream === stream)) return undefined;
  const own = ranges.filter((range) => range.stream === stream);
  return indexes.lookUpRanges(stream, own);
}

function backwardOf(stream: number, { ranges }: OuterStep, indexes: JoinIndexes): Step['backward'] {
  const back = ranges.filter(({ streams }) => streams.length === 1 && streams[0] === stream);
  const to = back[0]?.stream;
  if (to === undefined) return undefined;
  const lookup = indexes.lookUpRanges(
    to,
    back.filter((range) => range.stream === to),
  );
  return lookup && { stream: to, ...lookup };
}
