import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVirtualClock } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';
import { slicePattern } from '../../src/output/open-line-sink.ts';
import { createRotatingLineSink } from '../../src/output/rotating-line-sink.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const root = temporaryFolder();
let folders = 0;
function newFolder(): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  return folder;
}

const startMs = Date.UTC(2026, 0, 1, 12, 3);
const minutes = 60_000;
const contents = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

describe('a rotating sink', () => {
  it('begins a file with each period, and gives it its name when it is complete', async () => {
    const folder = newFolder();
    const clock = createVirtualClock(startMs);
    const pattern = join(folder, 'flows-%H%M.ndjson');
    const sink = createRotatingLineSink({ pattern, periodMs: 5 * minutes }, { clock });
    sink.write('a');
    await sink.ready();
    expect(readdirSync(folder)).toEqual(['flows-1200.ndjson.part']);
    await clock.advance(3 * minutes);
    sink.write('b');
    sink.write('c');
    await clock.advance(20 * minutes);
    sink.write('d');
    await sink.close();
    expect(contents(folder)).toEqual({
      'flows-1200.ndjson': 'a\n',
      'flows-1205.ndjson': 'b\nc\n',
      'flows-1225.ndjson': 'd\n',
    });
    expect(clock.sleepers).toBe(0);
  });

  it('ends a file with its period though nothing more comes', async () => {
    const folder = newFolder();
    const clock = createVirtualClock(startMs);
    const pattern = join(folder, '%H%M');
    const sink = createRotatingLineSink({ pattern, periodMs: 5 * minutes }, { clock });
    sink.write('a');
    await clock.advance(2 * minutes);
    await sink.close();
    expect(contents(folder)).toEqual({ '1200': 'a\n' });
  });

  it('begins at its own start where it is not aligned', async () => {
    const folder = newFolder();
    const clock = createVirtualClock(startMs);
    const pattern = join(folder, '%H%M');
    const sink = createRotatingLineSink({ pattern, periodMs: 5 * minutes, aligned: false }, { clock });
    sink.write('a');
    await clock.advance(6 * minutes);
    sink.write('b');
    await sink.close();
    expect(contents(folder)).toEqual({ '1203': 'a\n', '1208': 'b\n' });
  });

  it('begins a file when the last is full, puts a heading in each, and numbers those of one name', async () => {
    const folder = newFolder();
    const clock = createVirtualClock(startMs);
    const pattern = join(folder, 'x-%H.csv');
    const sink = createRotatingLineSink({ pattern, maxBytes: 6, heading: 'h' }, { clock });
    for (const line of ['aa', 'bb', 'cc']) sink.write(line);
    await sink.close();
    expect(contents(folder)).toEqual({ 'x-12.csv': 'h\naa\nbb\n', 'x-12.1.csv': 'h\ncc\n' });
  });

  it('touches no file that is there already', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'x'), 'old');
    writeFileSync(join(folder, 'x.1.part'), 'of another');
    const clock = createVirtualClock(startMs);
    const sink = createRotatingLineSink({ pattern: join(folder, 'x') }, { clock });
    sink.write('new');
    await sink.close();
    expect(contents(folder)).toEqual({ x: 'old', 'x.1.part': 'of another', 'x.2': 'new\n' });
  });

  it('keeps the newest files of its pattern, and nothing else is removed', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'flows-notes.txt'), '');
    writeFileSync(join(folder, 'flows-0000.ndjson.part'), '');
    writeFileSync(join(folder, 'flows-0001.ndjson'), 'of an earlier run');
    const clock = createVirtualClock(startMs);
    const pattern = join(folder, 'flows-%H%M.ndjson');
    const sink = createRotatingLineSink({ pattern, maxBytes: 1, keep: 2 }, { clock });
    for (const line of ['a', 'b', 'c']) {
      sink.write(line);
      await clock.advance(minutes);
    }
    await sink.close();
    expect(Object.keys(contents(folder)).sort()).toEqual([
      'flows-0000.ndjson.part',
      'flows-1204.ndjson',
      'flows-1205.ndjson',
      'flows-notes.txt',
    ]);
    const inFolders = { pattern: join(folder, '%Y', 'x'), keep: 1 };
    expect(() => createRotatingLineSink(inFolders, { clock })).toThrow(/--keep needs slices in one folder/);
  });

  it('makes folders by the time', async () => {
    const folder = newFolder();
    const clock = createVirtualClock(startMs);
    const sink = createRotatingLineSink(
      { pattern: join(folder, '%Y/%m/%d/x'), periodMs: minutes },
      { clock },
    );
    sink.write('a');
    await sink.close();
    expect(readFileSync(join(folder, '2026/01/01/x'), 'utf8')).toBe('a\n');
  });

  it('closes itself and says why where it cannot write', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    const clock = createVirtualClock(startMs);
    const sink = createRotatingLineSink({ pattern: join(folder, 'file', 'x') }, { clock });
    expect(sink.open).toBe(true);
    sink.write('a');
    expect(sink.open).toBe(false);
    await expect(sink.close()).rejects.toMatchObject({
      code: 'FLOWPACT_FILE',
      message: expect.stringContaining('file'),
    });
  });

  it('refuses a name that means nothing', () => {
    const clock = createVirtualClock(startMs);
    expect(() => createRotatingLineSink({ pattern: 'x-%q' }, { clock })).toThrow(/%q/);
  });
});

describe('slicePattern', () => {
  it.each([
    ['flows.ndjson', 'flows-%Y%m%d-%H%M%S.ndjson'],
    ['out/flows', 'out/flows-%Y%m%d-%H%M%S'],
    ['out.d/flows', 'out.d/flows-%Y%m%d-%H%M%S'],
    ['/a/.hidden', '/a/.hidden-%Y%m%d-%H%M%S'],
    ['a-%s.csv', 'a-%s.csv'],
  ])('%s is %s', (path, pattern) => {
    expect(slicePattern(path)).toBe(pattern);
  });
});
