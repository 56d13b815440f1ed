import type { Diagnostic } from '../diagnostic.ts';
import type { Fault } from './fault.ts';

/** Where something stands in the text: UTF-16 offsets, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text of a module, able to tell lines and columns. */
export interface Source {
  readonly text: string;
  readonly file: string | undefined;
  diagnose(fault: Fault): Diagnostic;
}

export function createSource(text: string, file: string | undefined): Source {
  let lineStarts: number[] | undefined;
  const lineOf = (offset: number): number => {
    if (lineStarts === undefined) {
      lineStarts = [0];
      for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lineStarts.push(i + 1);
    }
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    text,
    file,
    diagnose(fault) {
      const start = Math.min(fault.span.start, text.length);
      const line = lineOf(start);
      const lineStart = lineStarts![line];
      const lineEnd = line + 1 < lineStarts!.length ? lineStarts![line + 1] - 1 : text.length;
      const sourceLine = text.slice(lineStart, lineEnd).replace(/\r$/, '');
      const end = Math.max(start + 1, Math.min(fault.span.end, lineEnd));
      return {
        severity: 'error',
        code: fault.code,
        message: fault.message,
        ...(file === undefined ? {} : { file }),
        line: line + 1,
        column: start - lineStart + 1,
        endColumn: end - lineStart + 1,
        sourceLine,
        ...(fault.suggestion === undefined ? {} : { suggestion: fault.suggestion }),
      };
    },
  };
}
