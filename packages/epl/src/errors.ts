import type { Diagnostic } from './diagnostic.ts';

/**
 * Every code that a diagnostic or an {@link EplError} may carry. Codes are stable: programs may branch on them,
 * while messages may be reworded.
 */
export type EplErrorCode =
  /** The text does not follow the grammar. */
  | 'EPL_SYNTAX'
  /** The construct belongs to the language but this version does not run it. */
  | 'EPL_NOT_SUPPORTED'
  | 'EPL_UNKNOWN_EVENT_TYPE'
  | 'EPL_UNKNOWN_PROPERTY'
  | 'EPL_UNKNOWN_FUNCTION'
  | 'EPL_UNKNOWN_WINDOW'
  | 'EPL_UNKNOWN_TYPE'
  | 'EPL_UNKNOWN_CONTEXT'
  /** A name fits several streams. */
  | 'EPL_AMBIGUOUS_NAME'
  /** A type, statement or column name is used twice. */
  | 'EPL_DUPLICATE_NAME'
  /** Operand, argument or column types do not fit. */
  | 'EPL_TYPE'
  /** An aggregate, group-by, having or order-by rule is broken. */
  | 'EPL_AGGREGATION'
  /** A value is outside of what the place allows (a negative window length, a wrong number of parameters). */
  | 'EPL_VALUE'
  /** A bound of {@link CompileLimits} or of the runtime's limits was reached. */
  | 'EPL_LIMIT'
  /** Deployment: the module's event type differs from the one of that name in the runtime. */
  | 'EPL_TYPE_CONFLICT'
  /** A request to the runtime that makes no sense: an unknown type sent, a foreign deployment undeployed. */
  | 'EPL_USAGE'
  /** A row would break a unique index of a named window or the primary key of a table. */
  | 'EPL_DUPLICATE_KEY'
  /** Bytes that are no snapshot, are damaged, or were written by a version that this one does not read. */
  | 'EPL_SNAPSHOT'
  /** An exception inside one statement while it ran. */
  | 'EPL_EVALUATION';

/** The base of everything that this package throws. */
export class EplError extends Error {
  override readonly name: string = 'EplError';
  readonly code: EplErrorCode;
  /** What the compiler found, where the error comes from compilation. */
  readonly diagnostics: readonly Diagnostic[] | undefined;

  constructor(
    code: EplErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly diagnostics?: readonly Diagnostic[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.diagnostics = options.diagnostics;
  }
}
