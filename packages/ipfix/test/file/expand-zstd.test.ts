import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { skipWithout } from '../../../../test/system-tool.ts';
import { type OctetSourceConfig, readOctets } from '../../src/file/octet-source.ts';
import { createCaptureReader, IpfixError, readMessages } from '../../src/index.ts';
import { ethernetOctets, ipv4Octets, pcapOctets, udpOctets } from '../capture/capture-octets.ts';
import { mutate } from '../fuzz/mutate.ts';
import { createRandom } from '../fuzz/random.ts';
import { messageOctets } from '../message/message-octets.ts';

const octetsOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

const inChunks = (bytes: Uint8Array, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      Buffer.from(bytes.subarray(i * size, (i + 1) * size)),
    ),
  );

async function expand(bytes: Uint8Array, chunkBytes = 1000, config: OctetSourceConfig = {}) {
  const pieces: Uint8Array[] = [];
  for await (const piece of readOctets(inChunks(bytes, chunkBytes), config)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Twelve IPFIX messages of one empty set each, and a frame of them: header, block header, block, checksum. */
const messages = Array.from({ length: 12 }, (_, i) =>
  octetsOf(`000a00146553f100000000${i.toString(16).padStart(2, '0')}0000000101000004`),
);
const plain = Buffer.concat(messages);
const block =
  '0402000a00146553f10001010000040102030405060708090a0b00000001010000040ca810d89175e0e501108604493c1fac4657ba2b03';
const frame = octetsOf(`28b52ffd 24f0 bd0100 ${block} 5aca3e9d`);
/** The same without a checksum, and with neither it nor the size of the content. */
const withoutChecksum = octetsOf(`28b52ffd 20f0 bd0100 ${block}`);
const withoutSize = octetsOf(
  '28b52ffd 0458 ad0100 c0000a00146553f10001010000040102030405060708090a0b0d008010901c48184804240712061201c98184814440ba378dce0017 5aca3e9d',
);
const incompressible = '000103080e16202b3948586b7f95adc6e2ff1d3e6084aad1fb265281b1e3174c84bdf73472b2f437';
const rawFrame = octetsOf(`28b52ffd 2428 410100 ${incompressible} 6d201fd4`);
/** 4 octets 0x78 as a block of one repeated octet. */
const repeatedFrame = octetsOf('28b52ffd 2004 230000 78');
const emptyFrame = octetsOf('28b52ffd 2000 010000');
const skippable = (length: number, digit = '0') =>
  octetsOf(`5${digit}2a4d18 ${length.toString(16).padStart(2, '0')}000000 ${'ee'.repeat(length)}`);

describe('zstd', () => {
  it.each([
    ['a checksum and the size', frame, plain],
    ['no checksum', withoutChecksum, plain],
    ['no size but a window', withoutSize, plain],
    ['octets as they were', rawFrame, octetsOf(incompressible)],
    ['one octet repeated', repeatedFrame, Buffer.from('xxxx')],
    ['nothing', emptyFrame, Buffer.alloc(0)],
  ])('expands a frame with %s, in chunks of any size', async (_what, bytes, expected) => {
    for (const size of [1, 3, 20, 1000]) expect(await expand(bytes, size)).toEqual(expected);
  });

  it('expands frames one behind the other, and passes over those to be skipped', async () => {
    const joined = Buffer.concat([
      skippable(3),
      frame,
      skippable(0, 'f'),
      emptyFrame,
      rawFrame,
      skippable(40),
    ]);
    const expected = Buffer.concat([plain, octetsOf(incompressible)]);
    for (const size of [1, 7, 1000]) expect(await expand(joined, size)).toEqual(expected);
  });

  it('is read where messages are, by what is in it', async () => {
    const found: Uint8Array[] = [];
    for await (const batch of readMessages(inChunks(frame, 10))) found.push(...batch);
    expect(found.map((message) => Buffer.from(message))).toEqual(messages);
  });

  it.each([
    ['a frame header', frame.subarray(0, 5), 0],
    ['a block header', frame.subarray(0, 8), 6],
    ['a block', frame.subarray(0, 50), 6],
    ['a checksum', frame.subarray(0, -1), frame.length - 4],
    ['a magic number', Buffer.concat([frame, octetsOf('28b5')]), frame.length],
    ['the skippable frame', Buffer.concat([frame, skippable(9).subarray(0, 12)]), frame.length],
  ])('that ends within %s is damaged, and says where', async (what, bytes, offset) => {
    await expect(expand(bytes)).rejects.toMatchObject({
      code: 'IPFIX_IO',
      message: expect.stringContaining(what),
      offset,
    });
  });

  it('gives what is whole before the fault', async () => {
    const pieces: Uint8Array[] = [];
    const reading = (async () => {
      for await (const piece of readOctets(inChunks(Buffer.concat([frame, frame.subarray(0, 30)]), 10))) {
        pieces.push(piece);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'IPFIX_IO' });
    expect(Buffer.concat(pieces)).toEqual(plain);
  });

  const changed = (bytes: Uint8Array, at: number, octet: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = octet;
    return copy;
  };

  it.each([
    ['its checksum', changed(rawFrame, 20, 0), 'the checksum of a frame is wrong at octet 49'],
    ['its size', changed(repeatedFrame, 5, 5), 'a frame told as 5 octets expands to 4; it ends at octet 10'],
    ['the type of a block', changed(repeatedFrame, 6, 0x27), 'a block of type 3 and 4 octets cannot be'],
    ['the size of a block', changed(repeatedFrame, 8, 1), 'a block of type 1 and 8196 octets cannot be'],
    ['what is in a block', changed(frame, 9, 0xff), 'at octet 6'],
    ['the header', changed(frame, 4, 0x2c), 'a reserved bit is set in the frame header at octet 0'],
    ['what follows', Buffer.concat([frame, octetsOf('00000000')]), 'neither a frame nor the end at octet 68'],
  ])('is found to be damaged by %s', async (_what, bytes, message) => {
    const failure = await expand(bytes).catch((error) => error);
    expect(failure).toMatchObject({ code: 'IPFIX_IO', message: expect.stringContaining(message) });
    expect(failure.message).toMatch(/^the stream is damaged zstd: /);
  });

  it('is refused where it needs a dictionary', async () => {
    await expect(expand(octetsOf('28b52ffd 2107 04 230000 78'))).rejects.toMatchObject({
      code: 'IPFIX_UNSUPPORTED',
      message: expect.stringContaining('needs dictionary 7'),
    });
  });

  it('is refused where its window is above the limit, before memory is taken', async () => {
    // 2^31 octets and 7 eighths more.
    const wide = octetsOf('28b52ffd 00af 230000 78');
    await expect(expand(wide)).rejects.toMatchObject({
      code: 'IPFIX_UNSUPPORTED',
      message: expect.stringContaining('raise maxZstdWindowBytes, which is 134217728'),
    });
    await expect(expand(frame, 10, { maxZstdWindowBytes: 239 })).rejects.toMatchObject({
      code: 'IPFIX_UNSUPPORTED',
    });
    expect(await expand(frame, 10, { maxZstdWindowBytes: 240 })).toEqual(plain);
    await expect(expand(frame, 10, { maxZstdWindowBytes: 2 ** 31 })).rejects.toMatchObject({
      code: 'IPFIX_BAD_CONFIG',
    });
  });

  it('that is damaged anywhere ends in octets or in a clear error', async () => {
    const random = createRandom(1);
    const frames = [frame, withoutChecksum, withoutSize, rawFrame, repeatedFrame];
    for (let i = 0; i < 500; i++) {
      const damaged = mutate(random.pick(frames), random.pick(frames), random);
      const outcome = await expand(damaged, 20, { maxZstdWindowBytes: 1024 * 1024 }).catch((error) => error);
      if (!(outcome instanceof Uint8Array)) expect(outcome).toBeInstanceOf(IpfixError);
    }
  });

  it('is expanded no faster than it is used', async () => {
    // 128 KiB of zeros in 4 octets, over and over.
    const blocks = Buffer.alloc(4 * 10_000, octetsOf('02001000'));
    let pulled = 0;
    async function* chunks() {
      yield octetsOf('28b52ffd 0038');
      for (; pulled < 100; pulled++) yield blocks;
    }
    let pieces = 0;
    for await (const piece of readOctets(Readable.from(chunks(), { highWaterMark: 1 }))) {
      expect(piece.length).toBe(128 * 1024);
      if (++pieces === 100) break;
    }
    expect(pulled).toBeLessThan(5);
  });
});

describe.skipIf(skipWithout('zstd'))('what zstd writes (needs it: apt-get install -y zstd)', () => {
  const zstd = (bytes: Uint8Array, ...args: string[]): Buffer => {
    const { status, stdout } = spawnSync('zstd', ['-q', '-c', ...args], { input: bytes, maxBuffer: 1 << 26 });
    expect(status).toBe(0);
    return stdout;
  };
  // Flows resemble each other, with some octets that nothing tells in advance.
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
  const flows = Buffer.concat(
    Array.from({ length: 30_000 }, (_, i) =>
      Uint8Array.of(
        10,
        0,
        random() & 3,
        random() & 255,
        0,
        80,
        i >> 8,
        i,
        0,
        0,
        random() & 15,
        random(),
        6,
        27,
      ),
    ),
  );

  it.each([
    ['--fast=5'],
    ['-1'],
    ['-3', '--no-check'],
    ['-9'],
    ['-19'],
    ['--ultra', '-22'],
    ['-5', '--long=27'],
    ['-1', '--no-compress-literals'],
  ])('is expanded: %s %s', async (...args) => {
    const options = args.filter((arg) => arg !== undefined);
    expect((await expand(zstd(flows, ...options), 4096)).equals(flows)).toBe(true);
  });

  it('is expanded where a capture is in it', async () => {
    const packet = { octets: ethernetOctets(0x0800, ipv4Octets(udpOctets(messageOctets({})))) };
    const reader = createCaptureReader();
    let datagrams = 0;
    for await (const batch of reader.read(inChunks(zstd(pcapOctets(1, [packet, packet])), 20))) {
      datagrams += batch.length;
    }
    expect(datagrams).toBe(2);
  });
});
