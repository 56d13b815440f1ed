import type { FieldSpecifier } from '../message/template.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import type { FieldPlace } from './field-place.ts';
import { flagsText } from './flags-text.ts';
import { hexText } from './string-text.ts';
import { nativeCode, rangeCode } from './value-code.ts';

const booleanText = (value: boolean | null) => (value === null ? null : String(value));

/** What the expressions made here call, besides those of `value-code`. */
export const textFunctions = { flagsText, hexText, booleanText };

const tcpControlBits = 6;

/** Whether the field is printed as flags: IANA's tcpControlBits, of 1 octet or 2. */
export const isFlags = ({ pen, id, length }: FieldSpecifier): boolean =>
  pen === 0 && id === tcpControlBits && length <= 2;

/** Expression of a field's value as IPFIXcol prints it, a string without quotes; undefined where it has none. */
export function textCode(
  dataType: AbstractDataType,
  field: FieldSpecifier,
  place: FieldPlace,
): string | undefined {
  const value = nativeCode(dataType, place);
  if (value === undefined) return undefined;
  switch (dataType) {
    case 'ipv4Address':
    case 'ipv6Address':
    case 'macAddress':
    case 'string':
      return value;
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return `hexText(bytes, ${rangeCode(place)})`;
    case 'boolean':
      return `booleanText(${value})`;
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return `String(Math.floor(${value}))`;
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
    case 'float32':
    case 'float64':
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
      return isFlags(field) ? `flagsText(${value})` : `String(${value})`;
    default:
      return dataType satisfies never;
  }
}
