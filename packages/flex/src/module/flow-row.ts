import type { DerCodec } from '../der/der-codec.ts';
import type { DerReader } from '../der/der-reader.ts';
import type { DerWriter } from '../der/der-writer.ts';
import { describeValue } from '../der/describe-value.ts';
import { isPadding } from '../der/integer.ts';
import { copyOctets } from '../der/octet-string.ts';
import { tags } from '../der/tags.ts';
import { type FieldValue, readFieldValue, writeFieldValue } from './field-value.ts';

/**
 * ```asn1
 * -- The i-th value belongs to the i-th field type.  A row may be shorter
 * -- than the columns: what is missing at the end is absent.
 * FlowRow ::= SEQUENCE OF FieldValue
 * ```
 */
export type FlowRow = readonly FieldValue[];

export const flowRowCodec: DerCodec<FlowRow> = {
  matches: (octet) => octet === tags.sequence,
  write: writeRow,
  read: readRow,
};

/** SEQUENCE OF FlowRow */
export const flowRowsCodec: DerCodec<readonly FlowRow[]> = {
  matches: (octet) => octet === tags.sequence,
  write(writer, rows) {
    if (!Array.isArray(rows)) writer.fail(`${describeValue(rows)} is not an array`);
    const mark = writer.size;
    const { path } = writer;
    path.push(0);
    for (let i = rows.length - 1; i >= 0; i--) {
      path[path.length - 1] = i;
      writeRow(writer, rows[i]);
    }
    path.pop();
    writer.header(tags.sequence, mark);
  },
  read(reader) {
    const outerEnd = reader.enter(tags.sequence);
    const rows: FlowRow[] = [];
    const { path } = reader;
    path.push(0);
    while (reader.position < reader.end) {
      path[path.length - 1] = rows.length;
      reader.count('maxRows');
      rows.push(readRow(reader));
    }
    path.pop();
    reader.leave(outerEnd);
    return rows;
  },
};

/** Rows are nearly all of a record, so their usual values are written here; the rest is left to FieldValue. */
function writeRow(writer: DerWriter, row: FlowRow): void {
  if (!Array.isArray(row)) writer.fail(`${describeValue(row)} is not an array`);
  const mark = writer.size;
  const { path } = writer;
  path.push(0);
  const last = path.length - 1;
  for (let i = row.length - 1; i >= 0; i--) {
    path[last] = i;
    writeFieldValue(writer, row[i], 0);
  }
  path.pop();
  writer.header(tags.sequence, mark);
}

/** The same for reading: short integers and octets of elements in short form here, all else by FieldValue. */
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
