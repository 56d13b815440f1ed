import type { DerCodec } from './der-codec.ts';
import type { DerReader } from './der-reader.ts';
import { describeValue } from './describe-value.ts';
import { tags } from './tags.ts';

export const booleanCodec: DerCodec<boolean> = {
  matches: (octet) => octet === tags.boolean,
  write(writer, value) {
    if (typeof value !== 'boolean') writer.fail(`${describeValue(value)} is not a boolean`);
    const mark = writer.size;
    writer.octet(value ? 0xff : 0);
    writer.header(tags.boolean, mark);
  },
  read: readBoolean,
};

/** X.690, 8.2 and 11.1: one octet, 00 or ff. */
export function readBoolean(reader: DerReader): boolean {
  const start = reader.position;
  if (reader.header(tags.boolean) !== 1)
    reader.fail('FLEX_BAD_VALUE', 'boolean of other than one octet', start);
  const octet = reader.bytes[reader.position++];
  if (octet !== 0 && octet !== 0xff) reader.fail('FLEX_NOT_DER', 'boolean neither 00 nor ff', start);
  return octet !== 0;
}
