import type { Command } from 'commander';
import { withConfig } from './config-option.ts';
import { convertTargets } from './convert.ts';

/** Signing and encrypting are the exchange's own business. */
const languages = convertTargets.filter((target) => target !== 'xarf-secure');

export function addSendCommand(program: Command): void {
  withConfig(
    program
      .command('send')
      .summary('tell a partner of an event')
      .description(
        'Sends a security event (JSON, as `detect --events` and `convert --to json` print it) to a partner as an alert, in the first ' +
          'language that the partner reads, or in another one. Done when the message is in the outbox; without a running daemon the first ' +
          'attempt is waited for, too.',
      )
      .argument('<file>', 'the event, - for standard input')
      .requiredOption('--to <partner>', 'the name of the partner')
      .option('--as <format>', 'the language, whether the partner lists it or not'),
  )
    .addHelpText(
      'after',
      `\nFormats:\n  ${languages.join(', ')}\n\nExamples:` +
        '\n  flowpact detect -m scan.epl -r day.ipfix --events | head -1 | flowpact send - --to isp-b.example\n' +
        '  flowpact send event.json --to isp-b.example --as arf',
    )
    .action(async (file, options) => (await import('./run-send.ts')).runSend(file, options));
}
