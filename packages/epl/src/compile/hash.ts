import type { PropertyType } from '../runtime/property-type.ts';

/** CRC-32 as in ISO 3309 and RFC 1952, polynomial 0xEDB88320, a table of 256 words. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
  return word;
});

const encoder = new TextEncoder();

/** The CRC-32 of the texts of the values in UTF-8, one after the other; null counts as nothing. From 0 to 2^32 - 1. */
export function crc32Hash(values: readonly unknown[]): number {
  let crc = 0xffffffff;
  for (const value of values) {
    if (value === null) continue;
    for (const byte of encoder.encode(String(value))) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const double = new DataView(new ArrayBuffer(8));

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
        double.setFloat32(0, value);
        return double.getInt32(0);
      }
      double.setFloat64(0, value);
      return double.getInt32(0) ^ double.getInt32(4);
    default:
      return 0;
  }
}
