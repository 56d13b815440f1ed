import { open } from 'node:fs/promises';
import { ResponseError } from '../response-error.ts';
import type { AuditEntry } from './audit-entry.ts';
import { type AuditFile, auditFiles } from './audit-files.ts';
import { readAuditLine } from './audit-line.ts';
import { auditLines } from './audit-lines.ts';

export interface AuditPageQuery {
  /** Entries with smaller numbers; left out: up to the last. */
  readonly before?: number;
  /** At most, from 1 on. */
  readonly limit: number;
}

/**
 * Some entries, the latest first, from a log that may be written meanwhile. Each is held against its own hash, not against
 * the entry before it, which is for `verifyAuditLog`.
 * @returns fewer than `limit` where the log has no more.
 * @throws ResponseError `RESPONSE_LOG_FAILED`: a file cannot be read, or one of these entries was changed.
 */
export async function readAuditEntries(
  directory: string,
  { before = Number.POSITIVE_INFINITY, limit }: AuditPageQuery,
): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  try {
    for (const file of (await auditFiles(directory)).reverse()) {
      const lines = await lastLines(file, before, limit - entries.length);
      for (const { octets, line } of lines.reverse()) {
        const entry = readAuditLine(octets, undefined);
        if (typeof entry === 'string') {
          throw new ResponseError('RESPONSE_LOG_FAILED', `${file.path}:${line} does not read (${entry})`);
        }
        entries.push(entry);
      }
      if (entries.length === limit) break;
    }
  } catch (cause) {
    if (cause instanceof ResponseError) throw cause;
    const why = (cause as Error).message;
    throw new ResponseError('RESPONSE_LOG_FAILED', `cannot read ${directory}: ${why}`, { cause });
  }
  return entries;
}

interface NumberedLine {
  readonly octets: Buffer;
  /** From 1. */
  readonly line: number;
}

/** The last lines of a file whose entries have smaller numbers. Those that are not wanted are not taken apart. */
async function lastLines({ path }: AuditFile, before: number, limit: number): Promise<NumberedLine[]> {
  const file = await open(path, 'r');
  const kept: NumberedLine[] = [];
  try {
    let line = 0;
    for await (const { octets, isWhole } of auditLines(file)) {
      line++;
      // What has no end yet is being written.
      if (!isWhole || numberOf(octets) >= before) break;
      kept.push({ octets, line });
      if (kept.length > limit) kept.shift();
    }
  } finally {
    await file.close();
  }
  return kept;
}

/** Entries begin with their number; of one that does not, its hash will tell. */
const numberOf = (octets: Buffer): number =>
  Number(/^\{"number":([0-9]{1,16}),/.exec(octets.subarray(0, 32).toString('latin1'))?.[1] ?? 0);
