import type { Command } from 'commander';
import { parseNames } from './option-parsers.ts';

export function addDetectCommand(program: Command): void {
  program
    .command('detect')
    .summary('run EPL statements over flow records')
    .description(
      'Runs a module of EPL statements over flow records and prints each new row as a JSON line. The input is NDJSON ' +
        "as `collect` and IPFIXcol print it, or IPFIX files. The statement named Schema declares the input's type; its " +
        "@Tag(name='timestamp', value='COLUMN') names the column that moves the engine's clock.",
    )
    .requiredOption('-m, --module <file>', 'the EPL module')
    .option(
      '-o, --output <names>',
      'the statements to print, comma-separated (default: Output, or all that feed no other)',
      parseNames,
    )
    .option('-i, --input <file>', 'NDJSON file to read (default: standard input)')
    .option(
      '-r, --read <files...>',
      'IPFIX files, captures (pcap, pcapng) and folders of them to read instead, - for standard input',
    )
    .option('--filter <expression>', 'with --read: only flows that match, as in `collect`')
    .option('--listen <url>', 'receive NDJSON lines instead: udp://HOST:PORT or tcp://HOST:PORT')
    .option(
      '--events',
      'print security events, made by @SecurityEvent, with their evidence flows, instead of rows',
    )
    .option('--strict', 'end with an error at the first input line or message that is wrong')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact detect -m scan.epl -r day.ipfix\n' +
        '  flowpact collect --tcp 4739 --format ipfixcol | flowpact detect -m scan.epl -o Output,TCPSYNscan',
    )
    .action(async (options) => (await import('./run-detect.ts')).runDetect(options));
}
