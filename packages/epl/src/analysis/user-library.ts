import type { CompileOptions } from '../compile-module.ts';
import { EplError } from '../errors.ts';
import type { ContextPlan } from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import type { StatementPlan, VariablePlan } from '../plan/plan.ts';
import type { IndexPlan, StorePlan } from '../plan/store-plan.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import type { Parameter } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';
import type { ExpressionDeclaration } from '../syntax/statement.ts';
import { createTimeZone } from '../time-zone.ts';
import type { AggregationDefinition, FunctionDefinition } from '../user-definitions.ts';
import { isAssignable } from './types.ts';

/** What statements may name beside event types: the program's functions and aggregations, the module's variables and stores. */
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
  /** Named windows and tables of the statements before. */
  readonly stores: Map<string, StorePlan>;
  /** The contexts of those that each partition has for itself, by the name of the store. */
  readonly storeContexts: Map<string, string>;
  /** The same of variables, by their names. */
  readonly variableContexts: Map<string, string>;
  /** Indexes on these, by the name of what they index. */
  readonly indexes: Map<string, readonly IndexPlan[]>;
  /** Collects the parameters of a query, by the names of the variables that hold their values; undefined elsewhere. */
  readonly parameters?: Map<string, Parameter>;
  /** Whose calendar and clocks dates and crontabs are read by, where that is not UTC. */
  readonly timeZone?: string;
}

/** `uses`: modules whose variables, named windows and tables may be named as well. */
export function createLibrary({ functions, aggregations, uses = [], timeZone }: CompileOptions): UserLibrary {
  if (timeZone !== undefined && createTimeZone(timeZone) === undefined)
    throw new EplError(
      'EPL_USAGE',
      `no time zone is named '${timeZone}': give a name of the IANA database, such as 'Europe/Amsterdam'`,
    );
  const library: UserLibrary = {
    ...(timeZone !== undefined && timeZone !== 'UTC' && { timeZone }),
    functions: new Map((functions ?? []).map((definition) => [definition.name, definition])),
    aggregations: new Map((aggregations ?? []).map((definition) => [definition.name, definition])),
    variables: new Map(),
    contexts: new Map(),
    expressions: new Map(),
    stores: new Map(),
    storeContexts: new Map(),
    variableContexts: new Map(),
    indexes: new Map(),
  };
  for (const { statements } of uses)
    for (const { plan, context } of statements) register(plan, context, library);
  return library;
}

/** Makes what the statement declares known to those behind it. */
export function register(
  plan: StatementPlan,
  context: ContextPlan | undefined,
  { variables, contexts, expressions, stores, storeContexts, variableContexts, indexes }: UserLibrary,
): void {
  if (plan.kind === 'create-variable') {
    variables.set(plan.name, plan);
    if (context !== undefined) variableContexts.set(plan.name, context.name);
  } else if (plan.kind === 'create-window' || plan.kind === 'create-table') {
    stores.set(plan.name, plan);
    if (context !== undefined) storeContexts.set(plan.name, context.name);
  } else if (plan.kind === 'create-context') contexts.set(plan.name, plan);
  else if (plan.kind === 'create-expression') expressions.set(plan.name, plan.declaration);
  else if (plan.kind === 'create-index') indexes.set(plan.store, [...(indexes.get(plan.store) ?? []), plan]);
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
