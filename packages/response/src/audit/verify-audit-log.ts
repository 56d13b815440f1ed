import { open } from 'node:fs/promises';
import { type AuditEntry, type AuditHead, emptyHead } from './audit-entry.ts';
import { auditFiles } from './audit-files.ts';
import { type AuditFault, readAuditLine } from './audit-line.ts';
import { auditLines } from './audit-lines.ts';

/** Where a log breaks. */
export interface AuditBreak {
  readonly path: string;
  /** From 1; undefined: the file as a whole. */
  readonly line?: number;
  readonly fault:
    | AuditFault
    /** A file between two others is missing. */
    | 'missingFile'
    /** It has no whole line. */
    | 'emptyFile'
    /** It does not begin with a checkpoint. */
    | 'noCheckpoint'
    /** A torn line, and it is not the last of the log. */
    | 'torn'
    /** The entry that was kept elsewhere is not there, or is another one: the end was cut off, or all of it made anew. */
    | 'otherHead';
}

/** What a log says of itself. */
export interface AuditVerdict {
  /** Undefined: all of it holds. */
  readonly break?: AuditBreak;
  /** Entries that hold, up to the break. */
  readonly entries: number;
  /** Number of the first of them: 1, unless the first files were taken away. */
  readonly first: number;
  /** The last entry that holds. */
  readonly head: AuditHead;
  /** Bytes behind it that a crash left of an entry that nobody was told of; the next start cuts them off. */
  readonly tornBytes: number;
}

export interface VerifyOptions {
  /** A head that was kept elsewhere: without one, nobody can tell that the end of a log was cut off. */
  readonly head?: AuditHead;
  /** Gets each entry that holds, in order. */
  readonly onEntry?: (entry: AuditEntry) => void;
}

/**
 * Reads a whole log, also while it is written, and follows its chain of hashes: a line that was changed, removed, inserted
 * or moved breaks it there. Who can write all files can make all of them anew: a head that is kept elsewhere tells.
 */
export async function verifyAuditLog(
  directory: string,
  { head: anchor, onEntry }: VerifyOptions = {},
): Promise<AuditVerdict> {
  let head: AuditHead | undefined;
  let entries = 0;
  let first = 0;
  let tornBytes = 0;
  let isAnchored = anchor === undefined;
  const verdict = (found?: AuditBreak): AuditVerdict => ({
    ...(found === undefined ? {} : { break: found }),
    ...{ entries, first, head: head ?? emptyHead, tornBytes },
  });

  const files = await auditFiles(directory);
  for (const [index, { number, path }] of files.entries()) {
    const before = files[index - 1];
    const isLast = index === files.length - 1;
    if (before !== undefined && number !== before.number + 1) return verdict({ path, fault: 'missingFile' });
    const file = await open(path, 'r');
    try {
      let line = 0;
      let isBegun = false;
      for await (const { octets, isWhole } of auditLines(file)) {
        line++;
        if (!isWhole) {
          if (!isLast) return verdict({ path, line, fault: 'torn' });
          tornBytes = octets.length;
          break;
        }
        const expected = head ?? (number === 1 ? emptyHead : undefined);
        const entry = readAuditLine(octets, expected);
        if (typeof entry === 'string') return verdict({ path, line, fault: entry });
        if (isBegun !== (entry.kind !== 'checkpoint')) return verdict({ path, line, fault: 'noCheckpoint' });
        isBegun = true;
        if (entry.number === anchor?.number) {
          if (entry.hash !== anchor.hash) return verdict({ path, line, fault: 'otherHead' });
          isAnchored = true;
        }
        if (entries === 0) first = entry.number;
        entries++;
        head = { number: entry.number, hash: entry.hash };
        onEntry?.(entry);
      }
      // A crash while a file is begun leaves it without a line; the next start goes on with the one before it.
      if (!isBegun && !isLast) return verdict({ path, fault: 'emptyFile' });
    } finally {
      await file.close();
    }
  }
  if (!isAnchored && anchor !== undefined && anchor.number > 0) {
    return verdict({ path: files.at(-1)?.path ?? directory, fault: 'otherHead' });
  }
  return verdict();
}
