import type { Command } from 'commander';
import { parseNames } from './option-parsers.ts';

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .summary('put the flows of files and captures into the archive of a state directory')
    .description(
      'Reads IPFIX files and captures of export traffic and appends their flows to the archive, hourly Parquet files by the ' +
        'time at which a flow started. A process may be writing there at the same time. What is read twice is there twice.',
    )
    .argument(
      '<files...>',
      'IPFIX files, captures (pcap, pcapng) and folders of them, also .gz and .zst; - for standard input',
    )
    .option('--state <directory>', 'the state directory', 'state')
    .option('--filter <expression>', "only matching flows: 'dst port 22 and proto tcp'")
    .option('--extra <elements>', 'elements to keep beside the usual ones, comma-separated names', parseNames)
    .option('-q, --quiet', 'no summary at the end')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact import day.ipfix captures/\n' +
        '  flowpact import day.pcap.gz --state /var/lib/flowpact --extra tcpWindowSize,minimumTTL',
    )
    .action(async (files: string[], options) => {
      const { runImport } = await import('./run-import.ts');
      return runImport(files, options);
    });
}
