/** An event, or over a join the tuple of the joined events in the order of the streams. */
export type Subject = Readonly<Record<string, unknown>>;

/** What an expression may see of its group. */
export interface GroupValues {
  key(index: number): unknown;
  aggregate(index: number): unknown;
}

/** What an expression may see of the statement's instance. */
export interface Environment {
  readonly nowMs: number;
  /** Whether rows of the insert stream are being made: `istream()`. */
  readonly isNew: boolean;
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
