import type { EplErrorCode } from './errors.ts';

/** One finding of the compiler, at a place in the text. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: EplErrorCode;
  /** One sentence: what is wrong and, where it is not obvious, what to do. */
  readonly message: string;
  /** {@link CompileOptions.file}, where given. */
  readonly file?: string;
  /** First line is 1. */
  readonly line: number;
  /** First column is 1; counted in UTF-16 units. */
  readonly column: number;
  /** The column behind the last character of the place, on the same line. */
  readonly endColumn: number;
  /** The whole line of the text, without its line end. */
  readonly sourceLine: string;
  /** A name that exists and is close to the one written. */
  readonly suggestion?: string;
}

/** Longest source line that is printed whole; of a longer one the surroundings of the place are shown. */
const widestLine = 160;

/**
 * The diagnostic as a reader of a terminal wants it:
 *
 *     flows.epl:3:8: error: unknown property 'octet' of Flow [EPL_UNKNOWN_PROPERTY]
 *       select octet from Flow
 *              ^^^^^
 *       did you mean 'octets'?
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, message, code, suggestion } = diagnostic;
  let source = diagnostic.sourceLine;
  let start = column - 1;
  let width = Math.max(1, diagnostic.endColumn - column);
  if (source.length > widestLine) {
    const from = Math.max(0, start - (widestLine >> 1));
    source = `${from > 0 ? '…' : ''}${source.slice(from, from + widestLine)}`;
    start -= from - (from > 0 ? 1 : 0);
  }
  width = Math.min(width, Math.max(1, source.length - start));
  // Tabs are kept before the caret so that it stands below its place whatever the tab width.
  const indent = source.slice(0, start).replace(/[^\t]/g, ' ').padEnd(start);
  const place = `${file ?? 'epl'}:${line}:${column}`;
  let text = `${place}: ${severity}: ${message} [${code}]\n  ${source}\n  ${indent}${'^'.repeat(width)}`;
  if (suggestion !== undefined) text += `\n  did you mean '${suggestion}'?`;
  return text;
}
