import { timeNow } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import { parseHostPort } from '../input/socket-url.ts';
import { openLineSink } from '../output/open-line-sink.ts';
import { createCollection } from './collect-session.ts';
import { interruptible } from './interrupt.ts';

export interface CollectOptions {
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

export async function runCollect(options: CollectOptions): Promise<void> {
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
            tcp: tcp === undefined ? [] : [parseHostPort(tcp, defaultHost)],
            udp: udp === undefined ? [] : [parseHostPort(udp, defaultHost)],
            once: once ?? false,
          },
          signal,
        ),
  );
  await sink.close();
  collection.report(quiet ?? false);
}
