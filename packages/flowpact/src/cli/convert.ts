import type { FormatName } from '@flowpact/formats';
import type { Command } from 'commander';

/** Those of `--help`; named here because loading the formats would slow down every command. */
export const convertTargets: readonly (FormatName | 'xarf-secure')[] = [
  'flex',
  'flex-mail',
  'json',
  'iodef1',
  'iodef2',
  'idmef',
  'idea',
  'stix',
  'misp',
  'arf',
  'xarf',
  'xarf-0.1',
  'xarf-secure',
  'xarf-bulk',
  'xarf4',
  'xarf4-mail',
];

export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .summary('translate security events between formats, and tell what was lost')
    .description(
      'Translates messages about security events from one format into another, and tells field by field what the target ' +
        'could not say. The format of the input is detected. One message goes to standard output, several ' +
        'into a folder; in a format that is JSON they may go to standard output too, as lines.',
    )
    .argument('[files...]', 'the documents, - or none for standard input')
    .option('--to <format>', 'the format to write; without it, only what is in the documents is told')
    .option('--from <format>', 'the format of the input (default: detected)')
    .option('-o, --output <path>', 'a file, or for several documents a folder (default: standard output)')
    .option('--report <style>', 'what was lost: text, json or none, on standard error', 'text')
    .option('--strict', 'fail where anything is lost')
    .option('--sign-key <file>', 'the private key that signs, for --to xarf-secure')
    .option('--encrypt-to <file>', 'the public key of one who may read it; may be repeated', collected, [])
    .option(
      '--verify-key <file>',
      'a public key that may have signed what is read; may be repeated',
      collected,
      [],
    )
    .option('--decrypt-key <file>', 'the private key that opens what is read')
    .option('--redaction-key <file>', 'the secret that hides who got the mail (RFC 6590), for --to arf')
    .option('--passphrase-file <file>', 'what unlocks the private key')
    .addHelpText(
      'after',
      `\nFormats:\n  ${convertTargets.join(', ')}\n\nExamples:\n  flowpact convert --to iodef2 alert.flex > alert.xml\n  flowpact convert --to json -o out/ *.flex`,
    )
    .action(async (files, options) => (await import('./run-convert.ts')).runConvert(files, options));
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
