import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listInputs } from '../../src/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipfix-inputs-'));
  await mkdir(join(folder, 'b', 'c'), { recursive: true });
  for (const name of ['z.ipfix', 'a.ipfix', 'b/2', 'b/1', 'b/c/3', '.hidden', 'now.ipfix.part']) {
    await writeFile(join(folder, name), '');
  }
  await symlink(folder, join(folder, 'loop'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('listInputs', () => {
  it('gives the files of a folder in the order of their names', async () => {
    const expected = ['a.ipfix', 'b/1', 'b/2', 'b/c/3', 'z.ipfix'].map((name) => join(folder, name));
    expect(await listInputs([folder])).toEqual(expected);
  });

  it('leaves files, standard input and their order as they are given', async () => {
    const file = join(folder, 'now.ipfix.part');
    expect(await listInputs(['-', file, join(folder, 'b', 'c')])).toEqual(['-', file, join(folder, 'b/c/3')]);
  });

  it('refuses what is not there and what is too much', async () => {
    await expect(listInputs([join(folder, 'missing')])).rejects.toMatchObject({ code: 'IPFIX_IO' });
    await expect(listInputs([folder], { maxFiles: 4 })).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
    await expect(listInputs([folder], { maxDepth: 2 })).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
    expect((await listInputs([folder], { maxFiles: 5, maxDepth: 3 })).length).toBe(5);
  });
});
