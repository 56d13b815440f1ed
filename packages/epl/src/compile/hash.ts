import type { PropertyType } from '../runtime/property-type.ts';

/** CRC-32 as in ISO 3309 and RFC 1952, polynomial 0xEDB88320, a table of 256 words. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let entry = byte;
  for (let bit = 0; bit < 8; bit++) entry = entry & 1 ? (entry >>> 1) ^ 0xedb88320 : entry >>> 1;
  return entry;
});

const encoder = new TextEncoder();
const word = new DataView(new ArrayBuffer(8));

/**
 * The CRC-32 of the values, one after the other, as Java's DataOutput writes them: numbers with their bytes in network
 * order, a text with its length before its bytes in UTF-8; a text alone without its length. Null counts as nothing.
 * From 0 to 2^32 - 1.
 */
export function crc32Hash(values: readonly unknown[], types: readonly PropertyType[]): number {
  let crc = 0xffffffff;
  const add = (bytes: Iterable<number>): void => {
    for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
  };
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    if (typeof value === 'number' || typeof value === 'bigint') add(bytesOf(value, types[i]));
    else if (typeof value === 'boolean') add([value ? 1 : 0]);
    else {
      const text = encoder.encode(String(value));
      if (values.length > 1) add([(text.length >> 8) & 0xff, text.length & 0xff]);
      add(text);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function bytesOf(value: number | bigint, type: PropertyType): Uint8Array {
  let length = 8;
  if (type === 'double') word.setFloat64(0, Number(value));
  else if (type === 'long')
    word.setBigInt64(0, typeof value === 'bigint' ? value : BigInt(Math.trunc(value)));
  else {
    length = type === 'short' ? 2 : type === 'byte' ? 1 : 4;
    if (type === 'float') word.setFloat32(0, Number(value));
    else if (length === 4) word.setInt32(0, Number(value));
    else if (length === 2) word.setInt16(0, Number(value));
    else word.setInt8(0, Number(value));
  }
  return new Uint8Array(word.buffer, 0, length);
}

/** What Java's `hashCode` gives for a value of the type, so that buckets are those of Esper: 32 bits with a sign. */
export function hashCode(value: unknown, type: PropertyType): number {
  switch (typeof value) {
    case 'boolean':
      return value ? 1231 : 1237;
    case 'string': {
      let hash = 0;
      for (let i = 0; i < value.length; i++) hash = (Math.imul(31, hash) + value.charCodeAt(i)) | 0;
      return hash;
    }
    case 'bigint':
      return Number(BigInt.asIntN(32, value ^ (BigInt.asUintN(64, value) >> 32n)));
    case 'number':
      if (type === 'long') return hashCode(BigInt(Math.trunc(value)), type);
      if (type !== 'double' && type !== 'float') return value | 0;
      if (type === 'float') {
        word.setFloat32(0, value);
        return word.getInt32(0);
      }
      word.setFloat64(0, value);
      return word.getInt32(0) ^ word.getInt32(4);
    default:
      return 0;
  }
}
