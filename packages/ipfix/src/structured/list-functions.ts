import type { LineBuffer } from '../line/line-buffer.ts';
import type { MessageHeader } from '../message/message-header.ts';
import type { FieldValue } from '../record/field-value.ts';
import { hexText } from '../record/string-text.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import type { ListType } from './element-reader.ts';
import type { ListItem, ListValue } from './list-value.ts';
import { readList } from './read-list.ts';

const asItIs = (value: FieldValue | null): ListItem => value;

/** As the values of our own lines: times in ISO 8601, octets in hexadecimal, large integers as text. */
function asJson(value: FieldValue | null, dataType: AbstractDataType): ListItem {
  if (value instanceof Uint8Array) return hexText(value, 0, value.length);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return value;
  if (!dataType.startsWith('dateTime')) return Number.isFinite(value) ? value : null;
  const time = new Date(Math.floor(value));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** The list, or a copy of its octets where it cannot be read. */
function listValue(
  type: ListType,
  bytes: Uint8Array,
  start: number,
  end: number,
  header: MessageHeader,
): ListValue | Uint8Array {
  return readList(type, bytes, start, end, header, asItIs) ?? bytes.slice(start, end);
}

/** Writes the list as JSON, or its octets in hexadecimal where it cannot be read. */
function writeJsonList(
  line: LineBuffer,
  type: ListType,
  bytes: Uint8Array,
  start: number,
  end: number,
  header: MessageHeader,
): void {
  const list = readList(type, bytes, start, end, header, asJson);
  line.text(JSON.stringify(list ?? hexText(bytes, start, end)));
}

/** What generated code calls to read lists. */
export const listFunctions = { listValue, writeJsonList };
