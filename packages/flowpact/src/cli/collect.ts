import { type Command, Option } from 'commander';
import { lineSinkSyntax } from '../output/line-sink.ts';

export function addCollectCommand(program: Command): void {
  program
    .command('collect')
    .summary('receive IPFIX, or read it from files, and print flow records as JSON lines')
    .description(
      'Receives IPFIX over TCP or UDP, or reads IPFIX files, and prints a JSON line for each flow record. ' +
        'Listeners bind to 127.0.0.1 unless a host is given. Ctrl-C ends after what was received is written.',
    )
    .option('-r, --read <files...>', 'IPFIX files to read, - for standard input')
    .option('--tcp <[host:]port>', 'listen for IPFIX over TCP')
    .option('--udp <[host:]port>', 'listen for IPFIX over UDP')
    .addOption(
      new Option(
        '--format <style>',
        'flowpact: typed values, ISO times; ipfixcol: exactly the lines of IPFIXcol',
      )
        .choices(['flowpact', 'ipfixcol'])
        .default('flowpact'),
    )
    .addOption(
      new Option(
        '--time <clock>',
        "export: times as exported; now: shifted to the present, as IPFIXcol's timenow does",
      )
        .choices(['export', 'now'])
        .default('export'),
    )
    .option('-o, --output <target>', `where the lines go: ${lineSinkSyntax}`, '-')
    .option('--once', 'end when the first exporter that connected by TCP has left')
    .option('-q, --quiet', 'no summary at the end')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact collect -r day.ipfix | head\n' +
        '  flowpact collect --tcp 4739 --format ipfixcol --time now -o udp://127.0.0.1:4444',
    )
    .action(async (options) => (await import('./run-collect.ts')).runCollect(options));
}
