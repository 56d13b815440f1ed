import { compileExpression } from '../../compile/compile-expression.ts';
import type { Environment, Evaluator, Subject } from '../../compile/evaluator.ts';
import type { JoinPlan } from '../../plan/plan.ts';
import { NestedMap } from '../nested-map.ts';
import { type Stateful, type StateStream, UnfitState } from '../snapshot/state-stream.ts';

export interface JoinHost extends Environment {
  /** Counts and reports an exception over one event or tuple. */
  failed(error: unknown): void;
}

export type Many = readonly Subject[] | ReadonlySet<Subject>;

export const isMany = (partners: Subject | Many): partners is Many =>
  Array.isArray(partners) || partners instanceof Set;

/** What a lookup needs of an index. */
export interface EventIndex {
  /** The events whose keys are equal to these of a tuple: one, many, or none. */
  find(keys: readonly Evaluator[], tuple: Subject, host: JoinHost): Subject | Many | undefined;
  all(): Iterable<Subject>;
}

/** An index that follows a window. */
export interface WindowIndex extends EventIndex, Stateful {
  add(event: Subject, host: JoinHost): void;
  remove(event: Subject, host: JoinHost): void;
}

/** The events of one stream by the values of some keys; without keys, all of them. */
export class JoinIndex implements WindowIndex {
  readonly plan: readonly JoinPlan['equalities'][number]['left']['key'][];
  private readonly keys: readonly Evaluator[];
  /** A bucket of one event, the most common, is the event itself. */
  private readonly buckets: NestedMap<Subject | Subject[]>;
  private readonly everything: Set<Subject> | undefined;
  private readonly scratch: unknown[];
  /** Whether null equals null: as between the streams of an outer join. */
  readonly meetsNull: boolean;

  constructor(plan: JoinIndex['plan'], meetsNull = false) {
    this.plan = plan;
    this.meetsNull = meetsNull;
    // The index sees single events, although the keys were bound over the tuple.
    this.keys = plan.map((key) => compileExpression(key, false));
    this.buckets = new NestedMap(Math.max(1, plan.length));
    this.everything = plan.length === 0 ? new Set() : undefined;
    this.scratch = new Array(plan.length).fill(null);
  }

  add(event: Subject, host: JoinHost): void {
    if (this.everything !== undefined) this.everything.add(event);
    else if (this.evaluate(this.keys, event, host)) {
      const bucket = this.buckets.get(this.scratch);
      if (bucket === undefined) this.buckets.set(this.scratch, event);
      else if (Array.isArray(bucket)) bucket.push(event);
      else this.buckets.set(this.scratch, [bucket, event]);
    }
  }

  remove(event: Subject, host: JoinHost): void {
    if (this.everything !== undefined) this.everything.delete(event);
    else if (this.evaluate(this.keys, event, host)) {
      const bucket = this.buckets.get(this.scratch);
      if (bucket === event) this.buckets.delete(this.scratch);
      else if (Array.isArray(bucket)) {
        const at = bucket.indexOf(event);
        if (at >= 0) bucket.splice(at, 1);
        if (bucket.length === 0) this.buckets.delete(this.scratch);
      }
    }
  }

  /** One event, many, or none. */
  find(keys: readonly Evaluator[], tuple: Subject, host: JoinHost): Subject | Many | undefined {
    if (this.everything !== undefined) return this.everything;
    return this.evaluate(keys, tuple, host) ? this.buckets.get(this.scratch) : undefined;
  }

  *all(): Iterable<Subject> {
    if (this.everything !== undefined) yield* this.everything;
    else {
      for (const bucket of this.buckets.values()) {
        if (Array.isArray(bucket)) yield* bucket;
        else yield bucket;
      }
    }
  }

  /**
   * Into the scratch list; false where a key is null, which equals nothing in most joins, or cannot be evaluated, which fails again
   * when the event leaves.
   */
  private evaluate(keys: readonly Evaluator[], subject: Subject, host: JoinHost): boolean {
    try {
      for (let i = 0; i < keys.length; i++) {
        const value = keys[i](subject, null, host);
        if (value === null && !this.meetsNull) return false;
        this.scratch[i] = value;
      }
      return true;
    } catch (error) {
      host.failed(error);
      return false;
    }
  }

  saveOrLoad(state: StateStream): void {
    if (this.everything !== undefined) state.eventSet(this.everything);
    else this.buckets.saveOrLoad(state, (bucket) => saveOrLoadBucket(state, bucket));
  }
}

function saveOrLoadBucket(state: StateStream, bucket: Subject | Subject[] | undefined): Subject | Subject[] {
  const known = bucket === undefined ? [] : Array.isArray(bucket) ? bucket : [bucket];
  const isList = state.flag(Array.isArray(bucket));
  const events = state.events(known, known.length);
  if (!isList && events.length !== 1) throw new UnfitState('a bucket is empty');
  return isList ? events : events[0];
}
