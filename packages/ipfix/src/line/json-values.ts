import { stringText, withoutPadding } from '../record/string-text.ts';
import type { LineBuffer } from './line-buffer.ts';
import { createSecondPrefixes } from './second-prefixes.ts';

/** Furthest time from 1970 that a Date can hold, milliseconds. */
const furthestMs = 8.64e15;

/** `"2018-04-12T15:22:40.` of a second since 1970. */
const secondPrefix = createSecondPrefixes(
  (second) => `"${new Date(second * 1000).toISOString().slice(0, -4)}`,
);

/** ISO 8601 in UTC with milliseconds as a JSON string, null outside the range of `Date`. */
export function writeJsonTime(line: LineBuffer, ms: number): void {
  if (!(ms >= -furthestMs && ms <= furthestMs)) {
    line.ascii('null');
    return;
  }
  const second = Math.floor(ms / 1000);
  line.constant(secondPrefix(second));
  line.digits(Math.floor(ms) - second * 1000, 3);
  line.ascii('Z"');
}

/** The field's text as a JSON string, without the NULs that pad it. */
export function writeJsonString(line: LineBuffer, bytes: Uint8Array, start: number, end: number): void {
  const last = withoutPadding(bytes, start, end);
  if (!line.plainJsonString(bytes, start, last)) line.text(JSON.stringify(stringText(bytes, start, last)));
}

/** A number; null for infinities and NaN, for which JSON has no words. */
export function writeJsonFloat(line: LineBuffer, value: number): void {
  if (Number.isSafeInteger(value)) line.integer(value);
  else line.ascii(Number.isFinite(value) ? String(value) : 'null');
}

/** A name that an exporter may have told, as a JSON string, or null. */
export function writeJsonName(line: LineBuffer, name: string | undefined): void {
  if (name === undefined) line.ascii('null');
  else line.text(JSON.stringify(name));
}
