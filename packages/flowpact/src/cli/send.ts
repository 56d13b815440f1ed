import { type Command, Option } from 'commander';
import { withConfig } from './config-option.ts';
import { convertTargets } from './convert.ts';
import { parseDurationMs, parseNames } from './option-parsers.ts';

/** Signing and encrypting are the exchange's own business. */
const languages = convertTargets.filter((target) => target !== 'xarf-secure');
/** As `actions` of @flowpact/event; named here for a quick start. */
const actions = 'block, rateLimit=OCTETS/S, blackhole, redirect, notifyCustomer, confirm, stop, moreFlows';

export function addSendCommand(program: Command): void {
  withConfig(
    program
      .command('send')
      .summary('tell a partner of an event, or ask it to do something about it')
      .description(
        'Sends a security event (JSON, as `detect --events` and `convert --to json` print it) to a partner as an alert, in the first ' +
          'language that the partner reads, or in another one; with --ask as a request. Done when the message is in the outbox; without a running daemon the first ' +
          'attempt is waited for, too.',
      )
      .argument('<file>', 'the event, - for standard input')
      .requiredOption('--to <partner>', 'the name of the partner')
      .addOption(
        new Option('--as <format>', 'the language, whether the partner lists it or not').conflicts('ask'),
      )
      .addOption(
        new Option('--ask <actions>', 'what the partner is to do, comma-separated').argParser(parseNames),
      )
      .addOption(
        new Option('--for <time>', 'for how long: 90s, 10m, 2h; what touches traffic has to end').argParser(
          parseDurationMs,
        ),
      )
      .addOption(
        new Option(
          '--scope <prefixes>',
          "what it is to be done to, comma-separated (default: the event's sources; of blackhole and redirect, its targets)",
        ).argParser(parseNames),
      ),
  )
    .addHelpText(
      'after',
      `\nFormats:\n  ${languages.join(', ')}\n\nActions:\n  ${actions}\n\nExamples:` +
        '\n  flowpact detect -m scan.epl -r day.ipfix --events | head -1 | flowpact send - --to isp-b.example\n' +
        '  flowpact send event.json --to isp-b.example --as arf\n' +
        '  flowpact send event.json --to isp-b.example --ask block --for 1h',
    )
    .action(async (file, options) => (await import('./run-send.ts')).runSend(file, options));
}
