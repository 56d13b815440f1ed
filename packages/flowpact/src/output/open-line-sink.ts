import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { FlowpactError } from '../flowpact-error.ts';
import { parseSocketUrl } from '../input/socket-url.ts';
import type { LineSink } from './line-sink.ts';
import { createStreamLineSink } from './stream-line-sink.ts';
import { createUdpLineSink } from './udp-line-sink.ts';

/**
 * Opens what an option names: `-` for standard output, `udp://HOST:PORT`, `tcp://HOST:PORT`, else a file.
 * @throws FlowpactError `FLOWPACT_FILE`, `FLOWPACT_NETWORK` or `FLOWPACT_USAGE`.
 */
export async function openLineSink(target: string): Promise<LineSink> {
  if (target === '-') return createStreamLineSink(process.stdout, { name: 'standard output', end: false });
  const url = parseSocketUrl(target);
  if (url?.transport === 'udp') return createUdpLineSink(url.host, url.port);
  if (url?.transport === 'tcp') {
    const socket = connect(url.port, url.host);
    try {
      await once(socket, 'connect');
    } catch (cause) {
      throw new FlowpactError(
        'FLOWPACT_NETWORK',
        `cannot connect to ${target}: ${(cause as Error).message}`,
        { cause },
      );
    }
    return createStreamLineSink(socket, { name: target, end: true });
  }
  const stream = createWriteStream(target);
  try {
    await once(stream, 'open');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot write ${target}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return createStreamLineSink(stream, { name: target, end: true });
}
