import type { Command } from 'commander';

export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .summary('translate security events between formats, and tell what was lost')
    .description(
      'Translates messages about security events from one format into another, and tells field by field what the target ' +
        'could not say. The format of the input is detected. One file goes to standard output, several into a folder.',
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
    .option('--passphrase-file <file>', 'what unlocks the private key')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact convert --to iodef2 alert.flex > alert.xml\n  flowpact convert --to json -o out/ *.flex',
    )
    .action(async (files, options) => (await import('./run-convert.ts')).runConvert(files, options));
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
