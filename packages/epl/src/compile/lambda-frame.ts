import type { BoundLambda } from '../plan/expression.ts';
import type { Environment, Evaluator, GroupValues, Subject } from './evaluator.ts';

/** What an {@link Environment} has, none of it forgotten. */
type Delegated = { readonly [name in keyof Required<Environment>]: Environment[name] };

/** The environment inside of a lambda: that around it, and the values of the parameters. */
export class LambdaFrame implements Delegated {
  readonly level: number;
  /** Exchanged for each element. */
  values: readonly unknown[] = [];
  private readonly outer: Environment;

  constructor(level: number, outer: Environment) {
    this.level = level;
    this.outer = outer;
  }

  /** The value of a parameter of this lambda or of one around it. */
  parameter(level: number, index: number): unknown {
    let frame: LambdaFrame = this;
    while (frame.level > level) frame = frame.outer as LambdaFrame;
    return frame.values[index] ?? null;
  }

  get nowMs(): number {
    return this.outer.nowMs;
  }

  get isNew(): boolean {
    return this.outer.isNew;
  }

  get variables(): Environment['variables'] {
    return this.outer.variables;
  }

  get stores(): Environment['stores'] {
    return this.outer.stores;
  }

  get partition(): Environment['partition'] {
    return this.outer.partition;
  }

  get history(): Environment['history'] {
    return this.outer.history;
  }

  get locals(): Environment['locals'] {
    return this.outer.locals;
  }

  get subqueries(): Environment['subqueries'] {
    return this.outer.subqueries;
  }
}

/** A lambda ready to be called with the values of its parameters. */
export type LambdaFunction = (...values: readonly unknown[]) => unknown;

export function lambdaFunction(
  { level }: BoundLambda,
  body: Evaluator,
  subject: Subject,
  group: GroupValues | null,
  environment: Environment,
): LambdaFunction {
  const frame = new LambdaFrame(level, environment);
  return (...values) => {
    frame.values = values;
    return body(subject, group, frame);
  };
}
