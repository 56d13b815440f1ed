import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileWriter, IpfixError, type ReadMessagesConfig, readMessages } from '../../src/index.ts';
import { messageOctets, setOctets } from '../message/message-octets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipfix-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

const messages = Array.from({ length: 500 }, (_, i) =>
  messageOctets(
    { sequenceNumber: i },
    setOctets(
      256,
      Array.from({ length: i }, () => i & 255),
    ),
  ),
);

async function readAll(input: string | Readable, config?: ReadMessagesConfig) {
  const batches: (readonly Uint8Array[])[] = [];
  let failure: unknown;
  try {
    for await (const batch of readMessages(input, config)) batches.push(batch);
  } catch (error) {
    failure = error;
  }
  return { batches, found: batches.flat().map((message) => Uint8Array.from(message)), failure };
}

async function writeAll(path: string, existing?: 'refuse' | 'overwrite' | 'append'): Promise<void> {
  const writer = createFileWriter({ path, existing });
  await writer.start();
  for (const message of messages) await writer.send(message);
  await writer.stop();
}

describe('IPFIX files', () => {
  it('are written and read', async () => {
    const path = join(folder, 'round-trip.ipfix');
    await writeAll(path);
    const { found, failure, batches } = await readAll(path, { chunkBytes: 64 * 1024 });
    expect(failure).toBeUndefined();
    expect(found).toEqual(messages);
    expect(batches.length).toBe(Math.ceil((await readFile(path)).length / 65536));
  });

  it('are read in chunks smaller than a message', async () => {
    const path = join(folder, 'small-chunks.ipfix');
    await writeAll(path);
    expect((await readAll(path, { chunkBytes: 7 })).found).toEqual(messages);
  });

  it('are overwritten and appended to only where asked', async () => {
    const path = join(folder, 'existing.ipfix');
    await writeAll(path);
    await expect(writeAll(path)).rejects.toMatchObject({ code: 'IPFIX_IO' });
    await writeAll(path, 'overwrite');
    await writeAll(path, 'append');
    expect((await readAll(path)).found).toEqual([...messages, ...messages]);
  });

  it('give the messages before the fault, then say where it is', async () => {
    const path = join(folder, 'garbled.ipfix');
    await writeFile(path, Buffer.concat([...messages.slice(0, 3), Buffer.from('nonsense')]));
    const { found, failure } = await readAll(path);
    expect(found).toEqual(messages.slice(0, 3));
    expect(failure).toBeInstanceOf(IpfixError);
    expect(failure).toMatchObject({ code: 'IPFIX_BAD_VERSION', offset: 20 + 21 + 22 });
  });

  it('that are cut give the whole messages, then say so', async () => {
    const path = join(folder, 'cut.ipfix');
    await writeFile(path, Buffer.concat(messages.slice(0, 4)).subarray(0, 80));
    const { found, failure } = await readAll(path);
    expect(found).toEqual(messages.slice(0, 3));
    expect(failure).toMatchObject({ code: 'IPFIX_TRUNCATED', offset: 63 });
  });

  it('may be empty', async () => {
    const path = join(folder, 'empty.ipfix');
    await writeFile(path, '');
    expect(await readAll(path)).toMatchObject({ found: [], failure: undefined });
  });

  it('that are not there are an IpfixError with its cause', async () => {
    const { failure } = await readAll(join(folder, 'missing.ipfix'));
    expect(failure).toMatchObject({ code: 'IPFIX_IO', cause: { code: 'ENOENT' } });
  });
});

describe('streams', () => {
  it('are read like files', async () => {
    expect((await readAll(Readable.from(messages))).found).toEqual(messages);
  });

  it('of text are refused', async () => {
    expect((await readAll(Readable.from(['text']))).failure).toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
  });

  it('are closed when the reader has had enough', async () => {
    const stream = Readable.from(messages);
    for await (const batch of readMessages(stream)) {
      expect(batch.length).toBe(1);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });
});
