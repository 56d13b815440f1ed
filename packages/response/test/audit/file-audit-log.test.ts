import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileAuditLog } from '../../src/audit/file-audit-log.ts';
import { verifyAuditLog } from '../../src/audit/verify-audit-log.ts';
import { ResponseError } from '../../src/response-error.ts';
import { scratch } from '../scratch.ts';
import { emptyCheckpoint, openLog, refusal, writeLog } from './audit-example.ts';

const clock = { now: () => 0 };

describe('createFileAuditLog', () => {
  it('reads back what was written, and goes on behind it', async () => {
    const directory = scratch();
    const log = await writeLog(directory, 2);
    await log.close();
    const again = createFileAuditLog({ directory }, { clock });
    const { entries, cutBytes } = await again.open(emptyCheckpoint);
    expect(cutBytes).toBe(0);
    expect(entries.map(({ number, kind }) => `${number} ${kind}`)).toEqual([
      '1 checkpoint',
      '2 refused',
      '3 refused',
    ]);
    expect(again.head).toEqual({ number: 3, hash: entries[2]?.hash });
    await again.append('anna', [refusal('more')]).written;
    await again.close();
    expect(await verifyAuditLog(directory)).toMatchObject({ entries: 4 });
  });

  it('begins each file with what is open, and reads the last one only', async () => {
    const directory = scratch();
    await (await writeLog(directory, 20, 1_000)).close();
    const names = readdirSync(directory);
    expect(names.length).toBeGreaterThan(3);
    writeFileSync(join(directory, names[0] ?? ''), 'not looked at\n');
    const log = createFileAuditLog({ directory, maxFileBytes: 1_000 }, { clock });
    const { entries } = await log.open(emptyCheckpoint);
    expect(entries[0]?.kind).toBe('checkpoint');
    expect(entries.length).toBeLessThan(6);
    await log.close();
  });

  it('flushes entries that come together together', async () => {
    const directory = scratch();
    let flushes = 0;
    const counting = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
      const handle = await open(...args);
      const datasync = handle.datasync.bind(handle);
      handle.datasync = () => {
        flushes++;
        return datasync();
      };
      return handle;
    };
    const log = createFileAuditLog({ directory }, { clock, open: counting as typeof open });
    await log.open(emptyCheckpoint);
    const appends = Array.from({ length: 500 }, (_, i) => log.append('anna', [refusal(String(i))]));
    await Promise.all(appends.map(({ written }) => written));
    expect(flushes).toBe(1);
    await log.close();
    expect(await verifyAuditLog(directory)).toMatchObject({ entries: 501 });
  });

  it('cuts off what a crash has torn, wherever', async () => {
    const directory = scratch();
    await (await writeLog(directory, 3)).close();
    const path = join(directory, 'audit-000001.ndjson');
    const whole = readFileSync(path);
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (const length of [lastLine + 1, lastLine + 40, whole.length - 1]) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const log = createFileAuditLog({ directory }, { clock });
      expect(await log.open(emptyCheckpoint)).toMatchObject({ cutBytes: length - lastLine });
      expect(log.head.number).toBe(3);
      await log.close();
      expect(await verifyAuditLog(directory)).toMatchObject({ entries: 3, tornBytes: 0 });
    }
  });

  it('goes on with the file before one that a crash left without a line', async () => {
    const directory = scratch();
    await (await writeLog(directory, 2)).close();
    writeFileSync(join(directory, 'audit-000002.ndjson'), '{"number":4,"atMs"');
    expect(await verifyAuditLog(directory)).toMatchObject({ entries: 3, tornBytes: 18 });
    const log = await openLog(directory);
    await log.append('anna', [refusal('more')]).written;
    await log.close();
    expect(readdirSync(directory)).toEqual(['audit-000001.ndjson']);
  });

  it('refuses damage elsewhere with its place', async () => {
    const directory = scratch();
    await (await writeLog(directory, 3)).close();
    const path = join(directory, 'audit-000001.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace('reason 1', 'reason 9'));
    await expect(openLog(directory)).rejects.toThrow(`${path}:3 is damaged (changed)`);
    appendFileSync(path, 'more\n');
    await expect(openLog(directory)).rejects.toThrow(ResponseError);
  });

  it('keeps a second writer out', async () => {
    const directory = scratch();
    const log = await openLog(directory);
    writeFileSync(join(directory, 'lock'), `${process.ppid}\n`);
    await expect(openLog(directory)).rejects.toThrow(`in use by process ${process.ppid}`);
    // Nor does it open the door for a third: the lock is another's now.
    await log.close();
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe(`${process.ppid}\n`);
    rmSync(join(directory, 'lock'));
    await (await openLog(directory)).close();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('takes nothing more once it could not be written, and holds what it held', async () => {
    const directory = scratch();
    let isFull = false;
    const filling = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
      const handle = await open(...args);
      const write = handle.write.bind(handle);
      handle.write = (async (octets: Buffer, offset: number, length: number, position: number) => {
        if (!isFull) return write(octets, offset, length, position);
        await write(octets, offset, 10, position);
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      }) as typeof handle.write;
      return handle;
    };
    const log = createFileAuditLog({ directory }, { clock, open: filling as typeof open });
    await log.open(emptyCheckpoint);
    await log.append('anna', [refusal('fits')]).written;
    isFull = true;
    const [first, second] = [log.append('anna', [refusal('a')]), log.append('anna', [refusal('b')])];
    await expect(first.written).rejects.toThrow('no space left');
    await expect(second.written).rejects.toMatchObject({ code: 'RESPONSE_LOG_FAILED' });
    isFull = false;
    expect(() => log.append('anna', [refusal('c')])).toThrow('start again');
    await log.close();
    expect(await verifyAuditLog(directory)).toMatchObject({ entries: 2, tornBytes: 0 });
  });
});
