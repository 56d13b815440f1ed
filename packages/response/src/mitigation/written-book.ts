import { type AuditBody, emptyHead } from '../audit/audit-entry.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { MitigationBook } from './mitigation-book.ts';

export interface WrittenBookDeps {
  readonly log: AuditLog;
  readonly book: MitigationBook;
  readonly clock: Clock;
  /** Work that is under way. */
  readonly track: (work: Promise<unknown>) => void;
  /** These mitigations have changed, and that is on the disk. */
  readonly onWritten: (ids: Iterable<string>) => void;
  readonly onRemark: (text: string) => void;
}

/** The way into the book: through the log. */
export interface WrittenBook {
  /**
   * In the book at once, so that whoever decides next knows of it; resolves when it is on the disk.
   * @throws ResponseError `RESPONSE_LOG_FAILED`.
   */
  commit(who: string, bodies: readonly AuditBody[]): Promise<void>;
  /** For what is taken back: a log that cannot be written must not keep a rule in force. Never rejects. */
  commitIfPossible(who: string, bodies: readonly AuditBody[]): Promise<void>;
}

export function createWrittenBook({ log, book, clock, track, ...deps }: WrittenBookDeps): WrittenBook {
  function append(who: string, bodies: readonly AuditBody[]): Promise<void> {
    const { entries, written } = log.append(who, bodies);
    for (const entry of entries) book.fold(entry);
    track(written);
    return written;
  }

  function appendIfPossible(who: string, bodies: readonly AuditBody[]): Promise<void> {
    try {
      return append(who, bodies);
    } catch (error) {
      const place = { number: 0, atMs: clock.now(), who, previous: emptyHead.hash, hash: emptyHead.hash };
      for (const body of bodies) book.fold({ ...body, ...place });
      return Promise.reject(error);
    }
  }

  return {
    async commit(who, bodies) {
      if (bodies.length === 0) return;
      await append(who, bodies);
      deps.onWritten(mitigationsOf(bodies));
    },
    async commitIfPossible(who, bodies) {
      if (bodies.length === 0) return;
      try {
        await appendIfPossible(who, bodies);
      } catch (error) {
        deps.onRemark(`taken back without an entry in the audit log: ${(error as Error).message}`);
      }
      deps.onWritten(mitigationsOf(bodies));
    },
  };
}

function mitigationsOf(bodies: readonly AuditBody[]): Set<string> {
  return new Set(
    bodies.flatMap((body) => {
      switch (body.kind) {
        case 'proposed':
          return body.mitigation.id;
        case 'turn':
        case 'approval':
        case 'extended':
          return body.mitigation;
        default:
          return [];
      }
    }),
  );
}
