import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { FlowpactError } from '../flowpact-error.ts';
import { flushLength, type LineSink } from './line-sink.ts';
import { describeWriteFailure } from './write-failure.ts';

export interface StreamLineSinkConfig {
  /** For messages about it. */
  readonly name: string;
  /** Whether `close` ends the stream: not for standard output. */
  readonly end: boolean;
  /**
   * Whether it is a failure that the reader went away (EPIPE); default false, since `head` does so, and the sink closes
   * without an error.
   */
  readonly leavingIsFailure?: boolean;
  /** Octets waiting to be written from which on the sink says that it is full. Default 4 MiB. */
  readonly maxPendingBytes?: number;
}

/**
 * Lines to a file, a pipe or a TCP connection: joined to larger writes, but never held back longer than the current
 * turn of the event loop.
 */
export function createStreamLineSink(
  stream: Writable,
  { name, end, leavingIsFailure = false, maxPendingBytes = 4 << 20 }: StreamLineSinkConfig,
): LineSink {
  let queued = '';
  let scheduled = false;
  let open = true;
  let failure: NodeJS.ErrnoException | undefined;

  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (leavingIsFailure || error.code !== 'EPIPE') failure ??= error;
  });

  const flush = () => {
    scheduled = false;
    if (queued === '' || !open) return;
    const text = queued;
    queued = '';
    stream.write(text);
  };

  return {
    dropped: 0,
    get open() {
      return open;
    },
    get full() {
      return open && stream.writableLength > maxPendingBytes;
    },
    write(line) {
      queued += `${line}\n`;
      if (queued.length >= flushLength) flush();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
    async ready() {
      // The stream knows best: what filled it may have drained already, while nobody waited.
      if (!stream.writableNeedDrain || !open) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          stream.off('drain', done);
          stream.off('close', done);
          stream.off('error', done);
          resolve();
        };
        stream.once('drain', done);
        stream.once('close', done);
        stream.once('error', done);
      });
    },
    async close() {
      flush();
      if (open) {
        if (end) {
          stream.end();
          await finished(stream).catch(() => undefined); // the error listener above keeps the reason
        } else {
          await new Promise<void>((resolve) => stream.write('', () => resolve()));
        }
      }
      open = false;
      if (failure !== undefined) {
        throw new FlowpactError('FLOWPACT_FILE', describeWriteFailure(name, failure), { cause: failure });
      }
    },
  };
}
