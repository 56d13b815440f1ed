import type { CompileOptions } from '../compile-module.ts';
import type { ContextPlan } from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import type { VariablePlan } from '../plan/plan.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';
import type { ExpressionDeclaration } from '../syntax/statement.ts';
import type { AggregationDefinition, FunctionDefinition } from '../user-definitions.ts';
import { isAssignable } from './types.ts';

/** What statements may name beside event types: the program's functions and aggregations, the module's variables. */
export interface UserLibrary {
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly aggregations: ReadonlyMap<string, AggregationDefinition>;
  /** Those of the statements before. */
  readonly variables: Map<string, VariablePlan>;
  /** Those of the statements before. */
  readonly contexts: Map<string, ContextPlan>;
  /** The context that the statement at hand runs in. */
  readonly context?: ContextPlan | undefined;
  /** Declared expressions, those of the statements before and of the statement itself. */
  readonly expressions: Map<string, ExpressionDeclaration>;
}

export function createLibrary({ functions, aggregations }: CompileOptions): UserLibrary {
  return {
    functions: new Map((functions ?? []).map((definition) => [definition.name, definition])),
    aggregations: new Map((aggregations ?? []).map((definition) => [definition.name, definition])),
    variables: new Map(),
    contexts: new Map(),
    expressions: new Map(),
  };
}

/** @throws Fault where number or types of the arguments do not fit */
export function checkArguments(
  definition: { readonly name: string; readonly parameters: readonly PropertyType[] },
  args: readonly Bound[],
  span: Span,
): void {
  const { name, parameters } = definition;
  const fit =
    args.length === parameters.length && args.every(({ type }, i) => isAssignable(type, parameters[i]));
  if (fit) return;
  const list = (types: readonly PropertyType[]) => types.map(printType).join(', ') || 'nothing';
  const given = list(args.map(({ type }) => type));
  throw new Fault('EPL_TYPE', `${name} takes ${list(parameters)}, not ${given}`, span);
}
