import type { DerCodec } from './der-codec.ts';
import type { DerReader } from './der-reader.ts';
import type { DerWriter } from './der-writer.ts';
import { describeValue } from './describe-value.ts';
import { tags } from './tags.ts';

/** An INTEGER: number while that is exact (up to 2^53-1 either side of zero), bigint beyond. */
export type FlexInteger = number | bigint;

/** INTEGER without upper limit; `lowest` is the constraint (`0..MAX`, `1..MAX`). */
export function integerCodec(lowest = Number.NEGATIVE_INFINITY): DerCodec<FlexInteger> {
  return {
    matches: (octet) => octet === tags.integer,
    write(writer, value) {
      const isNumber = typeof value === 'number' || typeof value === 'bigint';
      if (isNumber && value < lowest) writer.fail(`${describeValue(value)} is below ${lowest}`);
      writeInteger(writer, value);
    },
    read(reader) {
      const start = reader.position;
      const value = readInteger(reader);
      if (value < lowest) reader.fail('FLEX_BAD_VALUE', `${describeValue(value)} is below ${lowest}`, start);
      return value;
    },
  };
}

/** INTEGER (lowest..highest), both within 2^53-1. */
export function integerRangeCodec(lowest: number, highest: number): DerCodec<number> {
  return {
    matches: (octet) => octet === tags.integer,
    write(writer, value) {
      if (typeof value !== 'number' || !(value >= lowest && value <= highest)) {
        writer.fail(`${describeValue(value)} is not within ${lowest}..${highest}`);
      }
      writeInteger(writer, value);
    },
    read(reader) {
      const start = reader.position;
      const value = readInteger(reader);
      if (!(value >= lowest && value <= highest)) {
        reader.fail('FLEX_BAD_VALUE', `${describeValue(value)} is not within ${lowest}..${highest}`, start);
      }
      return value as number;
    },
  };
}

/** `tag` is INTEGER or ENUMERATED: the contents are the same (X.690, 8.4). */
export function writeInteger(writer: DerWriter, value: FlexInteger, tag: number = tags.integer): void {
  if (typeof value === 'bigint') {
    if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) {
      writeNumber(writer, Number(value), tag);
    } else {
      writeBigint(writer, value, tag);
    }
  } else if (Number.isSafeInteger(value)) {
    writeNumber(writer, value, tag);
  } else {
    writer.fail(
      `${describeValue(value)} is not an integer that a number holds exactly; use a bigint or a FlexReal`,
    );
  }
}

function writeNumber(writer: DerWriter, value: number, tag: number): void {
  writer.reserve(10);
  const { bytes } = writer;
  const end = writer.position;
  let position = end;
  let rest = value;
  // Above 32 bits: the low half first, all of it, then what remains.
  if (rest !== (rest | 0)) {
    const low = rest >>> 0;
    bytes[--position] = low;
    bytes[--position] = low >>> 8;
    bytes[--position] = low >>> 16;
    bytes[--position] = low >>> 24;
    rest = Math.floor(rest / 0x1_0000_0000);
  }
  rest |= 0;
  // Two's complement: the last octet carries the sign. (After a low half, one more octet is always needed.)
  while (rest < -0x80 || rest > 0x7f) {
    bytes[--position] = rest;
    rest >>= 8;
  }
  bytes[--position] = rest;
  bytes[position - 1] = end - position;
  bytes[position - 2] = tag;
  writer.position = position - 2;
}

function writeBigint(writer: DerWriter, value: bigint, tag: number): void {
  const mark = writer.size;
  // n octets hold -2^(8n-1) .. 2^(8n-1)-1; ~value folds the negative side onto the other.
  const magnitudeBits = (value < 0n ? ~value : value).toString(16).length * 4;
  const size = Math.floor(magnitudeBits / 8) + 1;
  const hex = BigInt.asUintN(size * 8, value).toString(16);
  const octets = Buffer.from(hex.padStart(size * 2, '0'), 'hex');
  // A hexadecimal digit counts as four bits: that is one octet too many at most.
  writer.octets(isPadding(octets[0], octets[1]) ? octets.subarray(1) : octets);
  writer.header(tag, mark);
}

export function readInteger(reader: DerReader, tag: number = tags.integer): FlexInteger {
  const start = reader.position;
  const length = reader.header(tag);
  const { bytes, position } = reader;
  if (length === 0) reader.fail('FLEX_BAD_VALUE', 'integer without contents', start);
  const first = bytes[position];
  if (length > 1 && isPadding(first, bytes[position + 1])) {
    reader.fail('FLEX_NOT_DER', 'integer in more octets than it needs', start);
  }
  if (length > reader.limits.maxIntegerBytes) {
    reader.fail(
      'FLEX_LIMIT',
      `integer of ${length} octets, maxIntegerBytes = ${reader.limits.maxIntegerBytes}`,
      start,
    );
  }
  reader.position = position + length;
  if (length <= 6) {
    let value = (first << 24) >> 24;
    for (let i = 1; i < length; i++) value = value * 256 + bytes[position + i];
    return value;
  }
  const hex = reader.buffer.toString('hex', position, position + length);
  const value = BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** X.690, 8.3.2: the first nine bits of an integer are neither all ones nor all zeros. */
export function isPadding(first: number, second: number): boolean {
  return (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
}
