import { type Command, Option } from 'commander';
import { documentFormats } from '../output/format/document-formats.ts';
import { outputTargetSyntax } from '../output/output-target.ts';
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
    .option('--to <target>', `where to: ${outputTargetSyntax} (default: -)`)
    .addOption(
      new Option('--format <name>', 'native, flowcep or ecs (Elastic Common Schema)').choices(
        documentFormats,
      ),
    )
    .option('--index <pattern>', 'with elasticsearch://: the index (default: flowpact-{what}-%Y.%m.%d)')
    .option('--strict', 'end with an error at the first input line or message that is wrong')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact detect -m scan.epl -r day.ipfix\n' +
        '  flowpact collect --tcp 4739 --format ipfixcol | flowpact detect -m scan.epl -o Output,TCPSYNscan\n' +
        '  flowpact detect -m scan.epl -r day.ipfix --to elasticsearch://127.0.0.1:9200\n' +
        '  flowpact detect -m scan.epl -r day.ipfix --events --format ecs --to https://hooks.example/flowpact\n\n' +
        'A receiver over TCP or HTTP that is slow is waited for. What wants a password or a certificate is for `flowpact run`.',
    )
    .action(async (options) => (await import('./run-detect.ts')).runDetect(options));
}
