import type { DerCodec } from './der-codec.ts';
import type { DerReader } from './der-reader.ts';
import type { DerWriter } from './der-writer.ts';
import { describeValue } from './describe-value.ts';
import { tags } from './tags.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8StringCodec: DerCodec<string> = {
  matches: (octet) => octet === tags.utf8String,
  write: writeUtf8String,
  read: readUtf8String,
};

export function writeUtf8String(writer: DerWriter, value: string): void {
  if (typeof value !== 'string') writer.fail(`${describeValue(value)} is not a string`);
  const mark = writer.size;
  // No UTF-16 unit takes more than three octets.
  writer.reserve(3 * value.length);
  const { bytes } = writer;
  let position = writer.position;
  for (let i = value.length - 1; i >= 0; i--) {
    let code = value.charCodeAt(i);
    if (code < 0x80) {
      bytes[--position] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const high = i > 0 ? value.charCodeAt(i - 1) : 0;
      if (code < 0xdc00 || high < 0xd800 || high > 0xdbff) {
        writer.fail(`half a surrogate pair at index ${i}: not Unicode text`);
      }
      i--;
      code = 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00);
    }
    bytes[--position] = 0x80 | (code & 0x3f);
    if (code < 0x800) {
      bytes[--position] = 0xc0 | (code >> 6);
      continue;
    }
    bytes[--position] = 0x80 | ((code >> 6) & 0x3f);
    if (code < 0x10000) {
      bytes[--position] = 0xe0 | (code >> 12);
      continue;
    }
    bytes[--position] = 0x80 | ((code >> 12) & 0x3f);
    bytes[--position] = 0xf0 | (code >> 18);
  }
  writer.position = position;
  writer.header(tags.utf8String, mark);
}

/** A byte order mark is a character like any other here: it is kept. */
export function readUtf8String(reader: DerReader): string {
  const outset = reader.position;
  const length = reader.header(tags.utf8String);
  const { bytes, position: start } = reader;
  const end = start + length;
  reader.position = end;
  let i = start;
  while (i < end && bytes[i] < 0x80) i++;
  if (i === end) return reader.buffer.toString('latin1', start, end);
  try {
    return strictUtf8.decode(bytes.subarray(start, end));
  } catch {
    return reader.fail('FLEX_BAD_VALUE', 'not UTF-8', outset);
  }
}
