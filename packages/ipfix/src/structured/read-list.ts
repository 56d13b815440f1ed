import type { DomainKnowledge } from '../message/domain-knowledge.ts';
import type { MessageHeader } from '../message/message-header.ts';
import { readUint16, readUint32 } from '../message/network-byte-order.ts';
import { type FieldSpecifier, type Template, variableLength } from '../message/template.ts';
import { fieldName } from '../record/field-name.ts';
import type { FieldValue } from '../record/field-value.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import { elementReader, isList, type ListType } from './element-reader.ts';
import type { ListItem, ListRecord, ListValue } from './list-value.ts';

/** How the values in a list are given: as they are, or as lines print them. */
export type ValueForm = (value: FieldValue | null, dataType: AbstractDataType) => ListItem;

/** Thrown within this file where a list contradicts itself. */
const malformed = new Error('malformed list');

/** What the reading of one field shares. */
interface Reading {
  readonly bytes: Uint8Array;
  readonly knowledge: DomainKnowledge;
  readonly form: ValueForm;
  /** Values that may still be read. */
  valuesLeft: number;
}

/**
 * Reads a list of RFC 6313 section 4.5 from `start` to `end`.
 *
 * @returns undefined where the list contradicts itself or its template is not known
 */
export function readList(
  type: ListType,
  bytes: Uint8Array,
  start: number,
  end: number,
  { knowledge }: MessageHeader,
  form: ValueForm,
): ListValue | undefined {
  const valuesLeft = knowledge.listLimits.maxListValues;
  try {
    return readListAt({ bytes, knowledge, form, valuesLeft }, type, start, end, 1);
  } catch (error) {
    if (error === malformed) return undefined;
    throw error;
  }
}

function readListAt(reading: Reading, type: ListType, start: number, end: number, depth: number): ListValue {
  // RFC 6313 section 4.5: every list begins with an octet that tells its semantic.
  if (start >= end) throw malformed;
  const contents = start + 1;
  switch (type) {
    case 'basicList':
      return readBasicList(reading, contents, end, depth);
    case 'subTemplateList':
      if (end - contents < 2) throw malformed;
      return readRecords(reading, readUint16(reading.bytes, contents), contents + 2, end, depth);
    case 'subTemplateMultiList':
      return readMultiList(reading, contents, end, depth);
    default:
      return type satisfies never;
  }
}

/** Section 4.5.1: one element, its length, and its values. */
function readBasicList(reading: Reading, start: number, end: number, depth: number): ListValue {
  const { bytes, knowledge } = reading;
  const isEnterprise = start < end && (bytes[start] & 0x80) !== 0;
  let at = start + (isEnterprise ? 8 : 4);
  if (at > end) throw malformed;
  const id = readUint16(bytes, start) & 0x7fff;
  const length = readUint16(bytes, start + 2);
  const pen = isEnterprise ? readUint32(bytes, start + 4) : 0;
  const field = { pen, id, length, element: knowledge.findElement(pen, id) };
  // Any number of values without octets would fit.
  if (length === 0 && at < end) throw malformed;
  const values: ListItem[] = [];
  while (at < end) {
    const place = readPlace(bytes, at, end, length);
    values.push(readValue(reading, field, place.start, place.end, depth));
    at = place.end;
  }
  return values;
}

/** Section 4.5.3: several templates, each with the octets of its records. */
function readMultiList(reading: Reading, start: number, end: number, depth: number): ListValue {
  const { bytes } = reading;
  const records: ListItem[] = [];
  let at = start;
  while (at < end) {
    // The length includes these four octets.
    const length = end - at >= 4 ? readUint16(bytes, at + 2) : 0;
    if (length < 4 || length > end - at) throw malformed;
    records.push(...readRecords(reading, readUint16(bytes, at), at + 4, at + length, depth));
    at += length;
  }
  return records;
}

/** Section 4.5.2: records of one template. */
function readRecords(
  reading: Reading,
  templateId: number,
  start: number,
  end: number,
  depth: number,
): ListRecord[] {
  const template = reading.knowledge.findTemplate(templateId);
  const records: ListRecord[] = [];
  if (start === end) return records;
  if (template === undefined) throw malformed;
  let at = start;
  while (end - at >= template.minRecordLength) {
    const record: Record<string, ListItem> = {};
    at = readRecord(reading, template, at, end, depth, record);
    records.push(record);
  }
  return records;
}

/** @returns where the next record begins */
function readRecord(
  reading: Reading,
  template: Template,
  start: number,
  end: number,
  depth: number,
  record: Record<string, ListItem>,
): number {
  const repeated = new Map<string, ListItem[]>();
  let at = start;
  for (const field of template.fields) {
    const place = readPlace(reading.bytes, at, end, field.length);
    at = place.end;
    if (field.length === 0) continue;
    const value = readValue(reading, field, place.start, place.end, depth);
    const name = fieldName(field);
    const values = repeated.get(name);
    if (values === undefined) {
      repeated.set(name, [value]);
      record[name] = value;
    } else {
      values.push(value);
      record[name] = values;
    }
  }
  return at;
}

/** Where a value's own octets lie, behind the length that variable ones begin with (RFC 7011 section 7). */
function readPlace(bytes: Uint8Array, at: number, end: number, length: number) {
  let start = at;
  let octets = length;
  if (length === variableLength) {
    if (at + 1 > end) throw malformed;
    octets = bytes[at];
    start = at + 1;
    if (octets === 255) {
      if (at + 3 > end) throw malformed;
      octets = readUint16(bytes, at + 1);
      start = at + 3;
    }
  }
  if (start + octets > end) throw malformed;
  return { start, end: start + octets };
}

function readValue(
  reading: Reading,
  { element }: FieldSpecifier,
  start: number,
  end: number,
  depth: number,
): ListItem {
  if (--reading.valuesLeft < 0) throw malformed;
  const { bytes, knowledge, form } = reading;
  const dataType = element?.dataType ?? 'octetArray';
  if (isList(dataType) && depth < knowledge.listLimits.maxListDepth) {
    return readListAt(reading, dataType, start, end, depth + 1);
  }
  return form(elementReader(dataType, end - start)(bytes, start, end - start), dataType);
}
