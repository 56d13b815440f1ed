import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { IpfixError } from '../ipfix-error.ts';
import { expandZstd } from './expand-zstd.ts';
import { isSkippable, zstdMagic } from './zstd-frame-header.ts';

export interface OctetSourceConfig {
  /** Octets of one read from a file, 64 KiB to 1 MiB are sensible; default 256 KiB. */
  readonly chunkBytes?: number;
  /**
   * Largest window of a zstd frame that is expanded, octets, up to 2^31 - 2^21; so much memory a frame may take.
   * Default 128 MiB, as that of the command `zstd`, which is enough for all of its levels.
   */
  readonly maxZstdWindowBytes?: number;
}

/** First octets of a gzip member (RFC 1952 section 2.3.1). */
const gzipMagic = [0x1f, 0x8b];

const defaultMaxZstdWindowBytes = 128 * 1024 * 1024;
const largestZstdWindowBytes = 2 ** 31 - 2 ** 21;

/** Octets that tell a compressed input. */
const magicLength = 4;

/**
 * The octets of a file, of standard input or of a stream, chunk by chunk; what is compressed with gzip or zstd comes
 * expanded. The next chunk is read when it is asked for, so that memory holds a few of them, however well the
 * input was compressed.
 *
 * @param input path of a file, `-` for standard input, or a stream of Buffers
 * @throws IpfixError while iterating: `IPFIX_IO` where the input cannot be read or its compression is damaged,
 *   `IPFIX_UNSUPPORTED` for zstd with a larger window or a dictionary, `IPFIX_BAD_CONFIG` where a stream gives no
 *   Buffers or `maxZstdWindowBytes` is out of its range
 */
export async function* readOctets(
  input: string | Readable,
  {
    chunkBytes = 256 * 1024,
    maxZstdWindowBytes: maxWindowBytes = defaultMaxZstdWindowBytes,
  }: OctetSourceConfig = {},
): AsyncGenerator<Uint8Array, void, void> {
  if (!(maxWindowBytes >= 0 && maxWindowBytes <= largestZstdWindowBytes)) {
    throw new IpfixError(
      'IPFIX_BAD_CONFIG',
      `maxZstdWindowBytes is ${maxWindowBytes}: give 0 to ${largestZstdWindowBytes} octets`,
    );
  }
  const name = inputName(input);
  const stream = openStream(input, chunkBytes);
  try {
    const chunks = octetChunks(stream);
    const { head, rest } = await takeHead(chunks);
    const octets = prepend(head, rest);
    if (startsWith(head, gzipMagic)) yield* gunzip(octets, chunkBytes);
    else if (startsWith(head, zstdMagic) || isSkippable(head))
      yield* expandZstd(octets, { name, maxWindowBytes });
    else yield* octets;
  } catch (error) {
    if (error instanceof IpfixError) throw error;
    throw new IpfixError('IPFIX_IO', `cannot read ${name}: ${(error as Error).message}`, { cause: error });
  } finally {
    stream.destroy();
  }
}

/** What messages call an input. */
export function inputName(input: string | Readable): string {
  if (input === '-') return 'standard input';
  return typeof input === 'string' ? basename(input) : 'the stream';
}

function openStream(input: string | Readable, chunkBytes: number): Readable {
  if (input === '-') return process.stdin;
  return typeof input === 'string' ? createReadStream(input, { highWaterMark: chunkBytes }) : input;
}

const startsWith = (octets: Uint8Array, magic: readonly number[]) =>
  octets.length >= magic.length && magic.every((octet, i) => octets[i] === octet);

async function* octetChunks(stream: Readable): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) {
      throw new IpfixError(
        'IPFIX_BAD_CONFIG',
        'the stream gives text or objects: give one that gives Buffers',
      );
    }
    yield chunk;
  }
}

/** Reads on until there are enough octets to tell what the input is, or it ends. */
async function takeHead(chunks: AsyncGenerator<Uint8Array, void, void>) {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < magicLength) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return { head, rest: chunks };
}

async function* prepend(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** Expands gzip, all members of it; no more is read than what the consumer asks for needs. */
async function* gunzip(
  octets: AsyncGenerator<Uint8Array, void, void>,
  chunkBytes: number,
): AsyncGenerator<Uint8Array, void, void> {
  const expander = createGunzip({ chunkSize: chunkBytes });
  const fed = feed(octets, expander);
  // Where the consumer stops early nobody is left to hear of it.
  fed.catch(() => undefined);
  try {
    yield* octetChunks(expander);
    await fed;
  } finally {
    expander.destroy();
  }
}

async function feed(
  octets: AsyncGenerator<Uint8Array, void, void>,
  expander: ReturnType<typeof createGunzip>,
) {
  try {
    for await (const chunk of octets) {
      if (expander.destroyed) return;
      if (expander.write(chunk)) continue;
      await new Promise<void>((resolve) => {
        const go = () => {
          expander.off('drain', go).off('close', go);
          resolve();
        };
        expander.once('drain', go).once('close', go);
      });
    }
    expander.end();
  } catch (error) {
    expander.destroy(error as Error);
  }
}
