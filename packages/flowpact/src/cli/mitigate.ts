import { type Command, Option } from 'commander';
import { parseDurationMs, parseNames } from './option-parsers.ts';

/** `flowpact mitigate`, where whatever else is done about mitigations is added to. */
export function addMitigateCommand(program: Command): Command {
  return (
    program
      .command('mitigate')
      .summary('show which rules would stop an attack, and what else they would hit')
      .description(
        'Reads security events and says for each which rules might be applied against it, the narrowest first, and what each ' +
          'would have done to the flows that were kept: how much of the attack it hits, and who else. Nothing is applied. ' +
          'EVENT is a file with events as `detect --events` prints them, - for standard input, or the number of a stored event.',
      )
      .argument('[event]', 'a file, -, or a number')
      // `list` and the others have options of the same names.
      .enablePositionalOptions()
      .option('--dry-run', 'required: nothing but this is done here')
      .addOption(
        new Option(
          '-c, --config <file>',
          'with the playbook, the limits, the rails and the emitters of this configuration, and the flows that it keeps',
        ).conflicts(['state', 'window', 'action', 'allow']),
      )
      .option('--flows <files...>', 'try the rules on these IPFIX files or captures, whole')
      .option('--state <directory>', 'else on the flows that are kept here', 'state')
      .addOption(
        new Option(
          '--window <time>',
          'of those, on the last 90s, 10m, 2h before now, or before the event ended',
        )
          .argParser(parseDurationMs)
          .default(1_800_000, '30m'),
      )
      .addOption(
        new Option(
          '--action <actions>',
          'what rules do, comma-separated: drop, rate-limit=OCTETS/S, redirect=ROUTE-TARGET, mark=DSCP, blackhole',
        )
          .argParser(parseNames)
          .default(['drop'], 'drop'),
      )
      .addOption(
        new Option('--allow <prefixes>', 'networks that no rule may touch, comma-separated')
          .argParser(parseNames)
          .default([], 'none'),
      )
      .option('--json', 'one JSON object for each event')
      .addHelpText(
        'after',
        '\nExamples:\n  flowpact detect -m scan.epl -r day.ipfix --events | flowpact mitigate - --dry-run --flows day.ipfix\n' +
          '  flowpact mitigate 17 --dry-run --action drop,blackhole\n' +
          '  flowpact mitigate event.json --dry-run --config flowpact.yaml',
      )
      .action(async (event: string | undefined, options, command: Command) => {
        if (event === undefined) command.help({ error: true });
        return (await import('./run-mitigate.ts')).runMitigate(event, options);
      })
  );
}
