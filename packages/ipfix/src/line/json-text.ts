import { createOctetsCache } from '../record/octets-cache.ts';
import { stringText } from '../record/string-text.ts';

const jsonStrings = createOctetsCache(8192, 64, (bytes, start, end) =>
  JSON.stringify(stringText(bytes, start, end)),
);

/** The field's text as a JSON string. */
export const jsonString = (bytes: Uint8Array, start: number, end: number) =>
  jsonStrings.get(bytes, start, end);

/** 64-bit integers that a JSON reader would round are strings of their decimal digits. */
export const jsonInteger = (value: number | bigint) => (typeof value === 'bigint' ? `"${value}"` : value);

/** JSON has no words for infinities and NaN. */
export const jsonFloat = (value: number) => (Number.isFinite(value) ? value : null);

/** Furthest time from 1970 that a Date can hold, milliseconds. */
const furthestMs = 8.64e15;

let lastSecond = Number.NaN;
let lastPrefix = '';

/**
 * ISO 8601 in UTC with milliseconds as a JSON string, null outside the range of `Date`. Flows close in time
 * share their second, whose text is kept.
 */
export function jsonTime(ms: number): string | null {
  if (!(ms >= -furthestMs && ms <= furthestMs)) return null;
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastPrefix = `"${new Date(second * 1000).toISOString().slice(0, -4)}`;
  }
  const rest = Math.floor(ms) - second * 1000;
  return `${lastPrefix}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z"`;
}
