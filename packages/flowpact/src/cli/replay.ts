import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  parsePort,
  parsePositive,
  parsePositiveInteger,
  parseSize,
  parseUnsigned32,
} from './option-parsers.ts';

const description =
  'Sends the messages of an IPFIX file to a collector, unchanged, with the timing that is asked for: as fast as the ' +
  'collector takes them, so many bytes or packets a second, or in (a multiple of) the time that the export times of ' +
  'the messages tell. Without -n it starts again when the file ends, until Ctrl-C.';

export function addReplayCommand(program: Command): void {
  addReplayOptions(
    program
      .command('replay')
      .summary('send IPFIX files, captures or JSON lines to a collector')
      .description(description),
  )
    .option('--monotonic', 'let sequence numbers and export times go on in further passes')
    .option('--now', 'move export times and the times of the records to the present');
}

/** How messages may be sent. */
export type ReplayTransport = 'UDP' | 'TCP' | 'TLS';

/** The options of ipfixsend and ipfixsend2; also those of the command of that name. */
export function addReplayOptions(command: Command, name = 'flowpact replay'): Command {
  return command
    .argument('[file]', 'the file, as with -i')
    .option(
      '-i, --input <file>',
      'the IPFIX file; also a capture (pcap, pcapng) of export traffic, or JSON lines of `collect`',
    )
    .option(
      '-d, --destination <host>',
      "the collector's address, or all of it as udp://, tcp:// or tls://HOST:PORT",
      '127.0.0.1',
    )
    .option('-p, --port <number>', "the collector's port", parsePort, 4739)
    .addOption(
      new Option('-t, --transport <protocol>', 'UDP, TCP or TLS').default('UDP').argParser(parseTransport),
    )
    .option('-C, --certificate <file>', 'our certificate and its private key, PEM; for -t TLS')
    .option('--tls-ca <file>', "authorities that the collector's certificate must come from, PEM; for -t TLS")
    .option('-c, --preload', 'read the whole file before sending')
    .option(
      '-n, --passes <number>',
      'how many times the file is sent (default: again and again)',
      parsePositiveInteger,
    )
    .option('-s, --speed <bytes>', 'bytes a second, with K, M or G for multiples of 1024', parseSize)
    .option('-S, --packets <number>', 'packets a second; without effect beside -R', parsePositive)
    .option(
      '-R, --real-time <factor>',
      'real time, that many times faster: 1.0 keeps the pace of the file',
      parsePositive,
    )
    .option('-O, --domain <id>', 'replace the observation domain id', parseUnsigned32)
    .addHelpText(
      'after',
      `\nExamples:\n  ${name} -i day.ipfix -t TCP -n 1 -R 10\n  ${name} -i day.ipfix -S 1000`,
    )
    .action(async (file: string | undefined, options) =>
      (await import('./run-replay.ts')).runReplay({ input: file, ...options }),
    );
}

function parseTransport(text: string): ReplayTransport {
  const wanted = text.toUpperCase();
  switch (wanted) {
    case 'UDP':
    case 'TCP':
    case 'TLS':
      return wanted;
    case 'SCTP':
      throw new InvalidArgumentError('SCTP is not there: Node.js has no SCTP sockets. Use TCP.');
    case 'DTLS':
      throw new InvalidArgumentError('DTLS is not there: Node.js has none. Use TLS.');
    default:
      throw new InvalidArgumentError('UDP, TCP or TLS is wanted.');
  }
}
