import type { DerCodec } from '../der/der-codec.ts';
import type { DerReader } from '../der/der-reader.ts';
import { isPadding } from '../der/integer.ts';
import { copyOctets } from '../der/octet-string.ts';
import { sequenceOfCodec } from '../der/sequence-of.ts';
import { tags } from '../der/tags.ts';
import { type FieldValue, fieldValueCodec, readFieldValue } from './field-value.ts';

/**
 * ```asn1
 * -- The i-th value belongs to the i-th field type.  A row may be shorter
 * -- than the columns: what is missing at the end is absent.
 * FlowRow ::= SEQUENCE OF FieldValue
 * ```
 */
export type FlowRow = readonly FieldValue[];

/** Written as any list; read by a function of its own, since rows are nearly all of a record. */
export const flowRowCodec: DerCodec<FlowRow> = { ...sequenceOfCodec(fieldValueCodec), read: readRow };

/** SEQUENCE OF FlowRow */
export const flowRowsCodec = sequenceOfCodec(flowRowCodec, 'maxRows');

/** Short integers and short octets are read here, all else, and all that is wrong, by FieldValue. */
function readRow(reader: DerReader): FlowRow {
  const { bytes, limits } = reader;
  const outerEnd = reader.enter(tags.sequence);
  const { end } = reader;
  const { path } = reader;
  path.push(0);
  const last = path.length - 1;
  const row: FieldValue[] = [];
  /** Those that FieldValue has read. */
  let alreadyCounted = 0;
  let position = reader.position;
  while (position < end) {
    const tag = bytes[position];
    const length = bytes[position + 1];
    const contents = position + 2;
    if (row.length < limits.maxColumns && length > 0 && length <= 16 && contents + length <= end) {
      const first = bytes[contents];
      if (tag === tags.integer && length <= 6 && (length === 1 || !isPadding(first, bytes[contents + 1]))) {
        let value = (first << 24) >> 24;
        position = contents + length;
        for (let i = contents + 1; i < position; i++) value = value * 256 + bytes[i];
        row.push(value);
        continue;
      }
      if (tag === tags.octetString) {
        row.push(copyOctets(bytes, contents, length));
        position = contents + length;
        continue;
      }
    }
    reader.position = position;
    path[last] = row.length;
    if (row.length >= limits.maxColumns) {
      reader.fail('FLEX_LIMIT', `more values than maxColumns = ${limits.maxColumns}`);
    }
    row.push(readFieldValue(reader, 0));
    alreadyCounted++;
    position = reader.position;
  }
  reader.position = position;
  path.pop();
  reader.leave(outerEnd);
  reader.count('maxValues', row.length - alreadyCounted);
  return row;
}
