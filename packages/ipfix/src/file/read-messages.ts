import type { Readable } from 'node:stream';
import { IpfixError } from '../ipfix-error.ts';
import { createMessageFramer, type MessageFramerConfig } from '../message/framer.ts';
import { type OctetSourceConfig, readOctets } from './octet-source.ts';

export interface ReadMessagesConfig extends MessageFramerConfig, OctetSourceConfig {}

/**
 * Reads an IPFIX file (RFC 5655), also one compressed with gzip or zstd, or any stream of octets as batches of whole
 * messages, one batch a chunk. The next chunk is read when the next batch is asked for, so that memory holds one
 * or two of them.
 *
 * @param input path of a file, `-` for standard input, or a stream of Buffers
 * @throws IpfixError while iterating, after the messages before the fault: `IPFIX_BAD_VERSION`,
 *   `IPFIX_BAD_LENGTH`, `IPFIX_TRUNCATED` with the offset; `IPFIX_IO` where the input cannot be read;
 *   `IPFIX_UNSUPPORTED` where it is zstd with a window above the limit or a dictionary
 */
export async function* readMessages(
  input: string | Readable,
  config: ReadMessagesConfig = {},
): AsyncGenerator<readonly Uint8Array[], void, void> {
  const { chunkBytes, maxZstdWindowBytes, ...framing } = config;
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

  for await (const chunk of readOctets(input, { chunkBytes, maxZstdWindowBytes })) {
    const failure = attempt(() => framer.push(chunk));
    if (batch.length > 0) yield batch;
    if (failure !== undefined) throw failure;
    batch = [];
  }
  framer.end();
}
