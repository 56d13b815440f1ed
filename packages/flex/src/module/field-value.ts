import { booleanCodec, readBoolean } from '../der/boolean.ts';
import type { DerCodec } from '../der/der-codec.ts';
import type { DerReader } from '../der/der-reader.ts';
import type { DerWriter } from '../der/der-writer.ts';
import { describeValue } from '../der/describe-value.ts';
import { readElement, writeElement } from '../der/element.ts';
import { FlexReal } from '../der/flex-real.ts';
import { type FlexInteger, readInteger, writeInteger } from '../der/integer.ts';
import { readOctets } from '../der/octet-string.ts';
import { readReal, writeReal } from '../der/real.ts';
import { contextTag, tagIdentity, tags } from '../der/tags.ts';
import { UnknownElement } from '../der/unknown-element.ts';
import { readUtf8String, writeUtf8String } from '../der/utf8-string.ts';
import { deepestNesting } from '../flex-limits.ts';

/**
 * ```asn1
 * FieldValue ::= CHOICE {
 *     absent   NULL,
 *     number   INTEGER,          -- integers, times, durations, identifiers, flags
 *     octets   OCTET STRING,     -- IPv4 (4), IPv6 (16), MAC (6), octetArray
 *     string   UTF8String,
 *     truth    BOOLEAN,
 *     real     REAL,             -- float32/float64 elements
 *     list     [0] SEQUENCE OF FieldValue,           -- basicList (RFC 6313)
 *     ...
 * }
 * ```
 * The JavaScript value says which alternative it is: `null`, an integer, a Uint8Array, a string, a boolean, a
 * {@link FlexReal}, an array; an {@link UnknownElement} is of an alternative that a later version added.
 */
export type FieldValue =
  | null
  | FlexInteger
  | Uint8Array
  | string
  | boolean
  | FlexReal
  | UnknownElement
  | readonly FieldValue[];

const listTag = contextTag(0);
const known = [tags.null, tags.integer, tags.octetString, tags.utf8String, tags.boolean, tags.real, listTag];

export const fieldValueCodec: DerCodec<FieldValue> = {
  matches: () => true,
  write: (writer, value) => writeFieldValue(writer, value, 0),
  read: (reader) => readFieldValue(reader, 0),
};

/** `nesting`: how many lists are around the value. */
export function writeFieldValue(writer: DerWriter, value: FieldValue, nesting: number): void {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      writeInteger(writer, value);
      return;
    case 'string':
      writeUtf8String(writer, value);
      return;
    case 'boolean':
      booleanCodec.write(writer, value);
      return;
    default:
      writeObject(writer, value, nesting);
  }
}

function writeObject(
  writer: DerWriter,
  value: null | Uint8Array | FlexReal | UnknownElement | readonly FieldValue[],
  nesting: number,
): void {
  if (value instanceof Uint8Array) {
    const mark = writer.size;
    writer.octets(value);
    writer.header(tags.octetString, mark);
  } else if (value === null) {
    writer.header(tags.null, writer.size);
  } else if (value instanceof FlexReal) {
    writeReal(writer, value);
  } else if (value instanceof UnknownElement) {
    writeElement(writer, value.octets, known);
  } else if (Array.isArray(value)) {
    writeList(writer, value, nesting + 1);
  } else {
    writer.fail(`${describeValue(value)} is no value of a flow`);
  }
}

function writeList(writer: DerWriter, values: readonly FieldValue[], nesting: number): void {
  if (nesting > deepestNesting) writer.fail(`lists nested deeper than ${deepestNesting}`);
  const mark = writer.size;
  const { path } = writer;
  path.push(0);
  for (let i = values.length - 1; i >= 0; i--) {
    path[path.length - 1] = i;
    writeFieldValue(writer, values[i], nesting);
  }
  path.pop();
  writer.header(tags.sequence, mark);
  writer.header(listTag, mark);
}

export function readFieldValue(reader: DerReader, nesting: number): FieldValue {
  reader.count('maxValues');
  switch (reader.peek()) {
    case tags.integer:
      return readInteger(reader);
    case tags.octetString:
      return readOctets(reader);
    case tags.utf8String:
      return readUtf8String(reader);
    case tags.null: {
      const start = reader.position;
      if (reader.header(tags.null) !== 0) reader.fail('FLEX_BAD_VALUE', 'NULL with contents', start);
      return null;
    }
    case tags.boolean:
      return readBoolean(reader);
    case tags.real:
      return readReal(reader);
    case listTag:
      return readList(reader, nesting + 1);
    default:
      return new UnknownElement(readElement(reader, known));
  }
}

function readList(reader: DerReader, nesting: number): readonly FieldValue[] {
  const { maxNesting } = reader.limits;
  if (nesting > maxNesting) reader.fail('FLEX_LIMIT', `lists nested deeper than maxNesting = ${maxNesting}`);
  const isImplicit = reader.tagging === 'implicit';
  const outerEnd = isImplicit ? reader.end : reader.enter(listTag);
  if (isImplicit) reader.replacedTag = tagIdentity(listTag);
  const listEnd = reader.enter(tags.sequence);
  const values: FieldValue[] = [];
  const { path } = reader;
  path.push(0);
  while (reader.position < reader.end) {
    path[path.length - 1] = values.length;
    values.push(readFieldValue(reader, nesting));
  }
  path.pop();
  reader.leave(listEnd);
  if (!isImplicit) reader.leave(outerEnd);
  return values;
}
