import { type Command, Option } from 'commander';
import { parseDurationMs, parseNames, parsePositiveInteger, parseTimeMs } from './option-parsers.ts';

export function addFlowsCommand(program: Command): void {
  program
    .command('flows')
    .summary('search the stored flows: list them, the largest groups, or a time line')
    .description(
      'Searches the flows of a state directory, also while a process is writing there. Without --top and --timeline it ' +
        'lists flows, the earliest first. On a terminal the answer is a table, else JSON lines.',
    )
    .option('--state <directory>', 'the state directory', 'state')
    .optionsGroup('Which flows:')
    .option(
      '--filter <expression>',
      "only matching flows: 'src net 10.0.0.0/8 and dst port 22', in the language of collect --filter",
    )
    .option('--since <time>', 'started in the last 90s, 10m, 2h', parseDurationMs)
    .option('--from <time>', 'started at or after this: 2026-01-01T00:00:00Z', parseTimeMs)
    .option('--to <time>', 'started before this', parseTimeMs)
    .optionsGroup('What of them:')
    .option(
      '--columns <names>',
      'of the list, comma-separated: src, dstport, octets, … or names of columns',
      parseNames,
    )
    .option('--top <fields>', 'the largest groups by these: src,octets or srcport,dst,flows')
    .option('--timeline <period>', 'flows, packets and octets of each 5m, 1h', parseDurationMs)
    .addOption(
      new Option('--counts <which>', 'packets and octets as exported, or times the sampling rate')
        .choices(['raw', 'scaled'])
        .default('raw'),
    )
    .option('--limit <rows>', 'rows at most (default: 10 of --top, else 1000)', parsePositiveInteger)
    .optionsGroup('Answer:')
    .option('--json', 'JSON lines')
    .option('--csv', 'CSV with a heading')
    .option('--timeout <time>', 'give up after this: 90s, 10m', parseDurationMs, 30_000)
    .addHelpText(
      'after',
      "\nExamples:\n  flowpact flows --filter 'src net 10.0.0.0/8 and dst port 22' --since 1h --top src,flows\n" +
        '  flowpact flows --from 2026-11-22T13:00:00Z --to 2026-11-22T14:00:00Z --timeline 5m\n' +
        "  flowpact flows --filter 'host 192.0.2.1' --columns start,src,dst,dstport,octets --csv",
    )
    .action(async (options) => {
      const { runFlows } = await import('./run-flows.ts');
      return runFlows(options);
    });
}
