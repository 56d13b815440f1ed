import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ResponseError } from '../response-error.ts';
import { type AuditBody, type AuditEntry, type AuditHead, emptyHead } from './audit-entry.ts';
import { type AuditFile, auditFileName, auditFiles } from './audit-files.ts';
import { auditLine, readAuditLine } from './audit-line.ts';
import { auditLines } from './audit-lines.ts';
import { lockAuditDirectory } from './audit-lock.ts';
import type { AuditLog } from './audit-log.ts';

export interface FileAuditLogConfig {
  /** Made where it is missing, readable by its owner alone. One process at a time. */
  readonly directory: string;
  /** Bytes above which another file is begun. None is ever removed: that is the operator's to do. Default 16 MiB. */
  readonly maxFileBytes?: number;
}

export interface FileAuditLogDeps {
  readonly clock: Clock;
  /** Left out: that of `node:fs/promises`. */
  readonly open?: typeof open;
}

/** Lines that go to a file together. */
interface Batch {
  readonly fileNumber: number;
  readonly lines: string[];
  readonly written: Promise<void>;
  readonly settle: (error?: ResponseError) => void;
}

/**
 * A log in files `audit-000001.ndjson`, …, one entry a line. Lines that come while others are flushed to the disk (fsync)
 * are written and flushed together. Whatever a crash tears is at the end of the last file and has no line feed: `open`
 * cuts it off. Any other line that does not read, or does not follow the one before it, is refused with its place.
 */
export function createFileAuditLog(config: FileAuditLogConfig, deps: FileAuditLogDeps): AuditLog {
  const { directory, maxFileBytes = 16 * 1024 * 1024 } = config;
  const openFile = deps.open ?? open;
  let checkpoint: (() => AuditBody) | undefined;
  let unlock: (() => Promise<void>) | undefined;
  let head: AuditHead = emptyHead;
  /** Of the file that the next line belongs to. */
  let fileNumber = 0;
  let bytes = 0;
  let file: { readonly number: number; readonly handle: FileHandle; bytes: number } | undefined;
  let waiting: Batch[] = [];
  let writing: Promise<void> | undefined;
  let broken: ResponseError | undefined;

  function enqueue(who: string, body: AuditBody): AuditEntry {
    const { entry, line } = auditLine(head, deps.clock.now(), who, body);
    head = { number: entry.number, hash: entry.hash };
    bytes += Buffer.byteLength(line) + 1;
    let batch = waiting.at(-1);
    if (batch?.fileNumber !== fileNumber) {
      batch = newBatch(fileNumber);
      waiting.push(batch);
    }
    batch.lines.push(line);
    return entry;
  }

  /** Each file begins with all that is open. */
  function beginFile(): void {
    if (checkpoint === undefined) return;
    fileNumber++;
    bytes = 0;
    enqueue('flowpact', checkpoint());
  }

  async function writeAll(): Promise<void> {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      try {
        await write(batch);
        batch.settle();
      } catch (cause) {
        // What is on the disk now, nobody knows; flushing again would not tell.
        broken = failure(`cannot write to ${join(directory, auditFileName(batch.fileNumber))}`, cause);
        for (const each of [batch, ...waiting]) each.settle(broken);
        waiting = [];
      }
    }
    writing = undefined;
  }

  async function write(batch: Batch): Promise<void> {
    if (file?.number !== batch.fileNumber) {
      await file?.handle.close();
      file = undefined;
      const handle = await openFile(join(directory, auditFileName(batch.fileNumber)), 'wx', 0o600);
      file = { number: batch.fileNumber, handle, bytes: 0 };
    }
    const octets = Buffer.from(`${batch.lines.join('\n')}\n`);
    try {
      for (let offset = 0; offset < octets.length; ) {
        const at = file.bytes + offset;
        const { bytesWritten } = await file.handle.write(octets, offset, octets.length - offset, at);
        offset += bytesWritten;
      }
    } catch (cause) {
      // Most likely the disk is full: whole lines of this would be believed at the next start, and nobody acted on them.
      await file.handle.truncate(file.bytes).catch(() => undefined);
      throw cause;
    }
    await file.handle.datasync();
    if (file.bytes === 0) await flushDirectory(directory);
    file.bytes += octets.length;
  }

  /** The entries of the last file, each following the one before it. */
  async function readBack(last: AuditFile): Promise<{ entries: AuditEntry[]; good: number; torn: number }> {
    const handle = await openFile(last.path, 'r');
    try {
      const entries: AuditEntry[] = [];
      let good = 0;
      let line = 0;
      for await (const { octets, end, isWhole } of auditLines(handle)) {
        line++;
        if (!isWhole) return { entries, good, torn: end - good };
        const entry = readAuditLine(octets, entries.at(-1) ?? (last.number === 1 ? emptyHead : undefined));
        if (typeof entry === 'string' || (line === 1 && entry.kind !== 'checkpoint')) {
          const fault = typeof entry === 'string' ? entry : 'no checkpoint';
          throw new ResponseError(
            'RESPONSE_LOG_FAILED',
            `${last.path}:${line} is damaged (${fault}). Nothing is done with a log that does not hold: see what is in ` +
              `force, keep ${directory} for whoever has to look into it, and begin another one`,
          );
        }
        entries.push(entry);
        good = end;
      }
      return { entries, good, torn: 0 };
    } finally {
      await handle.close();
    }
  }

  return {
    async open(openCheckpoint) {
      if (checkpoint !== undefined) throw new ResponseError('RESPONSE_LOG_FAILED', `${directory} is open`);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      unlock = await lockAuditDirectory(directory);
      try {
        const files = await auditFiles(directory);
        let cutBytes = 0;
        let entries: readonly AuditEntry[] = [];
        broken = undefined;
        head = emptyHead;
        fileNumber = 0;
        bytes = maxFileBytes;
        for (let last = files.pop(); last !== undefined; last = files.pop()) {
          const read = await readBack(last);
          cutBytes += read.torn;
          const end = read.entries.at(-1);
          if (end === undefined) {
            // A crash while it was begun.
            await unlink(last.path);
            continue;
          }
          const handle = await openFile(last.path, 'r+');
          file = { number: last.number, handle, bytes: read.good };
          await handle.truncate(read.good);
          await handle.datasync();
          entries = read.entries;
          head = { number: end.number, hash: end.hash };
          fileNumber = last.number;
          bytes = read.good;
          break;
        }
        await flushDirectory(directory);
        checkpoint = openCheckpoint;
        return { entries, cutBytes };
      } catch (cause) {
        await file?.handle.close();
        file = undefined;
        await unlock();
        throw cause instanceof ResponseError ? cause : failure(`cannot open ${directory}`, cause);
      }
    },

    append(who, bodies) {
      if (checkpoint === undefined) throw failure(`${directory} is not open`);
      if (broken !== undefined) throw failure('the audit log failed before; start again', broken);
      if (bytes >= maxFileBytes) beginFile();
      const entries = bodies.map((body) => enqueue(who, body));
      const written = waiting.at(-1)?.written ?? Promise.resolve();
      // Who appends further in the same breath shares the flush.
      writing ??= Promise.resolve().then(writeAll);
      return { entries, written };
    },

    async close() {
      await writing;
      await file?.handle.close();
      file = undefined;
      checkpoint = undefined;
      await unlock?.();
      unlock = undefined;
    },

    get head() {
      return head;
    },
  };
}

function newBatch(fileNumber: number): Batch {
  let settle: Batch['settle'] = () => undefined;
  const written = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  // Each that appended hears of it; a batch that nobody waits for must not end the process.
  written.catch(() => undefined);
  return { fileNumber, lines: [], written, settle };
}

/** Makes a new name in a directory durable. */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

function failure(message: string, cause?: unknown): ResponseError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new ResponseError('RESPONSE_LOG_FAILED', message + reason, { cause });
}
