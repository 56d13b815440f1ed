import type { SubqueryQuestion } from '../plan/subquery-plan.ts';
import type { Stores } from '../runtime/store/row-store.ts';
import type { History } from './history.ts';

/** An event, or over a join the tuple of the joined events in the order of the streams. */
export type Subject = Readonly<Record<string, unknown>>;

/** What an expression may see of its group. */
export interface GroupValues {
  key(index: number): unknown;
  aggregate(index: number): unknown;
  /** The keys, by their places, that the group's rollup level leaves out. */
  readonly missingKeys: ReadonlySet<number>;
}

/** An aggregate with groups of its own. */
export interface LocalValues {
  value(keys: readonly unknown[]): unknown;
}

/** What an expression may see of a context partition. */
export interface PartitionValues {
  readonly id: number;
  /** In the order of the plan's properties. */
  readonly values: readonly unknown[];
}

/** What an expression may see of the statement's instance. */
export interface Environment {
  readonly nowMs: number;
  /** Whether rows of the insert stream are being made: `istream()`. */
  readonly isNew: boolean;
  /** The variables of the runtime, by name. */
  readonly variables?: ReadonlyMap<string, unknown>;
  /** Of a statement in a context the partition that it runs in: `context.key1`. */
  readonly partition?: PartitionValues | undefined;
  /** The named windows and tables of the runtime, for the values of tables. */
  readonly stores?: Stores;
  /** For `prev` and `prior`; undefined where they cannot stand. */
  readonly history?: History | undefined;
  /** Aggregates with `group_by:`, by their places in the plan's list. */
  readonly locals?: readonly LocalValues[];
  /** The statement's subqueries, by their index. */
  readonly subqueries: readonly SubqueryAnswers[];
}

/** What a subquery says to a question, with the values of its parameters and of what is compared with its rows. */
export interface SubqueryAnswers {
  answer(question: SubqueryQuestion, parameters: Subject, compared: unknown): unknown;
}

/**
 * An expression as a function. Null stands for everything missing; conditions give true, false or null, and only true
 * lets anything pass. `group` may be null where the expression has no aggregates and no group keys.
 */
export type Evaluator = (subject: Subject, group: GroupValues | null, environment: Environment) => unknown;

export type Condition = (
  subject: Subject,
  group: GroupValues | null,
  environment: Environment,
) => boolean | null;
