import { type Command, Option } from 'commander';
import { missingTransports } from '../input/socket-url.ts';
import { lineSinkSyntax } from '../output/line-sink.ts';
import { parseDurationMs, parseNames, parsePositiveInteger, parseRotation } from './option-parsers.ts';

export function addCollectCommand(program: Command): void {
  program
    .command('collect')
    .summary('receive IPFIX and NetFlow, or read them from files, and print flow records as JSON lines')
    .description(
      'Receives IPFIX and NetFlow, or reads files and captures of them, and prints a JSON line for each flow record. ' +
        'Listeners bind to 127.0.0.1 unless a host is given. Ctrl-C ends after what was received is written.',
    )
    .argument('[files...]', 'files to read, as with --read')
    .optionsGroup('Input:')
    .option(
      '-r, --read <files...>',
      'IPFIX files, captures (pcap, pcapng) and folders of them, also .gz and .zst; - for standard input',
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
    .option('--templates <file>', 'keep the templates of exporters on UDP there over a restart')
    .option(
      '--sampling <rate...>',
      'the rate of exporters that tell none: 1000 for 1 of 1,000 packets; ADDRESS=1000 for one exporter, whatever it tells',
    )
    .option('--once', 'end when the first exporter that connected by TCP or TLS has left')
    .optionsGroup('Records:')
    .option(
      '--filter <expression>',
      "only matching flows: 'src net 10.0.0.0/8 and dst port 80 and proto tcp'",
    )
    .option(
      '--anonymise <keyfile>',
      'hide addresses with Crypto-PAn, and what else tells who it is; key: openssl rand -hex 32',
    )
    .option(
      '--anonymise-field <name=treatment...>',
      'keep, remove, truncate:BITS or prefix-preserving for one element, or for all of ipv4, ipv6, mac, packets or unknown; needs no key where nothing is prefix-preserving',
    )
    .addOption(
      new Option('--biflow <way>', 'flows of both directions: one record with reverse fields, or two flows')
        .choices(['fields', 'flows'])
        .default('fields'),
    )
    .addOption(
      new Option(
        '--time <clock>',
        "export: times as exported; now: shifted to the present, as IPFIXcol's timenow does",
      )
        .choices(['export', 'now'])
        .default('export'),
    )
    .optionsGroup('Lines:')
    .addOption(
      new Option(
        '--format <style>',
        'flowpact: JSON, typed values, ISO times; ipfixcol: exactly the lines of IPFIXcol; csv',
      )
        .choices(['flowpact', 'ipfixcol', 'csv'])
        .default('flowpact'),
    )
    .option(
      '--ipfixcol-option <name=value...>',
      "of IPFIXcol's JSON output: tcpFlags, timestamp, protocol, ignoreUnknown, ignoreOptions, nonPrintableChar, " +
        'octetArrayAsUint, prefix, metadata, odid, detailedInfo',
    )
    .option(
      '--columns <names>',
      'of csv, comma-separated: names of elements, or flowStart, octets, …',
      parseNames,
    )
    .addOption(
      new Option(
        '--counts <which>',
        'packets and octets as exported, times the sampling rate, or both; with --top raw or scaled',
      )
        .choices(['raw', 'scaled', 'both'])
        .default('raw'),
    )
    .option('--names', 'names of exporters, interfaces and applications from options data')
    .option('-o, --output <target>', `where the lines go: ${lineSinkSyntax} (default: "-")`)
    .option(
      '--rotate <limit>',
      'a new file after 5m, 1h, 100MB or both as 5m,100MB; its name gets the time, or says where with %Y%m%d-%H%M%S',
      parseRotation,
    )
    .option(
      '--keep <number>',
      'of --rotate: files that are kept, older ones are removed',
      parsePositiveInteger,
    )
    .addOption(
      new Option(
        '--when-slow <policy>',
        'a slow receiver of lines: wait for it, or drop lines and count them',
      ).choices(['wait', 'drop']),
    )
    .optionsGroup('Instead of lines:')
    .option('--top <fields>', 'the largest groups by these: src,octets or srcport,dst,flows')
    .option('--limit <number>', 'rows of --top', parsePositiveInteger, 10)
    .option('--export <url>', 'IPFIX to another collector: udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT')
    .option('--export-tls-key <file>', 'our private key for that collector, PEM')
    .option('--export-tls-cert <file>', 'our certificate for it, PEM')
    .option(
      '--export-tls-ca <file>',
      "authorities that its certificate must come from, PEM (default: Node's own)",
    )
    .option('--slices <folder>', 'IPFIX files there, one for each period')
    .addOption(new Option('--period <time>', 'of --slices').argParser(parseDurationMs).default(300_000, '5m'))
    .optionsGroup('Telling how it goes:')
    .option('--doctor', 'tell in plain words how each exporter does and what to do about it, at the end')
    .option('--metrics <[host:]port>', 'serve counters for Prometheus there, at /metrics')
    .option('-q, --quiet', 'no summary at the end')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact collect -r day.ipfix | head\n' +
        '  flowpact collect --udp 0.0.0.0:2055 -o flows.ndjson --rotate 5m --keep 288\n' +
        '  flowpact collect --tcp 4739 --format ipfixcol --time now -o udp://127.0.0.1:4444\n\n' +
        `${missingTransports}; use --tls, --tcp or --udp.`,
    )
    .action(async (files: string[], { read = [], ...options }) => {
      const all = [...read, ...files];
      const { runCollect } = await import('./run-collect.ts');
      return runCollect({ ...options, ...(all.length === 0 ? {} : { read: all }) });
    });
}
