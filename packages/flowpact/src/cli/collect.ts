import { type Command, Option } from 'commander';
import { lineSinkSyntax } from '../output/line-sink.ts';
import { parseDurationMs, parsePositiveInteger } from './option-parsers.ts';

export function addCollectCommand(program: Command): void {
  program
    .command('collect')
    .summary('receive IPFIX and NetFlow, or read them from files, and print flow records as JSON lines')
    .description(
      'Receives IPFIX and NetFlow, or reads files and captures of them, and prints a JSON line for each flow record. ' +
        'Listeners bind to 127.0.0.1 unless a host is given. Ctrl-C ends after what was received is written.',
    )
    .option(
      '-r, --read <files...>',
      'IPFIX files, captures (pcap, pcapng) and folders of them to read, - for standard input',
    )
    .option('--tcp <[host:]port...>', 'listen for IPFIX over TCP')
    .option('--udp <[host:]port...>', 'listen for IPFIX and NetFlow v1, v5, v7, v9 over UDP')
    .option('--tls <[host:]port...>', 'listen for IPFIX over TLS; needs --tls-key and --tls-cert')
    .option('--tls-key <file>', 'our private key, PEM')
    .option('--tls-cert <file>', 'our certificate and those that lead to its authority, PEM')
    .option(
      '--tls-ca <file>',
      "authorities that exporters' certificates must come from, PEM; without it anyone may connect",
    )
    .addOption(
      new Option(
        '--format <style>',
        'flowpact: JSON, typed values, ISO times; ipfixcol: exactly the lines of IPFIXcol; csv',
      )
        .choices(['flowpact', 'ipfixcol', 'csv'])
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
    .option(
      '--filter <expression>',
      "only matching flows: 'src net 10.0.0.0/8 and dst port 80 and proto tcp'",
    )
    .option(
      '--anonymise <keyfile>',
      'hide addresses with Crypto-PAn, and what else tells who it is; key: openssl rand -hex 32',
    )
    .option(
      '--top <fields>',
      'instead of lines, the largest groups by these: src,octets or srcport,dst,flows',
    )
    .option('--limit <number>', 'rows of --top', parsePositiveInteger, 10)
    .option(
      '--export <url>',
      'instead of lines, IPFIX to another collector: udp://HOST:PORT or tcp://HOST:PORT',
    )
    .option('--slices <folder>', 'instead of lines, IPFIX files there, one for each period')
    .addOption(new Option('--period <time>', 'of --slices').argParser(parseDurationMs).default(300_000, '5m'))
    .option('--templates <file>', 'keep the templates of exporters on UDP there over a restart')
    .option('--doctor', 'tell in plain words how each exporter does, at the end')
    .option('--metrics <[host:]port>', 'serve counters for Prometheus there, at /metrics')
    .option('--once', 'end when the first exporter that connected by TCP or TLS has left')
    .option('-q, --quiet', 'no summary at the end')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact collect -r day.ipfix | head\n' +
        '  flowpact collect --tcp 4739 --format ipfixcol --time now -o udp://127.0.0.1:4444',
    )
    .action(async (options) => (await import('./run-collect.ts')).runCollect(options));
}
