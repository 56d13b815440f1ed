import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemTool } from '../../../../test/system-tool.ts';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { FormatsError } from '../../src/index.ts';
import { readZip } from '../../src/zip/read-zip.ts';
import { zipOf } from './zip-of.ts';

const limits = defaultFormatsLimits;
const python = systemTool('python3', 'python3');
const texts = (bytes: Uint8Array) =>
  readZip(bytes, limits).map(({ name, content }) => [name, Buffer.from(content).toString()]);

describe('ZIP archives', () => {
  it.each([0, 8] as const)('are read: method %i', (method) => {
    const files = { 'a.eml': 'x'.repeat(1_000), 'folder/': '', 'folder/b.txt': '' };
    expect(texts(zipOf(files, method))).toEqual([
      ['a.eml', 'x'.repeat(1_000)],
      ['folder/b.txt', ''],
    ]);
    expect(texts(Buffer.concat([zipOf({ a: 'b' }), Buffer.alloc(0)]))).toEqual([['a', 'b']]);
  });

  it.skipIf(python.skip)(`of another writer are read${python.note}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      writeFileSync(join(folder, 'a.eml'), 'Subject: x');
      spawnSync('python3', ['-m', 'zipfile', '-c', 'a.zip', 'a.eml'], { cwd: folder });
      expect(texts(readFileSync(join(folder, 'a.zip')))).toEqual([['a.eml', 'Subject: x']]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are bounded by what they unpack to', () => {
    const bomb = zipOf({ a: Buffer.alloc(1_000_000), b: Buffer.alloc(1_000_000) });
    expect(bomb.length).toBeLessThan(4_000);
    expect(() => readZip(bomb, { ...limits, maxBytes: 1_500_000 })).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT' }),
    );
    expect(() => readZip(zipOf({ a: 'xx' }, 0), { ...limits, maxBytes: 1 })).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT' }),
    );
    expect(() => readZip(bomb, { ...limits, maxNodes: 1 })).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT' }),
    );
  });

  it('are read, or refused with a FormatsError, whatever is in them', () => {
    const archive = zipOf({ 'a.eml': 'x'.repeat(100), b: 'y' });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(archive.length),
        (changes, length) => {
          const bytes = Buffer.from(archive);
          for (const [at, octet] of changes) bytes[at] = octet;
          try {
            readZip(bytes, limits);
            readZip(bytes.subarray(0, length), limits);
          } catch (error) {
            expect(error).toBeInstanceOf(FormatsError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
