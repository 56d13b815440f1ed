import { appendFileSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVirtualClock } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';
import { createFileSpool, type FileSpoolConfig } from '../../../src/output/spool/file-spool.ts';
import { temporaryFolder } from '../../cli/workspace.ts';

const folder = temporaryFolder();
const limit = { maxEntries: 1000, maxBytes: 1 << 20 };

function make(config: Partial<FileSpoolConfig> = {}, open?: typeof openFile) {
  const directory = config.directory ?? mkdtempSync(join(folder, 'spool-'));
  const remarks: string[] = [];
  const clock = createVirtualClock();
  const deps = { clock, onRemark: (text: string) => remarks.push(text) };
  const spool = createFileSpool({ ...config, directory }, open === undefined ? deps : { ...deps, open });
  const segments = () =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.spool'))
      .sort()
      .map((name) => join(directory, name));
  return { spool, directory, remarks, clock, segments };
}

describe('a spool in files', () => {
  it.each([
    ['half a frame', Buffer.from([0, 0, 0, 9, 1, 2, 3, 4, 0x61])],
    ['zeros', Buffer.alloc(100)],
    ['a length that cannot be', Buffer.alloc(12, 0xff)],
  ])('takes what is whole, and tells of the rest, where a crash left %s', async (_what, tail) => {
    const before = make();
    await before.spool.open();
    await before.spool.append(['a', 'b']);
    await before.spool.close();
    appendFileSync(before.segments()[0], tail);
    const { spool, remarks } = make({ directory: before.directory });
    await spool.open();
    await spool.append(['c']);
    expect(remarks).toEqual([`${before.segments()[0]}: the last ${tail.length} octets do not read`]);
    const first = await spool.take(limit);
    expect(first?.entries).toEqual(['a', 'b']);
    if (first !== undefined) await spool.remove(first);
    expect((await spool.take(limit))?.entries).toEqual(['c']);
    await spool.close();
  });

  it('delivers again rather than not at all where the position does not read', async () => {
    const before = make();
    await before.spool.open();
    await before.spool.append(['a', 'b', 'c']);
    const batch = await before.spool.take({ maxEntries: 2, maxBytes: 100 });
    if (batch !== undefined) await before.spool.remove(batch);
    await before.spool.close();
    const position = join(before.directory, 'position');
    expect((await reopened(before.directory)).entries).toEqual(['c']);
    writeFileSync(position, readFileSync(position).fill(0xee, 4, 5));
    expect((await reopened(before.directory)).entries).toEqual(['a', 'b', 'c']);
  });

  async function reopened(directory: string) {
    const { spool } = make({ directory });
    await spool.open();
    const batch = await spool.take(limit);
    await spool.close();
    return batch ?? { entries: [] };
  }

  it('goes on behind a segment that has become unreadable, and counts what it held', async () => {
    const { spool, segments, remarks } = make({ segmentBytes: 64 });
    await spool.open();
    await spool.append(['a'.repeat(40)]);
    await spool.append(['b'.repeat(40)]);
    writeFileSync(segments()[0], Buffer.alloc(statSync(segments()[0]).size, 0x55));
    expect((await spool.take(limit))?.entries).toEqual(['b'.repeat(40)]);
    expect(spool.stats).toMatchObject({ waiting: 1, dropped: 1 });
    expect(remarks[0]).toMatch(/does not read at octet 0; 1 entries are lost/);
    await spool.close();
  });

  it('leaves nothing behind of what is delivered but the last segment, and that until it is half full', async () => {
    const { spool, segments } = make({ segmentBytes: 200 });
    await spool.open();
    for (let i = 0; i < 50; i++) {
      await spool.append([`entry ${i}`.padEnd(50)]);
      const batch = await spool.take(limit);
      if (batch !== undefined) await spool.remove(batch);
      expect(segments().length).toBeLessThanOrEqual(1);
    }
    expect(spool.stats.waiting).toBe(0);
    await spool.close();
  });

  it('counts what a full disk refuses, tells of it once, and goes on when there is room', async () => {
    let isFull = false;
    const { spool, remarks } = make({}, async (path, flags, mode) => {
      const file = await openFile(path, flags, mode);
      const write = file.write.bind(file);
      const failing = async (buffer: Buffer, offset: number, length: number, at: number) => {
        if (!isFull) return write(buffer, offset, length, at);
        // Half of it fits.
        await write(buffer, offset, length >> 1, at);
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      };
      return Object.assign(file, { write: failing }) as FileHandle;
    });
    await spool.open();
    await spool.append(['a']);
    isFull = true;
    await spool.append(['lost', 'lost, too']);
    await spool.append(['lost as well']);
    isFull = false;
    await spool.append(['b']);
    expect(spool.stats).toMatchObject({ waiting: 2, dropped: 3 });
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toMatch(/cannot spool in .*ENOSPC/);
    expect((await spool.take(limit))?.entries).toEqual(['a', 'b']);
    await spool.close();
  });

  it('flushes to the disk within the time that it states', async () => {
    let flushed = 0;
    const { spool, clock } = make({ syncAfterMs: 700 }, async (path, flags, mode) => {
      const file = await openFile(path, flags, mode);
      const datasync = file.datasync.bind(file);
      return Object.assign(file, {
        datasync: () => {
          flushed++;
          return datasync();
        },
      });
    });
    await spool.open();
    await spool.append(['a']);
    await spool.append(['b']);
    expect({ flushed, sleepers: clock.sleepers }).toEqual({ flushed: 0, sleepers: 1 });
    await clock.advance(700);
    await spool.append(['c']);
    expect({ flushed, sleepers: clock.sleepers }).toEqual({ flushed: 1, sleepers: 1 });
    await spool.close();
    expect(flushed).toBe(2);
  });

  it('says where it cannot be', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(make({ directory: join(file, 'spool') }).spool.open()).rejects.toMatchObject({
      code: 'FLOWPACT_FILE',
      message: expect.stringContaining(file),
    });
  });
});
