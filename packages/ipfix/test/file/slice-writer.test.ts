import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSliceWriter,
  createVirtualClock,
  IpfixError,
  readMessages,
  type SliceWriterConfig,
} from '../../src/index.ts';
import { messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipfix-slices-'));
});
afterEach(() => rm(folder, { recursive: true }));

const startMs = Date.UTC(2024, 1, 29, 23, 58, 30);
const template = (domain: number, id: number, sequenceNumber = 0) =>
  messageOctets({ observationDomainId: domain, sequenceNumber }, setOctets(2, templateOctets(id, [[8, 4]])));
const data = (domain: number, id: number, sequenceNumber: number) =>
  messageOctets({ observationDomainId: domain, sequenceNumber }, setOctets(id, [192, 0, 2, 1]));

async function setUp(config: Partial<SliceWriterConfig> = {}) {
  const clock = createVirtualClock(startMs);
  const slices: string[] = [];
  let heard: (() => void) | undefined;
  const writer = createSliceWriter(
    { folder, periodMs: 60_000, ...config },
    {
      clock,
      onSlice(path) {
        slices.push(path);
        heard?.();
      },
    },
  );
  await writer.start();
  /** Waits for so many finished slices. */
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      heard = () => slices.length >= count && resolve();
      heard();
    });
  return { clock, writer, slices, until };
}

async function messagesOf(name: string) {
  const found: Uint8Array[] = [];
  for await (const batch of readMessages(join(folder, name)))
    found.push(...batch.map((m) => Uint8Array.from(m)));
  return found;
}

describe('createSliceWriter', () => {
  it('writes a file for each period and repeats the templates in it', async () => {
    const { clock, writer, slices } = await setUp();
    await writer.send(template(1, 256));
    await writer.send(data(1, 256, 0));
    await writer.send(template(2, 300));
    expect(await readdir(folder)).toEqual(['flows-20240229-235800.ipfix.part']);
    await clock.advance(60_000);
    await writer.send(data(1, 256, 1));
    await writer.send(data(1, 256, 2));
    await writer.send(data(2, 300, 0));
    await writer.stop();
    const names = ['flows-20240229-235800.ipfix', 'flows-20240229-235900.ipfix'];
    expect(await readdir(folder)).toEqual(names);
    expect(slices).toEqual(names.map((name) => join(folder, name)));
    expect(await messagesOf(names[0])).toEqual([template(1, 256), data(1, 256, 0), template(2, 300)]);
    expect(await messagesOf(names[1])).toEqual([
      template(1, 256, 1),
      data(1, 256, 1),
      data(1, 256, 2),
      template(2, 300),
      data(2, 300, 0),
    ]);
  });

  it('finishes a file when its time is over though nothing comes', async () => {
    const { clock, writer, slices, until } = await setUp();
    await writer.send(template(1, 256));
    await clock.advance(29_999);
    expect(slices).toEqual([]);
    await clock.advance(1);
    await until(1);
    expect(await readdir(folder)).toEqual(['flows-20240229-235800.ipfix']);
    await clock.advance(600_000);
    await writer.stop();
    expect((await readdir(folder)).length).toBe(1);
  });

  it('repeats what was redefined as it is now, and nothing that was withdrawn', async () => {
    const { clock, writer } = await setUp();
    const redefined = messageOctets({}, setOctets(2, templateOctets(256, [[12, 4]])));
    const options = messageOctets(
      {},
      setOctets(
        3,
        templateOctets(
          400,
          [
            [149, 4],
            [41, 8],
          ],
          1,
        ),
      ),
    );
    for (const message of [template(1, 256), template(1, 257), redefined, options])
      await writer.send(message);
    await writer.send(messageOctets({}, setOctets(2, [1, 1, 0, 0])));
    await clock.advance(60_000);
    await writer.send(data(1, 256, 9));
    await writer.send(messageOctets({}, setOctets(3, [0, 3, 0, 0])));
    await clock.advance(60_000);
    await writer.send(data(1, 256, 9));
    await writer.stop();
    const repeated = (...sets: number[][]) => messageOctets({ sequenceNumber: 9 }, ...sets);
    const twelve = setOctets(2, templateOctets(256, [[12, 4]]));
    const fourHundred = setOctets(
      3,
      templateOctets(
        400,
        [
          [149, 4],
          [41, 8],
        ],
        1,
      ),
    );
    expect((await messagesOf('flows-20240229-235900.ipfix'))[0]).toEqual(repeated(twelve, fourHundred));
    expect((await messagesOf('flows-20240301-000000.ipfix'))[0]).toEqual(repeated(twelve));
  });

  it('touches no file that is there', async () => {
    await writeFile(join(folder, 'x-1709251080.ipfix'), 'old');
    await writeFile(join(folder, 'x-1709251080.1.ipfix.part'), 'broken off');
    const { writer } = await setUp({ pattern: 'x-%s.ipfix' });
    await writer.send(template(1, 256));
    await writer.stop();
    expect((await readdir(folder)).sort()).toEqual([
      'x-1709251080.1.ipfix.part',
      'x-1709251080.2.ipfix',
      'x-1709251080.ipfix',
    ]);
  });

  it('makes the folders that the pattern names', async () => {
    const { writer, slices } = await setUp({ pattern: '%Y/%m/%d/%H%M%S%%' });
    await writer.send(template(1, 256));
    await writer.stop();
    expect(slices).toEqual([join(folder, '2024/02/29/235800%')]);
  });

  it('keeps the order of messages that are sent without waiting', async () => {
    const { writer } = await setUp();
    const sent = Array.from({ length: 50 }, (_, i) => data(1, 256, i));
    await Promise.all(sent.map((message) => writer.send(message)));
    await writer.stop();
    expect(await messagesOf('flows-20240229-235800.ipfix')).toEqual(sent);
  });

  it('refuses what cannot be', async () => {
    const { clock } = await setUp();
    const create = (config: Partial<SliceWriterConfig>) => () =>
      createSliceWriter({ folder, ...config }, { clock });
    expect(create({ pattern: '%Q' })).toThrow(IpfixError);
    expect(create({ pattern: 'a%' })).toThrow(IpfixError);
    expect(create({ periodMs: 999 })).toThrow(IpfixError);
    expect(() => create({})().send(template(1, 256))).toThrow('call start()');
    await writeFile(join(folder, 'file'), '');
    await expect(create({ folder: join(folder, 'file', 'x') })().start()).rejects.toMatchObject({
      code: 'IPFIX_IO',
    });
  });
});
