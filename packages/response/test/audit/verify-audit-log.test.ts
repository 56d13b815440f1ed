import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyAuditLog } from '../../src/audit/verify-audit-log.ts';
import { scratch } from '../scratch.ts';
import { writeLog } from './audit-example.ts';

const pathsOf = (directory: string) =>
  readdirSync(directory)
    .sort()
    .map((name) => join(directory, name));

describe('verifyAuditLog', () => {
  it('says where a log stands that nobody touched, over all its files', async () => {
    const directory = scratch();
    const log = await writeLog(directory, 20, 1_000);
    const { head } = log;
    await log.close();
    const files = pathsOf(directory).length;
    expect(files).toBeGreaterThan(3);
    expect(await verifyAuditLog(directory, { head })).toEqual({
      entries: 20 + files,
      first: 1,
      head,
      tornBytes: 0,
    });
  });

  it('finds every change of a single octet', async () => {
    const directory = scratch();
    const log = await writeLog(directory, 2, 500);
    const { head } = log;
    await log.close();
    const whole = await verifyAuditLog(directory);
    expect(whole).toMatchObject({ head, tornBytes: 0 });
    const files = pathsOf(directory).map((path) => ({ path, octets: readFileSync(path) }));
    expect(files.length).toBeGreaterThan(1);
    for (const { path, octets } of files) {
      for (let at = 0; at < octets.length; at++) {
        const changed = Buffer.from(octets);
        changed[at] ^= 1 << (at % 8);
        writeFileSync(path, changed);
        const verdict = await verifyAuditLog(directory);
        const isFound = verdict.break !== undefined || verdict.tornBytes > 0;
        if (!isFound) throw new Error(`octet ${at} of ${path} was changed unnoticed`);
      }
      writeFileSync(path, octets);
    }
    expect(await verifyAuditLog(directory)).toEqual(whole);
  }, 60_000);

  it('finds lines that were removed, inserted, repeated, swapped, and octets set at will', async () => {
    const directory = scratch();
    const log = await writeLog(directory, 12);
    await log.close();
    const [path = ''] = pathsOf(directory);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const other = scratch();
    await (await writeLog(other, 3)).close();
    const [, foreign = ''] = readFileSync(join(other, 'audit-000001.ndjson'), 'utf8').split('\n');
    const index = fc.nat(lines.length - 2);
    const change = fc.oneof(
      index.map((at) => lines.toSpliced(at, 1)),
      index.map((at) => lines.toSpliced(at, 0, foreign)),
      index.map((at) => lines.toSpliced(at, 0, lines[at] ?? '')),
      index.map((at) => lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? '')),
      fc
        .tuple(index, fc.nat(200), fc.string({ minLength: 1 }))
        .map(([at, place, text]) =>
          lines.with(at, (lines[at] ?? '').slice(0, place) + text + (lines[at] ?? '').slice(place)),
        ),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        writeFileSync(path, `${changed.join('\n')}\n`);
        const { break: found } = await verifyAuditLog(directory);
        expect(found?.path).toBe(path);
      }),
      { numRuns: 100 },
    );
  });

  it('cannot see that the end is cut off, unless a head was kept', async () => {
    const directory = scratch();
    const log = await writeLog(directory, 5);
    const { head } = log;
    await log.close();
    const [path = ''] = pathsOf(directory);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n`);
    expect((await verifyAuditLog(directory)).break).toBeUndefined();
    expect((await verifyAuditLog(directory, { head })).break).toEqual({ path, fault: 'otherHead' });
  });

  it('finds a log that was made anew up to an entry that somebody kept', async () => {
    const directory = scratch();
    const log = await writeLog(directory, 3);
    await log.close();
    const head = { number: 2, hash: 'f'.repeat(64) };
    expect((await verifyAuditLog(directory, { head })).break).toMatchObject({ line: 2, fault: 'otherHead' });
  });

  it('finds a file that is missing between others, and says from where it holds without the first', async () => {
    const directory = scratch();
    await (await writeLog(directory, 20, 1_000)).close();
    const paths = pathsOf(directory);
    rmSync(paths[0] ?? '');
    const { first, break: found } = await verifyAuditLog(directory);
    expect(found).toBeUndefined();
    expect(first).toBeGreaterThan(2);
    rmSync(paths[2] ?? '');
    expect((await verifyAuditLog(directory)).break).toEqual({ path: paths[3], fault: 'missingFile' });
  });

  it('calls a directory without a log empty', async () => {
    const directory = scratch();
    expect(await verifyAuditLog(join(directory, 'nothing'))).toMatchObject({ entries: 0, first: 0 });
    expect((await verifyAuditLog(directory, { head: { number: 1, hash: 'a' } })).break).toBeDefined();
  });
});
