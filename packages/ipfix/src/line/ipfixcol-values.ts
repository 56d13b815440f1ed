import { withoutPadding } from '../record/string-text.ts';
import type { LineBuffer } from './line-buffer.ts';
import { protocolName } from './protocol-names.ts';
import { createSecondPrefixes } from './second-prefixes.ts';

/** IPFIXcol drops NULs wherever they are; to look for the last other octet first is faster. */
export function writeString(line: LineBuffer, bytes: Uint8Array, start: number, end: number): void {
  line.ipfixcolString(bytes, start, withoutPadding(bytes, start, end));
}

const wideCharacters = /[\x80-\xff]/g;
const escapedCharacter = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;

/** The content of a JSON string with every octet of the field in it, control characters as escapes. */
export function writeWholeString(line: LineBuffer, bytes: Uint8Array, start: number, end: number): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);
  line.text(JSON.stringify(text).slice(1, -1).replace(wideCharacters, escapedCharacter));
}

export function writeProtocol(line: LineBuffer, protocol: number): void {
  line.ascii(protocolName(protocol));
}

/** Furthest time from 1970 that a Date can hold, milliseconds; a day less, because of time zones. */
const furthestMs = 8.64e15 - 86_400_000;

const two = (value: number) => String(value).padStart(2, '0');

/** `"2018-04-12T17:22:40.` in local time. */
const localPrefix = createSecondPrefixes((second) => {
  const time = new Date(second * 1000);
  const date = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `"${date}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.`;
});

/** Local time with milliseconds as a JSON string, null outside the range of `Date`. */
export function writeLocalTime(line: LineBuffer, ms: number): void {
  if (!(ms >= -furthestMs && ms <= furthestMs)) {
    line.ascii('null');
    return;
  }
  const second = Math.floor(ms / 1000);
  line.constant(localPrefix(second));
  line.digits(Math.floor(ms) - second * 1000, 3);
  line.ascii('"');
}
