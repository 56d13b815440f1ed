import {
  createReplayer,
  createTcpExporter,
  createUdpExporter,
  type MessageExporter,
  readMessages,
  systemClock,
} from '@flowpact/ipfix';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FlowpactError } from '../flowpact-error.ts';
import { interruptedExitCode, interruptible } from './interrupt.ts';
import { parsePort, parsePositive, parsePositiveInteger, parseSize } from './option-parsers.ts';
import { createProgress } from './progress.ts';

interface ReplayOptions {
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

const description =
  'Sends the messages of an IPFIX file to a collector, unchanged, with the timing that is asked for: as fast as the\n' +
  'collector takes them, so many bytes or packets a second, or in (a multiple of) the time that the export times of\n' +
  'the messages tell. Without -n it starts again when the file ends, until Ctrl-C.';

export function addReplayCommand(program: Command): void {
  addReplayOptions(
    program
      .command('replay')
      .summary('send an IPFIX file to a collector, as ipfixsend does')
      .description(description),
  );
}

/** ipfixsend's options; also those of the command of that name. */
export function addReplayOptions(command: Command): Command {
  return command
    .requiredOption('-i, --input <file>', 'the IPFIX file')
    .option('-d, --destination <host>', "the collector's address", '127.0.0.1')
    .option('-p, --port <number>', "the collector's port", parsePort, 4739)
    .addOption(
      new Option('-t, --transport <protocol>', 'UDP or TCP').default('UDP').argParser(parseTransport),
    )
    .option('-c, --preload', 'read the whole file before sending')
    .option(
      '-n, --passes <number>',
      'how many times the file is sent (default: again and again)',
      parsePositiveInteger,
    )
    .option('-s, --speed <bytes>', 'bytes a second, with K, M or G for multiples of 1024', parseSize)
    .option('-S, --packets <number>', 'packets a second', parsePositive)
    .option(
      '-R, --real-time <factor>',
      'real time, that many times faster: 1.0 keeps the pace of the file',
      parsePositive,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact replay -i day.ipfix -t TCP -n 1 -R 10\n  flowpact replay -i day.ipfix -S 1000',
    )
    .action(runReplay);
}

function parseTransport(text: string): 'UDP' | 'TCP' {
  switch (text.toUpperCase()) {
    case 'UDP':
      return 'UDP';
    case 'TCP':
      return 'TCP';
    case 'SCTP':
      throw new InvalidArgumentError('SCTP is not there: Node.js has no SCTP sockets. Use TCP.');
    default:
      throw new InvalidArgumentError('UDP or TCP is wanted.');
  }
}

async function runReplay(options: ReplayOptions): Promise<void> {
  const { input, destination: host, port, transport, passes, speed, packets, realTime } = options;
  if ([speed, packets, realTime].filter((each) => each !== undefined).length > 1) {
    throw new FlowpactError('FLOWPACT_USAGE', 'give at most one of -s, -S and -R');
  }
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
