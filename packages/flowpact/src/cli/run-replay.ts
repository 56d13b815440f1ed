import {
  createReplayer,
  createTcpExporter,
  createUdpExporter,
  type MessageExporter,
  readMessages,
  systemClock,
} from '@flowpact/ipfix';
import { interruptedExitCode, interruptible } from './interrupt.ts';
import { createProgress } from './progress.ts';

export interface ReplayOptions {
  readonly input: string;
  readonly destination: string;
  readonly port: number;
  readonly transport: 'UDP' | 'TCP';
  readonly preload?: boolean;
  readonly passes?: number;
  readonly speed?: number;
  readonly packets?: number;
  readonly realTime?: number;
}

export async function runReplay(options: ReplayOptions): Promise<void> {
  const { input, destination: host, port, transport, passes, speed, packets, realTime } = options;
  const exporter: MessageExporter =
    transport === 'TCP' ? createTcpExporter({ host, port }) : createUdpExporter({ host, port });
  await exporter.start();
  const perPass = process.stderr.isTTY ? await countMessages(input) : 0;
  const progress = createProgress('replay', perPass * (passes ?? 1), 'messages');
  const replayer = createReplayer(
    {
      ...(passes === undefined ? {} : { passes }),
      ...(speed === undefined ? {} : { bytesPerSecond: speed }),
      ...(packets === undefined ? {} : { packetsPerSecond: packets }),
      ...(realTime === undefined ? {} : { realTime }),
      preload: options.preload ?? false,
    },
    {
      messages: () => readMessages(input),
      send: (message) => exporter.send(message),
      clock: systemClock,
      onProgress: ({ messages }) => progress.update(passes === undefined ? messages % perPass : messages),
    },
  );
  const startedMs = Date.now();
  const interrupted = await interruptible(async (signal) => {
    try {
      const { messages, bytes } = await replayer.run(signal);
      progress.stop();
      const seconds = (Date.now() - startedMs) / 1000;
      console.error(
        `flowpact: sent ${messages.toLocaleString('en-US')} messages, ${bytes.toLocaleString('en-US')} bytes to ${host}:${port} in ${seconds.toFixed(1)} s`,
      );
    } finally {
      progress.stop();
      await exporter.stop();
    }
  });
  if (interrupted) process.exitCode = interruptedExitCode;
}

async function countMessages(file: string): Promise<number> {
  let count = 0;
  for await (const messages of readMessages(file)) count += messages.length;
  return count;
}
