import type { PropertyType } from './runtime/property-type.ts';

/** A function that statements may call by its name, registered with {@link CompileOptions.functions}. */
export interface FunctionDefinition {
  /** As written in EPL, exactly; a dot is allowed: `net.isPrivate`. Names of the language's own functions win. */
  readonly name: string;
  /** Types of the arguments, in order. A number may be given where a wider one is declared; `object` takes anything. */
  readonly parameters: readonly PropertyType[];
  readonly result: PropertyType;
  /**
   * Called with the values of the arguments; null stands for what is missing, also as a result. It must depend on its
   * arguments alone. What it throws is counted as an error of the statement, which goes on with the next event.
   */
  readonly call: (...values: readonly never[]) => unknown;
}

/** An aggregation that statements may use by its name, registered with {@link CompileOptions.aggregations}. */
export interface AggregationDefinition {
  /** As written in EPL, exactly. Names of the language's own aggregates win. */
  readonly name: string;
  readonly parameters: readonly PropertyType[];
  readonly result: PropertyType;
  /** The state of one group, empty. */
  readonly create: () => AggregationState;
  /**
   * The state of one group as {@link AggregationState.save} gave it. Without both of them a statement that uses the
   * aggregation begins anew where a snapshot is restored, and the report says so.
   */
  readonly restore?: (saved: unknown) => AggregationState;
}

/** The running value of one group. */
export interface AggregationState {
  /** An event entered, with these values of the arguments. */
  enter(...values: readonly never[]): void;
  /** An event left that entered with these values. */
  leave(...values: readonly never[]): void;
  value(): unknown;
  /** For a snapshot: plain data from which the definition's `restore` makes an equal state. Must not change meanwhile. */
  save?(): unknown;
}
