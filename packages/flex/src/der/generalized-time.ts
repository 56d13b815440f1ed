import type { DerCodec } from './der-codec.ts';
import type { DerReader } from './der-reader.ts';
import { describeValue } from './describe-value.ts';
import { tags } from './tags.ts';

/**
 * GeneralizedTime as DER has it (X.690, 11.7): UTC with "Z", seconds there, fraction without trailing zeros,
 * midnight as 000000. The text itself: a fraction may be finer than any clock.
 */
export const generalizedTimeCodec: DerCodec<string> = {
  matches: (octet) => octet === tags.generalizedTime,
  write(writer, value) {
    if (typeof value !== 'string') writer.fail(`${describeValue(value)} is not the text of a time`);
    const fault = faultOf(value);
    if (fault !== undefined) writer.fail(`"${value.slice(0, 40)}" ${fault}`);
    const mark = writer.size;
    writer.reserve(value.length);
    for (let i = value.length - 1; i >= 0; i--) writer.octet(value.charCodeAt(i));
    writer.header(tags.generalizedTime, mark);
  },
  read(reader: DerReader) {
    const start = reader.position;
    const length = reader.header(tags.generalizedTime);
    const end = reader.position + length;
    const text = reader.buffer.toString('latin1', reader.position, end);
    const fault = faultOf(text);
    if (fault !== undefined) reader.fail('FLEX_NOT_DER', `time ${fault}`, start);
    reader.position = end;
    return text;
  },
};

const derTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z$/;

interface TimeParts {
  /** Milliseconds since 1970 of the whole second. */
  readonly secondMs: number;
  /** Decimal digits after the second. */
  readonly fraction: string;
}

/** Far finer than anything measured, and keeps the expression above from long work. */
const longestTime = 64;

function partsOf(text: string): TimeParts | string {
  if (text.length > longestTime) return `is longer than ${longestTime} characters`;
  const match = derTime.exec(text);
  if (match === null) return 'is not YYYYMMDDHHMMSS[.f]Z without trailing zeros';
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const date = new Date(0);
  // Not Date.UTC, which moves the years 0 to 99 to 1900.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return 'is no day of the calendar';
  const leapSecond = second === 60 && hour === 23 && minute === 59;
  if (hour > 23 || minute > 59 || (second > 59 && !leapSecond)) return 'is no time of the day';
  return { secondMs: date.setUTCHours(hour, minute, second), fraction: match[7] ?? '' };
}

function faultOf(text: string): string | undefined {
  const parts = partsOf(text);
  return typeof parts === 'string' ? parts : undefined;
}

/**
 * Milliseconds since 1970 of a time in the DER form. What is finer than a millisecond is cut off; a leap second
 * (235960) is the first second of the next day. Undefined for a text in another form.
 */
export function generalizedTimeToMs(text: string): number | undefined {
  const parts = partsOf(text);
  if (typeof parts === 'string') return undefined;
  return parts.secondMs + Number(parts.fraction.slice(0, 3).padEnd(3, '0'));
}

/** Undefined outside the years 0000 to 9999, and for anything but a whole number. */
export function msToGeneralizedTime(ms: number): string | undefined {
  if (!Number.isInteger(ms) || ms < -62_167_219_200_000 || ms > 253_402_300_799_999) return undefined;
  const [seconds, fraction] = new Date(ms)
    .toISOString()
    .replace(/[-:TZ]/g, '')
    .split('.');
  const digits = fraction.replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}Z`;
}
