/** Something wrong in a configuration file. */
export interface ConfigIssue {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What, and what to do about it. */
  readonly message: string;
}

/** As compilers print it, so that editors find the place. */
export function formatConfigIssue({ file, line, column, message }: ConfigIssue): string {
  return `${file}:${line}:${column}: ${message}`;
}
