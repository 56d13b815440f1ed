import type { DerCodec } from './der-codec.ts';
import type { DerReader } from './der-reader.ts';
import { describeValue } from './describe-value.ts';
import { tags } from './tags.ts';

/** An octet array without octets cannot be changed, so one does for all. */
const noOctets = new Uint8Array(0);

/** OCTET STRING; `sizes` is the constraint, any size where left out. */
export function octetStringCodec(sizes?: readonly number[]): DerCodec<Uint8Array> {
  const allowed = (size: number) => sizes === undefined || sizes.includes(size);
  return {
    matches: (octet) => octet === tags.octetString,
    write(writer, value) {
      if (!(value instanceof Uint8Array)) writer.fail(`${describeValue(value)} is not a Uint8Array`);
      if (!allowed(value.length)) writer.fail(`${value.length} octets, must be ${sizes?.join(' or ')}`);
      const mark = writer.size;
      writer.octets(value);
      writer.header(tags.octetString, mark);
    },
    read(reader) {
      const start = reader.position;
      const value = readOctets(reader);
      if (!allowed(value.length)) {
        reader.fail('FLEX_BAD_VALUE', `${value.length} octets, must be ${sizes?.join(' or ')}`, start);
      }
      return value;
    },
  };
}

/** A copy: a view would keep the whole input alive and change with it. */
export function readOctets(reader: DerReader): Uint8Array {
  const length = reader.header(tags.octetString);
  if (length === 0) return noOctets;
  const start = reader.position;
  reader.position = start + length;
  return copyOctets(reader.bytes, start, length);
}

/** Short arrays live in the heap and are filled faster one by one than by a call. */
export function copyOctets(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (length > 32) return bytes.slice(start, start + length);
  const octets = new Uint8Array(length);
  for (let i = 0; i < length; i++) octets[i] = bytes[start + i];
  return octets;
}
