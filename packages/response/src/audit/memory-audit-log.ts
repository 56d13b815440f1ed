import type { Clock } from '../clock.ts';
import { ResponseError } from '../response-error.ts';
import { type AuditEntry, type AuditHead, emptyHead } from './audit-entry.ts';
import { auditLine, readAuditLine } from './audit-line.ts';
import type { AuditLog } from './audit-log.ts';

/** A log for tests, which outlives whoever writes it. */
export interface MemoryAuditLog extends AuditLog {
  /** All entries that are safe. */
  readonly lines: readonly string[];
  /** As a crash does: what is not safe yet is gone, and whoever wrote it can write no more. */
  crash(): void;
  /** Nothing can be written any more. */
  fail(): void;
}

/** @throws ResponseError `RESPONSE_LOG_FAILED` by `open` where its chain does not hold. */
export function createMemoryAuditLog({ clock }: { readonly clock: Clock }): MemoryAuditLog {
  const lines: string[] = [];
  let head: AuditHead = emptyHead;
  let isOpen = false;
  let isBroken = false;
  let run = 0;

  return {
    lines,
    async open() {
      const entries: AuditEntry[] = [];
      for (const line of lines) {
        const entry = readAuditLine(Buffer.from(line), entries.at(-1) ?? emptyHead);
        if (typeof entry === 'string') throw new ResponseError('RESPONSE_LOG_FAILED', `a line is ${entry}`);
        entries.push(entry);
      }
      head = entries.at(-1) ?? emptyHead;
      isOpen = true;
      return { entries, cutBytes: 0 };
    },
    append(who, bodies) {
      if (!isOpen || isBroken) throw new ResponseError('RESPONSE_LOG_FAILED', 'the log is not open');
      const made = bodies.map((body) => {
        const each = auditLine(head, clock.now(), who, body);
        head = each.entry;
        return each;
      });
      const ofRun = run;
      const written = Promise.resolve().then(() => {
        if (ofRun !== run || isBroken) throw new ResponseError('RESPONSE_LOG_FAILED', 'the log is gone');
        lines.push(...made.map(({ line }) => line));
      });
      written.catch(() => undefined);
      return { entries: made.map(({ entry }) => entry), written };
    },
    async close() {
      isOpen = false;
    },
    crash() {
      run++;
      isOpen = false;
    },
    fail() {
      isBroken = true;
    },
    get head() {
      return { number: head.number, hash: head.hash };
    },
  };
}
