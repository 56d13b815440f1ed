import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ScenarioName, scenarioNames } from '../generate/scenarios/scenarios.ts';
import {
  parseDurationMs,
  parseNames,
  parsePositive,
  parseShare,
  parseTimeMs,
  parseUnsigned32,
} from './option-parsers.ts';

export function addGenerateCommand(program: Command): void {
  program
    .command('generate')
    .summary('make labelled synthetic traffic as an IPFIX file')
    .description(
      'Makes synthetic traffic as an IPFIX file: web, DNS, ICMP and SSH in the background, and the attacks asked for, ' +
        'the first after a minute. The same seed gives the same file. What is in it is written beside it as JSON, so ' +
        'that detections can be held against the truth.',
    )
    .option('-o, --output <file>', 'the IPFIX file to write, - for standard output', 'traffic.ipfix')
    .option('--truth <file>', 'where the truth goes (default: the output with .truth.json; none for -)')
    .option('--seed <number>', 'another seed, other traffic', parseUnsigned32, 1)
    .addOption(
      new Option('--start <time>', 'when the first flows start')
        .argParser(parseTimeMs)
        .default(Date.UTC(2026, 0, 1), '2026-01-01T00:00:00Z'),
    )
    .addOption(
      new Option('--duration <time>', 'how long flows go on starting: 90s, 10m, 2h')
        .argParser(parseDurationMs)
        .default(8 * 60_000, '8m'),
    )
    .option('--rate <flows>', 'flows a second in the background', parsePositive, 40)
    .option('--ipv6 <share>', 'share of the background that is IPv6, 0 to 1', parseShare, 0)
    .option('--diurnal', 'a background that follows the hours of the day')
    .addOption(
      new Option('--attack <names>', `the attacks, comma-separated, of: ${scenarioNames.join(', ')}`)
        .argParser(parseScenarios)
        .default(['multi-stage-http'], 'multi-stage-http'),
    )
    .option('--no-attack', 'only the background')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact generate -o day.ipfix --seed 7 --duration 24h --diurnal --ipv6 0.3\n' +
        '  flowpact generate --attack ssh-brute-force,dns-amplification\n' +
        '  flowpact generate -o - | flowpact collect -r -',
    )
    .action(async (options) => (await import('./run-generate.ts')).runGenerate(options));
}

function parseScenarios(text: string): ScenarioName[] {
  const wanted = parseNames(text);
  const unknown = wanted.filter((name) => !scenarioNames.some((known) => known === name));
  if (unknown.length > 0 || wanted.length === 0) {
    throw new InvalidArgumentError(`There are: ${scenarioNames.join(', ')}.`);
  }
  return wanted as ScenarioName[];
}
