import type { RecordReader } from '../message/record-reader.ts';
import type { FieldValue } from '../record/field-value.ts';
import { createObjectReader } from '../record/object-reader.ts';
import { hexText } from '../record/string-text.ts';
import type { TimeShift } from '../record/time-shift.ts';
import type { ListValue } from '../structured/list-value.ts';
import { csvColumn, defaultCsvColumns } from './csv-columns.ts';

export interface CsvReaderConfig {
  /**
   * Names of elements, or of what several elements may hold: `flowStart`, `flowEnd`, `protocol`, `sourceAddress`,
   * `sourcePort`, `destinationAddress`, `destinationPort`, `packets`, `octets`, `tcpFlags`; default: these. `scaledPackets`
   * and `scaledOctets` are the counters times the sampling rate, rounded.
   */
  readonly columns?: readonly string[];
  readonly timeShiftMs?: TimeShift;
}

export interface CsvReaderDeps {
  /** One record, one line, without the CRLF that RFC 4180 wants behind it. Records of options are left out. */
  onLine(line: string): void;
}

/** Prints records as comma-separated values (RFC 4180). */
export interface CsvReader extends RecordReader {
  /** The line to put in front: the names of the columns. */
  readonly header: string;
}

/**
 * Fields that a record lacks are empty; times are ISO 8601 in UTC, octets hexadecimal, lists (RFC 6313) JSON. A text is in quotes where it
 * holds a comma, a quote or a line end, so that every line has as many fields as there are columns.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for a column that is unknown or named twice
 */
export function createCsvReader(
  { columns: names = defaultCsvColumns, timeShiftMs }: CsvReaderConfig,
  deps: CsvReaderDeps,
): CsvReader {
  const columns = names.map(csvColumn);
  const reader = createObjectReader(
    { fields: columns, timeShiftMs },
    {
      onRecord(record) {
        const values = record as Readonly<Record<string, FieldValue | ListValue | null>>;
        let line = '';
        for (let i = 0; i < columns.length; i++) {
          const { name, isTime, as } = columns[i];
          const value = values[name];
          if (i > 0) line += ',';
          if (value === null) continue;
          if (as === 'scaled') line += Math.round(value as number);
          else line += isTime ? timeText(value) : valueText(value);
        }
        deps.onLine(line);
      },
    },
  );
  return { ...reader, header: names.map(quoted).join(',') };
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function valueText(value: FieldValue | ListValue): string {
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Uint8Array) return hexText(value, 0, value.length);
  return typeof value === 'object' ? quoted(JSON.stringify(value, listItem)) : String(value);
}

/** What JSON has no word for: octets become hexadecimal, large integers texts. */
function listItem(_name: string, item: unknown): unknown {
  if (item instanceof Uint8Array) return hexText(item, 0, item.length);
  return typeof item === 'bigint' ? String(item) : item;
}

/** Milliseconds since 1970 that a Date can hold. */
const latestMs = 8.64e15;

function timeText(value: FieldValue | ListValue): string {
  return typeof value === 'number' && Math.abs(value) <= latestMs
    ? new Date(value).toISOString()
    : valueText(value);
}
