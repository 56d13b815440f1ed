import { bindModule } from './analysis/bind-module.ts';
import type { Annotation } from './annotation.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { ContextPlan } from './plan/context-plan.ts';
import type { StatementPlan } from './plan/plan.ts';
import type { EventType, EventTypeDefinition } from './runtime/event-type.ts';
import { parseModule } from './syntax/parse-module.ts';
import { createSource } from './syntax/source.ts';
import type { AggregationDefinition, FunctionDefinition } from './user-definitions.ts';

/** Bounds of the compiler, so that hostile text ends in a diagnostic. */
export interface CompileLimits {
  /** UTF-16 units of the whole text. Default 1,000,000. */
  readonly maxTextLength: number;
  /** Depth of parentheses, operators, nested annotations and subqueries together. Default 200. */
  readonly maxNesting: number;
  /** Statements of a module. Default 10,000. */
  readonly maxStatements: number;
}

export interface CompileOptions {
  /** Named in diagnostics. */
  readonly file?: string;
  /** Event types known from outside of the text. */
  readonly eventTypes?: readonly EventTypeDefinition[];
  /**
   * How many of the events sent from outside each row of a statement carries as evidence, at most; 0, the default,
   * keeps none. See {@link evidenceOf}.
   */
  readonly evidence?: (statement: {
    readonly name: string;
    readonly annotations: readonly Annotation[];
  }) => number;
  /**
   * Names of the program's own annotations. With such a list, which may be empty, any other that Esper does not know is
   * refused; without it, the default, all are kept for the program to read.
   */
  readonly annotations?: readonly string[];
  /** Functions of the program that statements may call. */
  readonly functions?: readonly FunctionDefinition[];
  /** Aggregations of the program that statements may use. */
  readonly aggregations?: readonly AggregationDefinition[];
  /** Modules whose event types, variables, named windows and tables the text may name; they must be deployed before. */
  readonly uses?: readonly CompiledModule[];
  readonly limits?: Partial<CompileLimits>;
  /**
   * Whose calendar and clocks date-time methods, date formats and crontabs are read by: a name of the IANA time zone
   * database, such as `Europe/Amsterdam`. Default `UTC`. Data windows and intervals count milliseconds, and months in UTC.
   */
  readonly timeZone?: string;
}

export type CompileResult =
  | { readonly ok: true; readonly module: CompiledModule; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A module ready to be deployed, any number of times. Immutable. */
export interface CompiledModule {
  readonly statements: readonly CompiledStatement[];
  /** Every event type that the statements read or write. */
  readonly eventTypes: readonly EventType[];
}

export interface CompiledStatement {
  /** `@Name`, else `stmt-N`, N counting the statements of the text from 0. */
  readonly name: string;
  readonly kind:
    | 'create-schema'
    | 'create-variable'
    | 'create-context'
    | 'create-expression'
    | 'select'
    | 'update-stream'
    | 'on-set'
    | 'on-split'
    | 'create-window'
    | 'create-table'
    | 'create-index'
    | 'on-select'
    | 'on-delete'
    | 'on-update'
    | 'on-merge';
  readonly annotations: readonly Annotation[];
  /** The stream that the rows are inserted into. */
  readonly insertInto: string | undefined;
  /** The type of the rows; of `create schema`, the type created. */
  readonly eventType: EventType;
  /** The statement as it was written, annotations included. */
  readonly text: string;
  readonly plan: StatementPlan;
  /** The context that it runs in. */
  readonly context?: ContextPlan;
}

/**
 * Compiles a module: statements separated by `;`. Never throws on any text; every finding is a diagnostic.
 * @throws EplError `EPL_USAGE` where the options name a time zone that does not exist
 */
export function compile(text: string, options: CompileOptions = {}): CompileResult {
  const source = createSource(text, options.file);
  const parsed = parseModule(text, { ...defaultLimits, ...options.limits });
  const bound = bindModule(text, parsed, options);
  if ('faults' in bound)
    return { ok: false, diagnostics: bound.faults.map((fault) => source.diagnose(fault)) };
  return { ok: true, module: bound.module, diagnostics: [] };
}

export const defaultLimits: CompileLimits = {
  maxTextLength: 1_000_000,
  maxNesting: 200,
  maxStatements: 10_000,
};
