import { createHash } from 'node:crypto';
import { largestInteger, smallestInteger } from '@flowpact/event';

/**
 * A message's number from an identifier of another format: itself where it is one, else the first 52 bits of the
 * SHA-256 of its text, so that repeats of a document are known as such.
 */
export function messageIdOf(text: string): { readonly id: string; readonly isMade: boolean } {
  const trimmed = text.trim();
  if (isMessageId(trimmed)) return { id: trimmed, isMade: false };
  const digest = createHash('sha256').update(text).digest('hex');
  return { id: String(Number.parseInt(digest.slice(0, 13), 16)), isMade: true };
}

function isMessageId(text: string): boolean {
  if (!/^(0|-?[1-9][0-9]{0,153})$/.test(text)) return false;
  const value = BigInt(text);
  return value >= smallestInteger && value <= largestInteger;
}
