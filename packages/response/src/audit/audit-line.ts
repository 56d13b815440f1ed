import { createHash } from 'node:crypto';
import { EventError, type SecurityEvent, securityEventFromJson, stringifyEvent } from '@flowpact/event';
import type { AuditBody, AuditEntry, AuditHead } from './audit-entry.ts';

/** `,"hash":"<64 digits>"}` */
const hashMember = /^,"hash":"([0-9a-f]{64})"\}$/;
const hashMemberLength = 75;

/**
 * The entry that follows a head, and its line without the line feed. The hash is of the very octets of the line up to its
 * own member, closed by `}`: nobody has to agree on how to write JSON to check it.
 */
export function auditLine(
  head: AuditHead,
  atMs: number,
  who: string,
  body: AuditBody,
): { readonly entry: AuditEntry; readonly line: string } {
  const place = { number: head.number + 1, atMs, who };
  const text = stringifyEvent({ ...place, ...body, previous: head.hash } as unknown as SecurityEvent);
  const hash = sha256(text);
  return {
    entry: { ...place, ...body, previous: head.hash, hash },
    line: `${text.slice(0, -1)},"hash":"${hash}"}`,
  };
}

/** What is wrong with a line. */
export type AuditFault =
  /** It is no entry: not JSON, or members are missing. */
  | 'unreadable'
  /** Its hash is not that of its text. */
  | 'changed'
  /** It does not follow the entry before it: one was removed, inserted or moved. */
  | 'outOfOrder';

/** Reads a line that has to follow a head; undefined: whichever. */
export function readAuditLine(octets: Buffer, head: AuditHead | undefined): AuditEntry | AuditFault {
  const [, hash] = hashMember.exec(octets.subarray(-hashMemberLength).toString('latin1')) ?? [];
  if (hash === undefined) return 'unreadable';
  const text = Buffer.concat([octets.subarray(0, -hashMemberLength), Buffer.from('}')]);
  if (sha256(text) !== hash) return 'changed';
  const entry = parsed(octets.toString('utf8'));
  if (entry === undefined) return 'unreadable';
  const follows = head === undefined || (entry.number === head.number + 1 && entry.previous === head.hash);
  return follows ? entry : 'outOfOrder';
}

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

function parsed(line: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(line) as AuditEntry;
    if (!Number.isSafeInteger(entry.number) || typeof entry.kind !== 'string') return undefined;
    if (typeof entry.who !== 'string' || typeof entry.previous !== 'string') return undefined;
    if (entry.kind === 'proposed') return { ...entry, mitigation: withEvent(entry.mitigation) };
    if (entry.kind === 'checkpoint') return { ...entry, mitigations: entry.mitigations.map(withEvent) };
    return entry;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof EventError || error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}

/** Values that JSON lacks are objects in the line. */
function withEvent<T extends { readonly event: SecurityEvent }>(mitigation: T): T {
  return { ...mitigation, event: securityEventFromJson(JSON.stringify(mitigation.event)) };
}
