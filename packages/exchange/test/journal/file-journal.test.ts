import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileJournal, type ExchangeJournal, type FileJournalConfig } from '../../src/index.ts';
import { inboxEntry, outboxEntry } from './journal-entries.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowpact-file-journal-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const receipt = { transport: 'smtp', atMs: 5, response: '250 OK' };

describe('a journal in a file', () => {
  let directory: string;
  let path: string;
  /** Runs that a test leaves as a crash would. */
  const opened: ExchangeJournal[] = [];

  afterEach(async () => {
    for (const journal of opened.splice(0)) await journal.close();
  });

  beforeEach(() => {
    directory = join(mkdtempSync(join(scratch, 'x')), 'made', 'here');
    path = join(directory, 'exchange.ndjson');
  });

  async function open(config: Partial<FileJournalConfig> = {}): Promise<ExchangeJournal> {
    const journal = createFileJournal({ directory, ...config });
    opened.push(journal);
    await journal.open();
    return journal;
  }

  /** What a second run finds; the first one did not close. */
  async function reopened(): Promise<object> {
    const journal = await open();
    const state = {
      pending: await journal.pending(),
      unhandled: await journal.unhandled(),
      highestId: await journal.highestId('isp-a.example'),
    };
    await journal.close();
    return state;
  }

  it('is read back by the next run', async () => {
    const journal = await open();
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await journal.append(outboxEntry(1, bytes));
    await journal.append(outboxEntry(9));
    await journal.markSent(outboxEntry(9).reference, receipt);
    await journal.remember(inboxEntry(1, bytes));
    await journal.remember(inboxEntry(2));
    await journal.markHandled(inboxEntry(2).reference, outboxEntry(3));
    expect(await reopened()).toEqual({
      pending: [outboxEntry(1, bytes), outboxEntry(3)],
      unhandled: [inboxEntry(1, bytes)],
      highestId: 9n,
    });
  });

  it('remembers across runs what it has seen', async () => {
    const first = await open();
    await first.append(outboxEntry(1));
    await first.markSent(outboxEntry(1).reference, receipt);
    await first.remember(inboxEntry(1));
    await first.markHandled(inboxEntry(1).reference);
    await first.close();
    const second = await open();
    expect(await second.remember(inboxEntry(1))).toBe('repeat');
    await expect(second.append(outboxEntry(1))).rejects.toMatchObject({ code: 'EXCHANGE_ID_REUSED' });
    await second.close();
  });

  it('is readable by its owner alone', async () => {
    await (await open()).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('loses, wherever a crash tears the last line, that line and nothing else', async () => {
    const journal = await open();
    await journal.append(outboxEntry(1));
    const good = statSync(path).size;
    await journal.append(outboxEntry(2));
    await journal.close();
    const whole = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: good, max: whole.length - 1 }), fc.boolean(), async (end, zeros) => {
        // Some file systems leave zeros where data should have been.
        writeFileSync(path, whole.subarray(0, end));
        if (zeros) appendFileSync(path, Buffer.alloc(whole.length - end));
        expect(await reopened()).toEqual({ pending: [outboxEntry(1)], unhandled: [], highestId: 1n });
        expect(statSync(path).size).toBe(good);
      }),
      { numRuns: 40 },
    );
  });

  it('goes on writing where it cut a torn line off', async () => {
    const first = await open();
    await first.append(outboxEntry(1));
    await first.close();
    appendFileSync(path, '{"kind":"append","entry":{"refer');
    const second = await open();
    await second.append(outboxEntry(2));
    await second.close();
    expect(await reopened()).toMatchObject({ pending: [outboxEntry(1), outboxEntry(2)] });
  });

  it('cuts off a last line that is whole and says nothing', async () => {
    const first = await open();
    await first.append(outboxEntry(1));
    await first.close();
    appendFileSync(path, `${'\0'.repeat(50)}\n`);
    expect(await reopened()).toMatchObject({ pending: [outboxEntry(1)] });
  });

  it('refuses damage before the last line, with its place', async () => {
    const first = await open();
    await first.append(outboxEntry(1));
    await first.append(outboxEntry(2));
    await first.append(outboxEntry(3));
    await first.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[1] = lines[1]!.replace('"append"', '"apend"');
    writeFileSync(path, lines.join('\n'));
    await expect(open()).rejects.toMatchObject({
      code: 'EXCHANGE_JOURNAL_FAILED',
      permanent: true,
      message: expect.stringContaining('exchange.ndjson:2 is damaged'),
    });
    // Nothing was changed and nothing is locked: the same again.
    expect(readFileSync(path, 'utf8')).toBe(lines.join('\n'));
    await expect(open()).rejects.toThrow(/:2 is damaged/);
  });

  it('reads lines of any length across the chunks that it reads', async () => {
    const journal = await open();
    const large = outboxEntry(1, new Uint8Array(700_000).fill(7));
    await journal.append(large);
    await journal.append(outboxEntry(2));
    await journal.close();
    const again = await open();
    const [first, second] = await again.pending();
    expect(Buffer.compare(first!.bytes, large.bytes)).toBe(0);
    expect(second).toEqual(outboxEntry(2));
  });

  it('rewrites itself without what is done with', async () => {
    const journal = await open({ rewriteAboveBytes: 10_000, limits: { maxSeenPerSender: 3, maxSent: 3 } });
    await journal.append(outboxEntry(1));
    await journal.remember(inboxEntry(1));
    for (let id = 2; id < 300; id++) {
      await journal.append(outboxEntry(id, new Uint8Array(500)));
      await journal.markSent(outboxEntry(id).reference, receipt);
    }
    expect(statSync(path).size).toBeLessThan(25_000);
    expect(existsSync(`${path}.next`)).toBe(false);
    await journal.close();
    expect(await reopened()).toEqual({
      pending: [outboxEntry(1)],
      unhandled: [inboxEntry(1)],
      highestId: 299n,
    });
  });

  it.each([
    ['as they were written', 1e9],
    ['when it has rewritten itself', 1],
  ])('keeps across runs what was given up and what became of it: %s', async (_how, rewriteAboveBytes) => {
    const failure = { atMs: 5, reason: 'no such user', permanent: true };
    const first = await open({ rewriteAboveBytes });
    for (const id of [1, 2, 3]) {
      await first.append(outboxEntry(id));
      await first.markFailed(outboxEntry(id).reference, failure);
    }
    await first.retry(outboxEntry(1).reference, 77);
    await first.drop(outboxEntry(2).reference);
    // Enough to have the file double, and so be rewritten.
    for (let id = 4; id < 40; id++) {
      await first.append(outboxEntry(id));
      await first.markSent(outboxEntry(id).reference, receipt);
    }
    const isRewritten = !readFileSync(path, 'utf8').includes('"kind":"retried"');
    expect(isRewritten).toBe(rewriteAboveBytes === 1);
    await first.close();
    const second = await open();
    expect(await second.deadLetters()).toEqual([{ entry: outboxEntry(3), failure }]);
    expect(await second.findSent(outboxEntry(39).reference)).toEqual(outboxEntry(39));
    expect(await second.pending()).toEqual([{ ...outboxEntry(1), atMs: 77 }]);
    await second.close();
  });

  it('keeps a second process out, and takes over from one that is gone', async () => {
    const journal = await open();
    await journal.close();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
    // Process 1 lives as long as the system does.
    writeFileSync(join(directory, 'lock'), '1\n');
    await expect(open()).rejects.toThrow(/in use by process 1/);
    // No process has a number as high as this.
    writeFileSync(join(directory, 'lock'), '4194999\n');
    await (await open()).close();
    writeFileSync(join(directory, 'lock'), 'torn');
    await (await open()).close();
  });

  it('takes nothing before it is open and after it is closed', async () => {
    const journal = createFileJournal({ directory });
    await expect(journal.append(outboxEntry(1))).rejects.toMatchObject({ code: 'EXCHANGE_JOURNAL_FAILED' });
    await journal.open();
    await journal.close();
    await expect(journal.append(outboxEntry(1))).rejects.toMatchObject({ code: 'EXCHANGE_JOURNAL_FAILED' });
  });

  describe('on a disk that fails', () => {
    /** Files whose `fail` fails the `failIn`th time from now, a write after its half. */
    function failing(fail: 'write' | 'datasync'): { open: typeof openFile; failIn: number } {
      const disk = {
        failIn: 0,
        async open(...args: Parameters<typeof openFile>) {
          const file = await openFile(...args);
          const whole = file[fail].bind(file) as (...inner: unknown[]) => Promise<unknown>;
          return Object.assign(file, {
            async [fail](...inner: unknown[]) {
              if (disk.failIn === 0 || --disk.failIn > 0) return whole(...inner);
              if (fail === 'write')
                await whole(inner[0], inner[1], Math.floor(Number(inner[2]) / 2), inner[3]);
              throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
            },
          });
        },
      };
      return disk as { open: typeof openFile; failIn: number };
    }

    it('takes back what it could not write whole, and goes on', async () => {
      const disk = failing('write');
      const journal = createFileJournal({ directory }, { open: disk.open });
      opened.push(journal);
      await journal.open();
      await journal.append(outboxEntry(1));
      disk.failIn = 1;
      await expect(journal.append(outboxEntry(2))).rejects.toMatchObject({
        code: 'EXCHANGE_JOURNAL_FAILED',
        permanent: false,
        message: expect.stringContaining('no space left'),
      });
      await journal.append(outboxEntry(3));
      expect(await journal.pending()).toEqual([outboxEntry(1), outboxEntry(3)]);
      expect(await reopened()).toMatchObject({ pending: [outboxEntry(1), outboxEntry(3)] });
    });

    it('takes nothing more after a flush that failed, until it is opened again', async () => {
      const disk = failing('datasync');
      const journal = createFileJournal({ directory }, { open: disk.open });
      opened.push(journal);
      await journal.open();
      disk.failIn = 1;
      await expect(journal.remember(inboxEntry(1))).rejects.toMatchObject({
        code: 'EXCHANGE_JOURNAL_FAILED',
      });
      await expect(journal.remember(inboxEntry(2))).rejects.toThrow(/failed before/);
      await journal.close();
      await journal.open();
      expect(await journal.remember(inboxEntry(2))).toBe('new');
    });

    it('keeps the old file where a new one cannot be written', async () => {
      const disk = failing('datasync');
      const journal = createFileJournal({ directory, rewriteAboveBytes: 100 }, { open: disk.open });
      opened.push(journal);
      await journal.open();
      await journal.append(outboxEntry(2));
      // The first flush is that of the record, the second that of the new file.
      disk.failIn = 2;
      await journal.append(outboxEntry(1, new Uint8Array(200)));
      await journal.append(outboxEntry(3));
      expect(disk.failIn).toBe(0);
      await journal.close();
      expect(await reopened()).toMatchObject({
        pending: [outboxEntry(2), { reference: { id: '1' } }, outboxEntry(3)],
      });
    });
  });
});
