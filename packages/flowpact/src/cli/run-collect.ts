import { compileFilter, createTemplateFile, timeNow } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import { parseHostPort } from '../input/socket-url.ts';
import { openLineSink } from '../output/open-line-sink.ts';
import { createCollection, type ListenConfig } from './collect-session.ts';
import { interruptible } from './interrupt.ts';

export interface CollectOptions {
  readonly read?: readonly string[];
  readonly tcp?: readonly string[];
  readonly udp?: readonly string[];
  readonly tls?: readonly string[];
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly tlsCa?: string;
  readonly format: 'flowpact' | 'ipfixcol';
  readonly time: 'export' | 'now';
  readonly output: string;
  readonly once?: boolean;
  readonly filter?: string;
  readonly templates?: string;
  readonly quiet?: boolean;
}

const defaultHost = '127.0.0.1';

export async function runCollect(options: CollectOptions): Promise<void> {
  const { read, tcp, udp, tls, format, time, output, once, quiet } = options;
  const listeners = [tcp, udp, tls].some((addresses) => addresses !== undefined);
  if (read === undefined && !listeners) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'nothing to collect from: give --read FILE, --tcp, --udp or --tls PORT',
    );
  }
  if (read !== undefined && listeners) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'give either files (--read) or listeners (--tcp, --udp, --tls), not both',
    );
  }
  if (once && tcp === undefined && tls === undefined)
    throw new FlowpactError('FLOWPACT_USAGE', '--once goes with --tcp or --tls');
  const listen = listenConfig(options);
  const templateFile =
    options.templates === undefined
      ? undefined
      : createTemplateFile(
          { path: options.templates },
          { onError: ({ message, code }) => console.error(`flowpact: ${message} [${code}]`) },
        );
  await templateFile?.start();
  const sink = await openLineSink(output);
  const collection = createCollection(
    {
      format,
      ...(time === 'now' ? { timeShiftMs: timeNow(Date.now) } : {}),
      ...(options.filter === undefined ? {} : { filter: compileFilter(options.filter) }),
    },
    { sink, ...(templateFile === undefined ? {} : { templateMemory: templateFile }) },
  );
  await interruptible((signal) =>
    read !== undefined ? collection.readFiles(read, signal) : collection.listen(listen, signal),
  );
  await sink.close();
  await templateFile?.stop();
  collection.report(quiet ?? false);
}

function listenConfig({
  tcp = [],
  udp = [],
  tls = [],
  tlsKey,
  tlsCert,
  tlsCa,
  once = false,
}: CollectOptions): ListenConfig {
  const address = (text: string) => parseHostPort(text, defaultHost);
  if (tls.length > 0 && (tlsKey === undefined || tlsCert === undefined)) {
    throw new FlowpactError('FLOWPACT_USAGE', '--tls needs --tls-key FILE and --tls-cert FILE');
  }
  const files = {
    keyFile: tlsKey ?? '',
    certificateFile: tlsCert ?? '',
    ...(tlsCa === undefined ? {} : { authorityFile: tlsCa }),
  };
  return {
    tcp: tcp.map(address),
    udp: udp.map(address),
    tls: tls.map((text) => ({ ...address(text), ...files })),
    once,
  };
}
