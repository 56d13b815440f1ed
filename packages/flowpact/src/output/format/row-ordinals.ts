import type { Finding } from '../../daemon/detection-messages.ts';

/**
 * Numbers the rows of each statement within one moment of engine time, so that rows that are alike can be told from a
 * row that comes again. It holds one moment of each statement.
 */
export function createRowOrdinals(): {
  /** How many rows of this time there were before those of the finding, which count from now on. */
  firstOf(finding: Finding): number;
} {
  const lastOf = new Map<string, { readonly timeMs: number; readonly rows: number }>();
  return {
    firstOf(finding) {
      if (finding.kind !== 'rows') return 0;
      const { module, statement, timeMs, lines } = finding;
      const key = `${module}/${statement}`;
      const last = lastOf.get(key);
      const before = last?.timeMs === timeMs ? last.rows : 0;
      lastOf.set(key, { timeMs, rows: before + lines.length });
      return before;
    },
  };
}
