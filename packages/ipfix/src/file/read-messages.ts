import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { IpfixError } from '../ipfix-error.ts';
import { createMessageFramer, type MessageFramerConfig } from '../message/framer.ts';

export interface ReadMessagesConfig extends MessageFramerConfig {
  /** Octets of one read from a file, 64 KiB to 1 MiB are sensible; default 256 KiB. */
  readonly chunkBytes?: number;
}

/**
 * Reads an IPFIX file (RFC 5655) or any stream of octets as batches of whole messages, one batch a chunk. The
 * next chunk is read when the next batch is asked for, so that memory holds one or two of them.
 *
 * @param input path of a file, or a stream of Buffers
 * @throws IpfixError while iterating, after the messages before the fault: `IPFIX_BAD_VERSION`,
 *   `IPFIX_BAD_LENGTH`, `IPFIX_TRUNCATED` with the offset; `IPFIX_IO` where the input cannot be read
 */
export async function* readMessages(
  input: string | Readable,
  config: ReadMessagesConfig = {},
): AsyncGenerator<readonly Uint8Array[], void, void> {
  const { chunkBytes = 256 * 1024, ...framing } = config;
  let batch: Uint8Array[] = [];
  const framer = createMessageFramer(framing, { onMessage: (message) => batch.push(message) });

  /** Runs one step of the framer and keeps what it throws until the batch has been handed over. */
  function attempt(step: () => void): IpfixError | undefined {
    try {
      step();
      return undefined;
    } catch (error) {
      if (error instanceof IpfixError) return error;
      throw error;
    }
  }

  for await (const chunk of chunksOf(input, chunkBytes)) {
    const failure = attempt(() => framer.push(chunk));
    if (batch.length > 0) yield batch;
    if (failure !== undefined) throw failure;
    batch = [];
  }
  framer.end();
}

async function* chunksOf(
  input: string | Readable,
  chunkBytes: number,
): AsyncGenerator<Uint8Array, void, void> {
  const stream = typeof input === 'string' ? createReadStream(input, { highWaterMark: chunkBytes }) : input;
  const name = typeof input === 'string' ? input : 'the stream';
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) {
        throw new IpfixError(
          'IPFIX_BAD_CONFIG',
          'the stream gives text or objects: give one that gives Buffers',
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof IpfixError) throw error;
    throw new IpfixError('IPFIX_IO', `cannot read ${name}: ${(error as Error).message}`, { cause: error });
  } finally {
    stream.destroy();
  }
}
