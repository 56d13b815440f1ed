import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { systemClock } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import { parseUrlOf } from '../input/socket-url.ts';
import { createDroppingLineSink } from './dropping-line-sink.ts';
import type { LineSink } from './line-sink.ts';
import { createReconnectingLineSink } from './reconnecting-line-sink.ts';
import { createRotatingLineSink, type RotatingLineSinkConfig } from './rotating-line-sink.ts';
import { openServerLineSink } from './server-line-sink.ts';
import { createStreamLineSink } from './stream-line-sink.ts';
import { createUdpLineSink } from './udp-line-sink.ts';

export interface LineSinkOptions {
  /**
   * Whether what is slow is waited for, or lines for it are dropped and counted; with `drop`, a TCP receiver may also
   * be away. Default `wait`, and `drop` for clients of `tcp-listen`.
   */
  readonly whenSlow?: 'wait' | 'drop';
  /** Where the target is a file: into how many it goes. Default: one. */
  readonly rotation?: Omit<RotatingLineSinkConfig, 'pattern' | 'heading'>;
  /** Where the target is a file that is there: go on behind its end. Default: begin it anew. */
  readonly append?: boolean;
  /** The first line, of each file where there are several. */
  readonly heading?: string;
}

/**
 * Opens what an option names: `-` for standard output, `udp://HOST:PORT`, `tcp://HOST:PORT`, `tcp-listen://HOST:PORT`,
 * else a file.
 * @throws FlowpactError `FLOWPACT_FILE`, `FLOWPACT_NETWORK` or `FLOWPACT_USAGE`.
 */
export async function openLineSink(target: string, options: LineSinkOptions = {}): Promise<LineSink> {
  const { rotation, heading, whenSlow, append = false } = options;
  const url = parseUrlOf(['udp', 'tcp', 'tcp-listen'], target);
  if (rotation !== undefined) {
    if (target === '-' || url !== undefined) {
      throw new FlowpactError('FLOWPACT_USAGE', `only files can be rotated, not ${target}: give -o FILE`);
    }
    return createRotatingLineSink(
      { ...rotation, pattern: slicePattern(target), ...(heading === undefined ? {} : { heading }) },
      { clock: systemClock },
    );
  }
  const sink = await openOne(target, url, whenSlow, append);
  if (heading !== undefined) sink.write(heading);
  return sink;
}

async function openOne(
  target: string,
  url: ReturnType<typeof parseUrlOf<'udp' | 'tcp' | 'tcp-listen'>>,
  whenSlow: LineSinkOptions['whenSlow'],
  append: boolean,
): Promise<LineSink> {
  const dropping = (sink: LineSink) => (whenSlow === 'drop' ? createDroppingLineSink(sink) : sink);
  const clock = systemClock;
  switch (url?.transport) {
    case 'udp':
      return dropping(createUdpLineSink(url.host, url.port));
    case 'tcp':
      if (whenSlow === 'drop') {
        return createReconnectingLineSink(url, {
          clock,
          onChange: (message) => console.error(`flowpact: ${message}`),
        });
      }
      return connectLineSink(target, url);
    case 'tcp-listen': {
      const server = await openServerLineSink(
        { ...url, ...(whenSlow === undefined ? {} : { whenSlow }) },
        { clock },
      );
      console.error(`flowpact: lines for clients that connect to ${url.host}:${server.port}`);
      return server;
    }
    case undefined:
      break;
  }
  if (target === '-') {
    return dropping(createStreamLineSink(process.stdout, { name: 'standard output', end: false }));
  }
  const stream = createWriteStream(target, { flags: append ? 'a' : 'w' });
  try {
    await once(stream, 'open');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot write ${target}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return dropping(createStreamLineSink(stream, { name: target, end: true }));
}

async function connectLineSink(
  target: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<LineSink> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_NETWORK', `cannot connect to ${target}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return createStreamLineSink(socket, { name: target, end: true, leavingIsFailure: true });
}

/** The path, with the time of the slice in front of its extension unless it says itself where that goes. */
export function slicePattern(path: string): string {
  if (path.includes('%')) return path;
  const [, stem, extension] = /^(.*?[^/])((?:\.[A-Za-z0-9]+)?)$/.exec(path) ?? ['', path, ''];
  return `${stem}-%Y%m%d-%H%M%S${extension}`;
}
