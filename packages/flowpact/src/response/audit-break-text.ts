import type { AuditBreak } from '@flowpact/response';

const faults: Readonly<Record<AuditBreak['fault'], string>> = {
  unreadable: 'a line is no entry',
  changed: 'an entry was changed',
  outOfOrder: 'an entry does not follow the one before: one was taken out, put in or moved',
  missingFile: 'a file before it is missing',
  emptyFile: 'a file has no entry',
  noCheckpoint: 'a file does not begin as it should',
  torn: 'a line is torn in the middle of the log',
  otherHead: 'the end was cut off, or all of it made anew',
};

/** Where a log breaks, and how. */
export function breakText({ path, line, fault }: AuditBreak): string {
  return `${faults[fault]} (${path}${line === undefined ? '' : `:${line}`})`;
}
