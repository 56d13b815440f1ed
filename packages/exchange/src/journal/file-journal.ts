import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { ExchangeError } from '../exchange-error.ts';
import { lockDirectory } from './directory-lock.ts';
import type { ExchangeJournal } from './exchange-journal.ts';
import { defaultJournalLimits, type JournalLimits } from './journal-limits.ts';
import { type JournalRecord, parseRecord, stringifyRecord } from './journal-record.ts';
import { JournalState } from './journal-state.ts';
import { readLines } from './line-reader.ts';

export interface FileJournalConfig {
  /** Made where it is missing, readable by its owner alone. One process at a time. */
  readonly directory: string;
  readonly limits?: Partial<JournalLimits>;
  /**
   * Bytes of the file above which it is rewritten without what is done with, provided that it has doubled since.
   * Default 64 MiB.
   */
  readonly rewriteAboveBytes?: number;
}

export interface FileJournalDeps {
  /** Left out: that of `node:fs/promises`. */
  readonly open?: typeof open;
}

/**
 * A journal in a file, `exchange.ndjson`: one record a line, each flushed to the disk (fsync) before the method
 * resolves, read back by `open`.
 *
 * Records are written one after the other, each after the flush of the one before it. So whatever a crash tears, on
 * any file system, is the last line, which nobody was told is safe: `open` cuts it off. A line before the last that
 * does not read is damage of another kind, and refused with its number.
 */
export function createFileJournal(config: FileJournalConfig, deps: FileJournalDeps = {}): ExchangeJournal {
  const openFile = deps.open ?? open;
  const { directory } = config;
  const limits = { ...defaultJournalLimits, ...config.limits };
  const rewriteAboveBytes = config.rewriteAboveBytes ?? 64 * 1024 * 1024;
  const path = `${directory}/exchange.ndjson`;

  let state = new JournalState(limits);
  let lock: { unlock(): Promise<void> } | undefined;
  let file: FileHandle | undefined;
  let bytes = 0;
  let bytesAfterRewrite = 0;
  let broken: unknown;
  let last: Promise<unknown> = Promise.resolve();

  /** One step at a time, so that each sees what the one before it did. */
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = last.then(step);
    last = result.catch(() => undefined);
    return result;
  }

  async function write(record: JournalRecord): Promise<void> {
    if (file === undefined) throw failure('the journal is not open');
    if (broken !== undefined) throw failure('the journal failed before; start again', broken);
    const line = Buffer.from(`${stringifyRecord(record)}\n`);
    try {
      await writeFully(file, line, bytes);
    } catch (cause) {
      // Most likely the disk is full: take back the part of the line that fitted, and the next one has a chance.
      await file.truncate(bytes).catch((error: unknown) => {
        broken = error;
      });
      throw failure(`cannot write to ${path}`, cause);
    }
    try {
      await file.datasync();
    } catch (cause) {
      // After a failed flush nobody knows what is on the disk, and flushing again would not tell.
      broken = cause;
      throw failure(`cannot flush ${path}`, cause);
    }
    bytes += line.length;
    state.apply(record);
    if (bytes > rewriteAboveBytes && bytes > 2 * bytesAfterRewrite) await rewrite();
  }

  /** Replaces the file by one with the same sum; a crash leaves the one or the other. */
  async function rewrite(): Promise<void> {
    const nextPath = `${path}.next`;
    let next: FileHandle | undefined;
    let nextBytes = 0;
    try {
      next = await openFile(nextPath, 'w+', 0o600);
      for (const record of state.records()) {
        const line = Buffer.from(`${stringifyRecord(record)}\n`);
        await writeFully(next, line, nextBytes);
        nextBytes += line.length;
      }
      await next.datasync();
      await rename(nextPath, path);
    } catch {
      // The old file is whole, so go on with it, and try again when it has doubled.
      await next?.close();
      bytesAfterRewrite = bytes;
      return;
    }
    await file?.close();
    file = next;
    bytes = nextBytes;
    bytesAfterRewrite = nextBytes;
    await flushDirectory(directory).catch((error: unknown) => {
      // After a power failure the old file might be back, without what is written from now on.
      broken = error;
    });
  }

  async function readBack(handle: FileHandle): Promise<void> {
    let good = 0;
    let number = 0;
    let unreadable: number | undefined;
    for await (const line of readLines(handle)) {
      number++;
      if (unreadable !== undefined) {
        throw new ExchangeError(
          'EXCHANGE_JOURNAL_FAILED',
          `${path}:${unreadable} is damaged, and it is not the last line; repair or remove that line, knowing that ` +
            'the messages in it are lost',
          { permanent: true },
        );
      }
      const record = parseRecord(line.text);
      if (record === undefined) {
        unreadable = number;
      } else {
        state.apply(record);
        good = line.end;
      }
    }
    await handle.truncate(good);
    await handle.datasync();
    bytes = good;
  }

  return {
    open: () =>
      inTurn(async () => {
        if (file !== undefined) return;
        await mkdir(directory, { recursive: true, mode: 0o700 });
        lock = await lockDirectory(directory);
        try {
          state = new JournalState(limits);
          broken = undefined;
          bytesAfterRewrite = 0;
          // 'a+' would append whatever position is asked for; 'r+' does not create.
          file = await openFile(path, 'r+').catch((cause: NodeJS.ErrnoException) => {
            if (cause.code !== 'ENOENT') throw cause;
            return openFile(path, 'wx+', 0o600);
          });
          await readBack(file);
          await flushDirectory(directory);
        } catch (cause) {
          await file?.close();
          file = undefined;
          await lock.unlock();
          if (cause instanceof ExchangeError) throw cause;
          throw failure(`cannot open ${path}`, cause);
        }
      }),
    close: () =>
      inTurn(async () => {
        await file?.close();
        file = undefined;
        await lock?.unlock();
        lock = undefined;
      }),
    append: (entry) =>
      inTurn(async () => {
        state.checkAppend(entry);
        await write({ kind: 'append', entry });
      }),
    markSent: (reference, receipt) =>
      inTurn(async () => {
        if (state.isPending(reference)) await write({ kind: 'sent', reference, receipt });
      }),
    findSent: (reference) => inTurn(async () => state.sent(reference)),
    markFailed: (reference, failure) =>
      inTurn(async () => {
        if (state.mayFail(reference)) await write({ kind: 'failed', reference, failure });
      }),
    pending: () => inTurn(async () => state.pending()),
    deadLetters: () => inTurn(async () => state.deadLetters()),
    retry: (reference, atMs) =>
      inTurn(async () => {
        const entry = state.checkRetry(reference, atMs);
        if (entry !== undefined) await write({ kind: 'retried', reference, atMs });
        return entry;
      }),
    drop: (reference) =>
      inTurn(async () => {
        const letter = state.deadLetter(reference);
        if (letter !== undefined) await write({ kind: 'dropped', reference });
        return letter;
      }),
    highestId: (sender) => inTurn(async () => state.highestId(sender)),
    remember: (entry) =>
      inTurn(async () => {
        const verdict = state.checkRemember(entry);
        if (verdict === 'new') await write({ kind: 'remember', entry });
        return verdict;
      }),
    markHandled: (reference, answer) =>
      inTurn(async () => {
        if (!state.isUnhandled(reference)) return false;
        if (answer !== undefined) state.checkAppend(answer);
        await write({ kind: 'handled', reference, answer });
        return true;
      }),
    unhandled: () => inTurn(async () => state.unhandled()),
  };
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset, position + offset);
    offset += bytesWritten;
  }
}

/** Makes a new name in a directory durable. */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

function failure(message: string, cause?: unknown): ExchangeError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new ExchangeError('EXCHANGE_JOURNAL_FAILED', message + reason, { cause });
}
