import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import { ipv4Text, ipv6Text, macText } from './address-text.ts';
import { type FieldPlace, isReadable, signedCode, unsignedCode } from './field-place.ts';
import { ntpMicrosecondsToMs, ntpNanosecondsToMs } from './ntp-time.ts';
import { stringText } from './string-text.ts';
import { wideSigned, wideUnsigned } from './wide-integer.ts';

const floatBytes = new DataView(new ArrayBuffer(8));

function float32(bits: number): number {
  floatBytes.setUint32(0, bits);
  return floatBytes.getFloat32(0);
}

function float64(high: number, low: number): number {
  floatBytes.setUint32(0, high);
  floatBytes.setUint32(4, low);
  return floatBytes.getFloat64(0);
}

/** `boolean` is 1 for true and 2 for false (RFC 7011 section 6.1.5); other octets mean nothing. */
const boolean = (octet: number) => (octet === 1 ? true : octet === 2 ? false : null);

/** A copy: the octets of a message are not kept alive by one field. */
function copyOctets(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  copy.set(bytes.subarray(start, end));
  return copy;
}

/** What the expressions made here call. */
export const valueFunctions = {
  copyOctets,
  wideUnsigned,
  wideSigned,
  float32,
  float64,
  boolean,
  ipv4Text,
  ipv6Text,
  macText,
  stringText,
  ntpMicrosecondsToMs,
  ntpNanosecondsToMs,
};

/** Upper bits (signed or not) and lower 32 bits of an integer of 5 to 8 octets. */
const highAndLow = (place: FieldPlace, length: number, high: typeof unsignedCode) =>
  [high(place, 0, length - 4), unsignedCode(place, length - 4, 4)] as const;

/** Expression of an unsigned integer as a number, inexact beyond 2^53. */
export function unsignedNumberCode(place: FieldPlace): string {
  if (place.value !== undefined) return place.value;
  const length = place.length as number;
  if (length <= 4) return unsignedCode(place, 0, length);
  const [high, low] = highAndLow(place, length, unsignedCode);
  return `(${high} * 4294967296 + ${low})`;
}

function signedNumberCode(place: FieldPlace): string {
  const length = place.length as number;
  if (length <= 4) return signedCode(place, 0, length);
  const [high, low] = highAndLow(place, length, signedCode);
  return `(${high} * 4294967296 + ${low})`;
}

/** First and last octet of a field as two arguments. */
export const rangeCode = ({ offset, length }: FieldPlace) =>
  length === 'variable' ? 'p, p + n' : `p + ${offset}, p + ${offset + length}`;

/**
 * Expression of a field's value in the types of {@link FieldValue}, or undefined where a field of this length
 * cannot hold the type. The variables `bytes`, `p`, `n` and `header` are in scope, {@link valueFunctions}, and for lists
 * `listFunctions`.
 */
export function nativeCode(dataType: AbstractDataType, place: FieldPlace): string | undefined {
  if (!isReadable(dataType, place.length)) return undefined;
  if (place.value !== undefined) return place.value;
  const octets = place.length as number;
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
      if (octets <= 6) return unsignedNumberCode(place);
      return `wideUnsigned(${highAndLow(place, octets, unsignedCode).join(', ')})`;
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      if (octets <= 6) return signedNumberCode(place);
      return `wideSigned(${highAndLow(place, octets, signedCode).join(', ')})`;
    case 'float32':
    case 'float64':
      if (octets === 4) return `float32(${unsignedCode(place, 0, 4)})`;
      return `float64(${highAndLow(place, 8, unsignedCode).join(', ')})`;
    case 'boolean':
      return `boolean(${unsignedCode(place, 0, 1)})`;
    case 'dateTimeSeconds':
      return `(${unsignedNumberCode(place)} * 1000)`;
    case 'dateTimeMilliseconds':
      return unsignedNumberCode(place);
    case 'dateTimeMicroseconds':
      return `ntpMicrosecondsToMs(${highAndLow(place, 8, unsignedCode).join(', ')})`;
    case 'dateTimeNanoseconds':
      return `ntpNanosecondsToMs(${highAndLow(place, 8, unsignedCode).join(', ')})`;
    case 'ipv4Address':
      return `ipv4Text(${unsignedCode(place, 0, 4)})`;
    case 'ipv6Address':
      return `ipv6Text(bytes, p + ${place.offset})`;
    case 'macAddress':
      return `macText(bytes, p + ${place.offset})`;
    case 'string':
      return `stringText(bytes, ${rangeCode(place)})`;
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return `listValue(${JSON.stringify(dataType)}, bytes, ${rangeCode(place)}, header)`;
    case 'octetArray':
      return `copyOctets(bytes, ${rangeCode(place)})`;
    default:
      return dataType satisfies never;
  }
}

/** As {@link nativeCode}, but a number; undefined where the type is no number. */
export function numberCode(dataType: AbstractDataType, place: FieldPlace): string | undefined {
  if (!isReadable(dataType, place.length)) return undefined;
  if (place.value !== undefined) return place.value;
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'ipv4Address':
    case 'macAddress':
      return unsignedNumberCode(place);
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      return signedNumberCode(place);
    case 'float32':
    case 'float64':
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return nativeCode(dataType, place);
    case 'boolean':
      return `(${unsignedCode(place, 0, 1)} === 1 ? 1 : 0)`;
    case 'ipv6Address':
    case 'string':
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return undefined;
    default:
      return dataType satisfies never;
  }
}
