import { createHash } from 'node:crypto';
import type { MessageRef } from '@flowpact/event';
import type { SendReceipt } from '../transport/transport.ts';
import type { InboxEntry, OutboxEntry, SendFailure } from './exchange-journal.ts';

/**
 * One step in the life of an outbox or an inbox. The last five are what a rewritten journal keeps of entries that were
 * sent, given up or are done with.
 */
export type JournalRecord =
  | { readonly kind: 'append'; readonly entry: OutboxEntry }
  | { readonly kind: 'sent'; readonly reference: MessageRef; readonly receipt: SendReceipt }
  | { readonly kind: 'failed'; readonly reference: MessageRef; readonly failure: SendFailure }
  | { readonly kind: 'retried'; readonly reference: MessageRef; readonly atMs: number }
  | { readonly kind: 'dropped'; readonly reference: MessageRef }
  | { readonly kind: 'remember'; readonly entry: InboxEntry }
  | { readonly kind: 'handled'; readonly reference: MessageRef; readonly answer?: OutboxEntry }
  | { readonly kind: 'wasSent'; readonly entry: OutboxEntry }
  | { readonly kind: 'dead'; readonly entry: OutboxEntry; readonly failure: SendFailure }
  | { readonly kind: 'seenOutgoing'; readonly reference: MessageRef; readonly digest: string }
  | { readonly kind: 'seenIncoming'; readonly reference: MessageRef; readonly digest: string }
  | { readonly kind: 'highestId'; readonly reference: MessageRef };

/** Tells messages under one reference apart: the first 128 bits of SHA-256, hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** One line of JSON without its line end; bytes as base64. */
export function stringifyRecord(record: JournalRecord): string {
  switch (record.kind) {
    case 'append':
    case 'dead':
    case 'remember':
    case 'wasSent':
      return JSON.stringify({ ...record, entry: writeEntry(record.entry) });
    case 'handled':
      return JSON.stringify({ ...record, answer: record.answer && writeEntry(record.answer) });
    default:
      return JSON.stringify(record);
  }
}

function writeEntry(entry: OutboxEntry | InboxEntry): object {
  const { buffer, byteOffset, byteLength } = entry.bytes;
  return { ...entry, bytes: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
}

/** Undefined for a line that `stringifyRecord` did not write. */
export function parseRecord(line: string): JournalRecord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  switch (json.kind) {
    case 'append':
    case 'remember':
    case 'wasSent': {
      const entry = readEntry(json.entry);
      return entry && { kind: json.kind, entry };
    }
    case 'handled': {
      if (!isReference(json.reference)) return undefined;
      if (json.answer === undefined) return { kind: 'handled', reference: json.reference };
      const answer = readEntry(json.answer);
      return answer && { kind: 'handled', reference: json.reference, answer };
    }
    case 'sent': {
      const { reference, receipt } = json;
      if (!isReference(reference) || !isObject(receipt) || typeof receipt.transport !== 'string')
        return undefined;
      if (typeof receipt.atMs !== 'number') return undefined;
      return { kind: 'sent', reference, receipt: receipt as unknown as SendReceipt };
    }
    case 'failed': {
      const { reference, failure } = json;
      return isReference(reference) && isFailure(failure)
        ? { kind: 'failed', reference, failure }
        : undefined;
    }
    case 'retried': {
      const { reference, atMs } = json;
      return isReference(reference) && typeof atMs === 'number'
        ? { kind: 'retried', reference, atMs }
        : undefined;
    }
    case 'dropped':
      return isReference(json.reference) ? { kind: 'dropped', reference: json.reference } : undefined;
    case 'dead': {
      const entry = readEntry(json.entry);
      const { failure } = json;
      return entry !== undefined && isFailure(failure) ? { kind: 'dead', entry, failure } : undefined;
    }
    case 'seenOutgoing':
    case 'seenIncoming': {
      const { reference, digest } = json;
      if (!isReference(reference) || typeof digest !== 'string') return undefined;
      return { kind: json.kind, reference, digest };
    }
    case 'highestId':
      return isReference(json.reference) ? { kind: 'highestId', reference: json.reference } : undefined;
    default:
      return undefined;
  }
}

function readEntry(json: unknown): OutboxEntry | undefined {
  if (!isObject(json) || !isReference(json.reference)) return undefined;
  const { reference, partner, language, bytes, atMs } = json;
  if (typeof partner !== 'string' || typeof language !== 'string') return undefined;
  if (typeof bytes !== 'string' || typeof atMs !== 'number') return undefined;
  return { reference, partner, language, bytes: new Uint8Array(Buffer.from(bytes, 'base64')), atMs };
}

function isFailure(json: unknown): json is SendFailure {
  if (!isObject(json)) return false;
  const { atMs, reason, permanent } = json;
  return typeof atMs === 'number' && typeof reason === 'string' && typeof permanent === 'boolean';
}

function isReference(json: unknown): json is MessageRef {
  return (
    isObject(json) &&
    typeof json.sender === 'string' &&
    typeof json.id === 'string' &&
    /^-?[0-9]+$/.test(json.id)
  );
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null;
}
