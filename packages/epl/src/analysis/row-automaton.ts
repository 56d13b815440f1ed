import type { RowAutomaton, RowPosition } from '../plan/recognize-plan.ts';
import { Fault } from '../syntax/fault.ts';
import type { RowPattern, RowRepeat } from '../syntax/match-recognize.ts';

/** More positions than this are no pattern that anybody means: a permutation of n variables has n × n!. */
const mostPositions = 5000;

/** How often a part is repeated. */
export interface Bounds {
  readonly low: number;
  /** Infinity without an upper bound. */
  readonly high: number;
}

/** What a part of the pattern begins and ends with. */
interface Part {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** It may take no row at all. */
  readonly isOptional: boolean;
}

const nothing: Part = { starts: [], ends: [], isOptional: true };

/**
 * The automaton of a pattern: one position for each place of a variable, as V. Glushkov builds it ("The abstract theory
 * of automata", 1961). Bounds and permutations are written out first.
 */
export function buildAutomaton(
  pattern: RowPattern,
  variableOf: (name: string) => number,
  boundsOf: (node: RowRepeat) => Bounds,
): RowAutomaton {
  const builder = new Builder(variableOf, boundsOf, pattern);
  const { starts, ends, isOptional } = builder.build(pattern, false);
  if (isOptional && starts.length === 0) throw new Fault('EPL_VALUE', 'the pattern takes no rows', pattern);
  const last = new Set(ends);
  const positions = builder.positions.map(
    ({ variable, next, isCounted }, i): RowPosition => ({ variable, next, isEnd: last.has(i), isCounted }),
  );
  return { positions, starts };
}

class Builder {
  readonly positions: { variable: number; next: number[]; isCounted: boolean }[] = [];
  private readonly variableOf: (name: string) => number;
  private readonly boundsOf: (node: RowRepeat) => Bounds;
  private readonly place: RowPattern;

  constructor(
    variableOf: (name: string) => number,
    boundsOf: (node: RowRepeat) => Bounds,
    place: RowPattern,
  ) {
    this.variableOf = variableOf;
    this.boundsOf = boundsOf;
    this.place = place;
  }

  build(node: RowPattern, isCounted: boolean): Part {
    switch (node.kind) {
      case 'variable':
        return this.position(this.variableOf(node.name), isCounted);
      case 'sequence':
        return this.sequence(node.parts.map((part) => () => this.build(part, false)));
      case 'alternatives':
        return this.alternatives(node.parts.map((part) => () => this.build(part, false)));
      case 'permutation':
        return this.alternatives(
          this.permutations(node.parts).map(
            (parts) => () => this.sequence(parts.map((part) => () => this.build(part, false))),
          ),
        );
      case 'repeat':
        return this.repeat(node);
      default:
        return node satisfies never;
    }
  }

  private position(variable: number, isCounted: boolean): Part {
    const at = this.positions.push({ variable, next: [], isCounted }) - 1;
    if (at >= mostPositions)
      throw new Fault('EPL_LIMIT', `the pattern has more than ${mostPositions} positions`, this.place);
    return { starts: [at], ends: [at], isOptional: false };
  }

  private sequence(parts: readonly (() => Part)[]): Part {
    let before = nothing;
    for (const build of parts) {
      const part = build();
      this.link(before.ends, part.starts);
      before = {
        starts: before.isOptional ? [...before.starts, ...part.starts] : before.starts,
        ends: part.isOptional ? [...before.ends, ...part.ends] : part.ends,
        isOptional: before.isOptional && part.isOptional,
      };
    }
    return before;
  }

  private alternatives(parts: readonly (() => Part)[]): Part {
    const built = parts.map((build) => build());
    return {
      starts: built.flatMap(({ starts }) => starts),
      ends: built.flatMap(({ ends }) => ends),
      isOptional: built.some(({ isOptional }) => isOptional),
    };
  }

  /** So often as it must come, then without end, or so often as it may come. */
  private repeat(node: RowRepeat): Part {
    const { operand, quantifier, greedy } = node;
    const { low, high } = this.boundsOf(node);
    if (low > mostPositions || (high > mostPositions && high !== Number.POSITIVE_INFINITY))
      throw new Fault('EPL_LIMIT', `the pattern has more than ${mostPositions} positions`, node);
    // A row of `+` does not count, as in Esper; what `{n,m}` adds to the n counts as `?` and `*` do.
    const counted = greedy && operand.kind === 'variable' && quantifier !== '+';
    const once = () => this.build(operand, false);
    if (quantifier === '+') return this.loop(once(), false);
    const required = Array.from({ length: low }, () => once);
    if (high === Number.POSITIVE_INFINITY)
      return this.sequence([...required, () => this.loop(this.build(operand, counted), true)]);
    const optional = Array.from({ length: high - low }, () => () => ({
      ...this.build(operand, counted),
      isOptional: true,
    }));
    return this.sequence([...required, ...optional]);
  }

  private loop(part: Part, isOptional: boolean): Part {
    this.link(part.ends, part.starts);
    return { ...part, isOptional: isOptional || part.isOptional };
  }

  private link(from: readonly number[], to: readonly number[]): void {
    for (const at of from) {
      const { next } = this.positions[at];
      for (const one of to) if (!next.includes(one)) next.push(one);
    }
  }

  private permutations(parts: readonly RowPattern[]): readonly (readonly RowPattern[])[] {
    let count = 1;
    for (let i = 2; i <= parts.length; i++) count *= i;
    if (count * parts.length > mostPositions)
      throw new Fault('EPL_LIMIT', `a permutation of ${parts.length} parts has too many orders`, this.place);
    if (parts.length < 2) return [parts];
    return parts.flatMap((first, i) =>
      this.permutations(parts.filter((_, other) => other !== i)).map((rest) => [first, ...rest]),
    );
  }
}
