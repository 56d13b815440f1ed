import type { Command } from 'commander';
import { parseDurationMs, parsePositiveInteger } from './option-parsers.ts';

export function addQueryCommand(program: Command): void {
  program
    .command('query')
    .summary('ask the stored detections, events, messages and flows in SQL')
    .description(
      'Runs one SQL statement that reads a state directory (DuckDB). Where `flowpact run` has the directory, it answers, ' +
        'within half a minute. On a terminal the answer is a table, else JSON lines.',
    )
    .argument('[sql]', 'the statement; - reads it from standard input')
    .option('--state <directory>', 'the state directory', 'state')
    .option('--tables', 'list the tables and views, and their columns')
    .option('--json', 'JSON lines')
    .option('--csv', 'CSV with a heading')
    .option('--limit <rows>', 'rows at most', parsePositiveInteger, 10_000)
    .option('--timeout <time>', 'give up after this: 90s, 10m', parseDurationMs, 30_000)
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact query --tables\n' +
        '  flowpact query "SELECT statement, count(*) FROM detections GROUP BY ALL ORDER BY 2 DESC"\n' +
        '  flowpact query "SELECT source, sum(octetDeltaCount) AS octets FROM flows\n' +
        "      WHERE date = '2026-11-22' AND sourceIPv4Address >= ipv4('10.0.0.0') GROUP BY ALL ORDER BY 2 DESC LIMIT 10\"",
    )
    .action(async (sql: string | undefined, options) => {
      const { runQuery } = await import('./run-query.ts');
      return runQuery(sql, options);
    });
}
