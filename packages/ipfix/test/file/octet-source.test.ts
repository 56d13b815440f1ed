import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessages } from '../../src/index.ts';
import { messageOctets, setOctets } from '../message/message-octets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipfix-octets-'));
});
afterAll(() => rm(folder, { recursive: true }));

const messages = Array.from({ length: 300 }, (_, i) =>
  messageOctets({ sequenceNumber: i }, setOctets(256, [i & 255, 1, 2])),
);
const octets = Buffer.concat(messages);

async function readAll(input: string | Readable, chunkBytes?: number) {
  const found: Uint8Array[] = [];
  for await (const batch of readMessages(input, { chunkBytes })) {
    found.push(...batch.map((message) => Uint8Array.from(message)));
  }
  return found;
}

const inChunks = (bytes: Uint8Array, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      Buffer.from(bytes.subarray(i * size, (i + 1) * size)),
    ),
  );

describe('compressed input', () => {
  it('is expanded, in chunks of any size', async () => {
    for (const size of [1, 3, 1000, 1e6]) {
      expect(await readAll(inChunks(gzipSync(octets), size), 1024)).toEqual(messages);
    }
  });

  it('may have several members, as files put together have', async () => {
    const half = octets.length / 2;
    const joined = Buffer.concat([gzipSync(octets.subarray(0, half)), gzipSync(octets.subarray(half))]);
    expect(await readAll(inChunks(joined, 100))).toEqual(messages);
  });

  it('is read from files by what is in them, not by name', async () => {
    const path = join(folder, 'a.ipfix');
    await writeFile(path, gzipSync(octets));
    expect(await readAll(path)).toEqual(messages);
  });

  it('can be left early', async () => {
    for await (const batch of readMessages(inChunks(gzipSync(octets), 10), { chunkBytes: 1024 })) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
  });

  it('gives what is whole before a fault', async () => {
    const cut = gzipSync(octets).subarray(0, -20);
    const found: Uint8Array[] = [];
    const reading = (async () => {
      for await (const batch of readMessages(inChunks(cut, 50), { chunkBytes: 64 })) found.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'IPFIX_IO' });
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('input that is short', () => {
  it('is read to its end', async () => {
    expect(await readAll(Readable.from([]))).toEqual([]);
    await expect(readAll(inChunks(Uint8Array.of(0), 1))).rejects.toMatchObject({ code: 'IPFIX_TRUNCATED' });
  });

  it('must be octets', async () => {
    await expect(readAll(Readable.from(['text']))).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
  });

  it('fails where the file is gone', async () => {
    await expect(readAll(join(folder, 'missing'))).rejects.toMatchObject({ code: 'IPFIX_IO' });
  });
});

describe('input that grows large when expanded', () => {
  it('is read no faster than it is used', async () => {
    const member = gzipSync(Buffer.concat(Array.from({ length: 200 }, () => octets)));
    let pulled = 0;
    async function* members() {
      for (; pulled < 100; pulled++) yield member;
    }
    for await (const batch of readMessages(Readable.from(members(), { highWaterMark: 1 }))) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(pulled).toBeLessThan(20);
  });
});
