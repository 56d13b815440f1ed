import { isIP } from 'node:net';
import { addressToOctets, octetsToAddress } from '@flowpact/event';

/** The address in canonical text (RFC 5952), spaces around it passed over; undefined for anything else. */
export function asAddress(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 60) return undefined;
  const text = value.trim();
  return isIP(text) === 0 || text.includes('%') ? undefined : octetsToAddress(addressToOctets(text));
}

/** A whole number from 0 to `max` in decimal text; undefined for anything else. */
export function asUnsigned(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^\s*[0-9]{1,15}\s*$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** The string with U+FFFD for half surrogate pairs, which JSON can spell and the model does not have. */
export function asText(value: string): string {
  return value.replace(/\p{Surrogate}/gu, '\ufffd');
}
