import { timeNow } from '@flowpact/ipfix';
import { type Command, Option } from 'commander';
import { FlowpactError } from '../flowpact-error.ts';
import { parseHostPort } from '../input/socket-url.ts';
import { lineSinkSyntax, openLineSink } from '../output/open-line-sink.ts';
import { createCollection } from './collect-session.ts';
import { interruptible } from './interrupt.ts';

interface CollectOptions {
  readonly read?: readonly string[];
  readonly tcp?: string;
  readonly udp?: string;
  readonly format: 'flowpact' | 'ipfixcol';
  readonly time: 'export' | 'now';
  readonly output: string;
  readonly once?: boolean;
  readonly quiet?: boolean;
}

const defaultHost = '127.0.0.1';

export function addCollectCommand(program: Command): void {
  program
    .command('collect')
    .summary('receive IPFIX, or read it from files, and print flow records as JSON lines')
    .description(
      'Receives IPFIX over TCP or UDP, or reads IPFIX files, and prints a JSON line for each flow record.\n' +
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
    .action(runCollect);
}

async function runCollect(options: CollectOptions): Promise<void> {
  const { read, tcp, udp, format, time, output, once, quiet } = options;
  if (read === undefined && tcp === undefined && udp === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'nothing to collect from: give --read FILE, --tcp PORT or --udp PORT',
    );
  }
  if (read !== undefined && (tcp !== undefined || udp !== undefined)) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'give either files (--read) or listeners (--tcp, --udp), not both',
    );
  }
  if (once && tcp === undefined) throw new FlowpactError('FLOWPACT_USAGE', '--once goes with --tcp');
  const sink = await openLineSink(output);
  const collection = createCollection(
    { format, ...(time === 'now' ? { timeShiftMs: timeNow(Date.now) } : {}) },
    { sink },
  );
  await interruptible((signal) =>
    read !== undefined
      ? collection.readFiles(read, signal)
      : collection.listen(
          {
            ...(tcp === undefined ? {} : { tcp: parseHostPort(tcp, defaultHost) }),
            ...(udp === undefined ? {} : { udp: parseHostPort(udp, defaultHost) }),
            once: once ?? false,
          },
          signal,
        ),
  );
  await sink.close();
  collection.report(quiet ?? false);
}
