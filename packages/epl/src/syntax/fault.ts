import type { EplErrorCode } from '../errors.ts';
import type { Span } from './source.ts';

/** What ends the work on one statement inside the compiler; it always becomes a diagnostic. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: EplErrorCode;
  readonly span: Span;
  readonly suggestion: string | undefined;

  constructor(code: EplErrorCode, message: string, span: Span, suggestion?: string) {
    super(message);
    this.code = code;
    this.span = { start: span.start, end: span.end };
    this.suggestion = suggestion;
  }
}

/** For what belongs to the language and does not run yet. */
export function notSupported(what: string, span: Span): Fault {
  return new Fault('EPL_NOT_SUPPORTED', `not supported yet: ${what}`, span);
}
