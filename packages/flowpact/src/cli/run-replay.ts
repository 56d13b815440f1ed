import {
  createCaptureReader,
  createCaptureReplayer,
  createLineMessages,
  createReplayer,
  createTcpExporter,
  createTlsExporter,
  createUdpExporter,
  type MessageExporter,
  type ReplayerDeps,
  type ReplayStats,
  readMessages,
  systemClock,
} from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import { flowFileKind } from '../input/flow-file-kind.ts';
import { parseUrlOf } from '../input/socket-url.ts';
import { interruptedExitCode, interruptible } from './interrupt.ts';
import { createProgress, type Progress } from './progress.ts';
import { refusedDatagrams } from './refused-datagrams.ts';
import type { ReplayTransport } from './replay.ts';

export interface ReplayOptions {
  readonly input?: string;
  readonly destination: string;
  readonly port: number;
  readonly transport: ReplayTransport;
  readonly certificate?: string;
  readonly tlsCa?: string;
  readonly preload?: boolean;
  readonly passes?: number;
  readonly speed?: number;
  readonly packets?: number;
  readonly realTime?: number;
  readonly domain?: number;
  readonly monotonic?: boolean;
  readonly now?: boolean;
}

export async function runReplay(given: ReplayOptions): Promise<void> {
  const options = { ...given, ...collectorOf(given) };
  const { input, destination: host, port, passes } = options;
  if (input === undefined) throw new FlowpactError('FLOWPACT_USAGE', 'nothing to send: give -i FILE');
  const exporter = exporterOf(options);
  const perPass = process.stderr.isTTY ? await countMessages(input) : 1;
  let progress: Progress | undefined;
  const replayer = await openReplayer(input, options, {
    send: (message) => exporter.send(message),
    onProgress: ({ messages }) => progress?.update(passes === undefined ? messages % perPass : messages),
  });
  // Connected only now: what is refused above must not leave a connection open.
  await exporter.start();
  const startedMs = Date.now();
  const interrupted = await interruptible(async (signal) => {
    if (passes === undefined) {
      console.error('flowpact: sending again and again until Ctrl-C; -n 1 sends once');
    }
    progress = createProgress('replay', perPass * (passes ?? 1), 'messages');
    try {
      const { messages, bytes } = await replayer.run(signal);
      progress?.stop();
      const seconds = (Date.now() - startedMs) / 1000;
      console.error(
        `flowpact: sent ${messages.toLocaleString('en-US')} messages, ${bytes.toLocaleString('en-US')} bytes to ${host}:${port} in ${seconds.toFixed(1)} s${refusal(exporter)}`,
      );
    } finally {
      progress?.stop();
      await exporter.stop();
    }
  });
  if (interrupted) process.exitCode = interruptedExitCode;
}

/** What a collector's host said of datagrams that nobody there takes. */
function refusal(exporter: MessageExporter): string {
  const refused = refusedDatagrams(exporter);
  return refused === 0 ? '' : `; ${refused.toLocaleString('en-US')} came back, because nobody listens there`;
}

/** The collector, also where `destination` is a URL, which then says all of it. */
function collectorOf({
  destination,
  port,
  transport,
}: ReplayOptions): Pick<ReplayOptions, 'destination' | 'port' | 'transport'> {
  const url = parseUrlOf(['udp', 'tcp', 'tls'], destination);
  if (url === undefined) return { destination, port, transport };
  const transports = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;
  return { destination: url.host, port: url.port, transport: transports[url.transport] };
}

function exporterOf({
  destination: host,
  port,
  transport,
  certificate,
  tlsCa,
}: ReplayOptions): MessageExporter {
  if (transport !== 'TLS' && (certificate ?? tlsCa) !== undefined) {
    throw new FlowpactError('FLOWPACT_USAGE', '-C and --tls-ca go with -t TLS');
  }
  switch (transport) {
    case 'UDP':
      return createUdpExporter({ host, port });
    case 'TCP':
      return createTcpExporter({ host, port });
    case 'TLS':
      return createTlsExporter({
        host,
        port,
        ...(certificate === undefined ? {} : { certificateFile: certificate, keyFile: certificate }),
        ...(tlsCa === undefined ? {} : { authorityFile: tlsCa }),
      });
    default:
      return transport satisfies never;
  }
}

/** What sends the input's messages, whatever kind of file they are in. */
async function openReplayer(
  input: string,
  {
    passes,
    speed,
    packets,
    realTime,
    preload = false,
    domain,
    monotonic = false,
    now = false,
  }: ReplayOptions,
  deps: Pick<ReplayerDeps, 'send' | 'onProgress'>,
): Promise<{ run(signal: AbortSignal): Promise<ReplayStats> }> {
  const common = {
    ...(passes === undefined ? {} : { passes }),
    ...(domain === undefined ? {} : { observationDomainId: domain }),
    now,
  };
  const kind = await flowFileKind(input);
  if (kind === 'capture') {
    const refused = Object.entries({
      '-s': speed,
      '-S': packets,
      '--monotonic': monotonic || undefined,
    }).find(([, value]) => value !== undefined);
    if (refused !== undefined) {
      throw new FlowpactError(
        'FLOWPACT_USAGE',
        `${refused[0]} does not go with a capture: its own pauses are kept (-R), or none`,
      );
    }
    return createCaptureReplayer(
      { ...common, speed: realTime ?? Number.POSITIVE_INFINITY },
      { ...deps, datagrams: () => createCaptureReader().read(input), clock: systemClock },
    );
  }
  return createReplayer(
    {
      ...common,
      ...(speed === undefined ? {} : { bytesPerSecond: speed }),
      ...(packets === undefined ? {} : { packetsPerSecond: packets }),
      ...(realTime === undefined ? {} : { realTime }),
      shiftPasses: monotonic,
      preload,
    },
    {
      ...deps,
      messages: () => (kind === 'lines' ? createLineMessages().read(input) : readMessages(input)),
      clock: systemClock,
    },
  );
}

async function countMessages(file: string): Promise<number> {
  const kind = await flowFileKind(file);
  const batches: AsyncIterable<readonly unknown[]> =
    kind === 'capture'
      ? createCaptureReader().read(file)
      : kind === 'lines'
        ? createLineMessages().read(file)
        : readMessages(file);
  let count = 0;
  for await (const batch of batches) count += batch.length;
  return Math.max(1, count);
}
