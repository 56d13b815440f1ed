import type { Condition, Evaluator, Subject } from '../../compile/evaluator.ts';
import { NestedMap } from '../nested-map.ts';
import { type EventIndex, isMany, type JoinHost, type Many } from './join-index.ts';
import type { Tuple } from './tuple.ts';

/** The way from one stream to another that it joins. */
export interface Edge {
  readonly to: number;
  readonly index: EventIndex;
  readonly keys: readonly Evaluator[];
  readonly condition: Condition | undefined;
  /** Without a partner there, an event has no row. */
  readonly required: boolean;
}

/**
 * Three or more streams of which each joins one of those before it: a tree. As in Esper, the rows of an event are
 * found from its stream outwards, so that it is the direction of a step that says whether a partner is required.
 */
export class OuterTree {
  private readonly edges: readonly (readonly Edge[])[];
  private readonly all: readonly EventIndex[];
  private readonly absent: readonly Subject[];
  /** Streams that no row may lack: those of inner joins. */
  private readonly inner: readonly number[];
  private readonly host: JoinHost;

  constructor(
    edges: readonly (readonly Edge[])[],
    all: readonly EventIndex[],
    absent: readonly Subject[],
    inner: readonly number[],
    host: JoinHost,
  ) {
    this.edges = edges;
    this.all = all;
    this.absent = absent;
    this.inner = inner;
    this.host = host;
  }

  /** The tuples that the event takes part in, if all others are looked for from it. */
  of(stream: number, event: Subject): readonly Tuple[] {
    const { inner, absent } = this;
    const tuples = this.expand(stream, event, -1);
    return inner.length === 0 ? tuples : tuples.filter((tuple) => inner.every((i) => tuple[i] !== absent[i]));
  }

  /** Those of all events, each once. */
  contents(): readonly Tuple[] {
    const seen = new NestedMap<true>(this.absent.length);
    const tuples: Tuple[] = [];
    for (const [stream, index] of this.all.entries())
      for (const event of index.all())
        for (const tuple of this.of(stream, event)) {
          if (seen.get(tuple) === true) continue;
          seen.set(tuple, true);
          tuples.push(tuple);
        }
    return tuples;
  }

  private expand(stream: number, event: Subject, from: number): readonly Tuple[] {
    const alone = this.absent.slice();
    alone[stream] = event;
    let tuples: readonly Tuple[] = [alone];
    for (const edge of this.edges[stream]) {
      if (edge.to === from) continue;
      const parts: Tuple[] = [];
      for (const partner of this.lookUp(edge, alone)) {
        const pair = alone.slice();
        pair[edge.to] = partner;
        if (this.passes(edge.condition, pair)) parts.push(...this.expand(edge.to, partner, stream));
      }
      if (parts.length > 0) tuples = tuples.flatMap((tuple) => parts.map((part) => this.merge(tuple, part)));
      else if (edge.required) return [];
    }
    return tuples;
  }

  private merge(tuple: Tuple, part: Tuple): Tuple {
    return tuple.map((event, i) => (part[i] === this.absent[i] ? event : part[i]));
  }

  private lookUp({ index, keys }: Edge, tuple: Tuple): Subject[] {
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
