import { knownEventTypes } from './analysis/bind-module.ts';
import { bindQuery } from './analysis/bind-query.ts';
import { createLibrary } from './analysis/user-library.ts';
import { type CompileOptions, defaultLimits } from './compile-module.ts';
import { formatDiagnostic } from './diagnostic.ts';
import { EplError } from './errors.ts';
import type { QueryPlan } from './plan/query-plan.ts';
import type { Parameter } from './syntax/expression.ts';
import { Fault } from './syntax/fault.ts';
import { parseQuery } from './syntax/parse-module.ts';
import { createSource } from './syntax/source.ts';

export interface CompiledQuery {
  readonly plan: QueryPlan;
  /** In the order in which they stand in the text, a name that occurs several times once. */
  readonly parameters: readonly QueryParameter[];
}

export interface QueryParameter {
  /** Undefined for a plain `?`. */
  readonly name: string | undefined;
  /** The variable that holds its value while the query runs. */
  readonly variable: string;
}

/**
 * Compiles an on-demand query over what the modules create.
 * @throws EplError with the diagnostic of what is wrong with the text
 */
export function compileQuery(text: string, options: CompileOptions): CompiledQuery {
  const parameters = new Map<string, Parameter>();
  try {
    const parsed = parseQuery(text, { ...defaultLimits, ...options.limits });
    if ('fault' in parsed) throw parsed.fault;
    const plan = bindQuery(parsed.node, knownEventTypes(options), { ...createLibrary(options), parameters });
    const list = [...parameters].sort(([, a], [, b]) => a.start - b.start);
    return { plan, parameters: list.map(([variable, { name }]) => ({ name, variable })) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const diagnostic = createSource(text, options.file).diagnose(error);
    throw new EplError(diagnostic.code, formatDiagnostic(diagnostic), { diagnostics: [diagnostic] });
  }
}
