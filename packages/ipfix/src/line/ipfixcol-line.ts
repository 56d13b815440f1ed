import { type FieldPlace, unsignedCode } from '../record/field-place.ts';
import { isShiftedTime } from '../record/shifted-times.ts';
import { withoutPadding } from '../record/string-text.ts';
import { isFlags } from '../record/text-code.ts';
import { nativeCode, rangeCode, valueFunctions } from '../record/value-code.ts';
import { findIpfixcolElement, type IpfixcolElement } from '../registry/find-ipfixcol-element.ts';
import { writeJsonFloat } from './json-values.ts';
import type { LineBuffer } from './line-buffer.ts';
import type { LineStyle, ValueStatement } from './line-code.ts';

/** IPFIXcol drops NULs wherever they are; to look for the last other octet first is faster. */
function writeString(line: LineBuffer, bytes: Uint8Array, start: number, end: number): void {
  line.ipfixcolString(bytes, start, withoutPadding(bytes, start, end));
}

const scope = { ...valueFunctions, writeJsonFloat, writeString };

/** Longest octetArray that is printed as one unsigned integer. */
const longestInteger = 8;

/** Undefined where the field is left out: its length does not fit its type. */
function valueStatement(
  { dataType }: IpfixcolElement,
  place: FieldPlace,
  shift: string,
): ValueStatement | undefined {
  const value = nativeCode(dataType, place);
  if (value === undefined) return undefined;
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      return { code: `line.wideInteger(${value});`, quoted: false };
    case 'dateTimeMilliseconds':
      // Without a shift the integer is printed exactly, however large.
      if (shift === '')
        return { code: `line.wideInteger(${nativeCode('unsigned64', place)});`, quoted: false };
      return { code: `line.integer(${value}${shift});`, quoted: false };
    case 'dateTimeSeconds':
      return { code: `line.integer(${value});`, quoted: false };
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return { code: `line.integer(Math.floor(${value}));`, quoted: false };
    case 'boolean':
      return { code: `line.ascii(String(${value}));`, quoted: false };
    case 'float32':
    case 'float64':
      return { code: `writeJsonFloat(line, ${value});`, quoted: false };
    case 'ipv4Address':
      return { code: `line.ipv4(${unsignedCode(place, 0, 4)});`, quoted: true };
    case 'ipv6Address':
    case 'macAddress':
      return { code: `line.ascii(${value});`, quoted: true };
    case 'string':
      return { code: `writeString(line, bytes, ${rangeCode(place)});`, quoted: true };
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      if (place.length !== 'variable' && place.length <= longestInteger) {
        return { code: `line.wideInteger(${nativeCode('unsigned64', place)});`, quoted: false };
      }
      return { code: `line.ascii("0x"); line.hex(bytes, ${rangeCode(place)});`, quoted: true };
    default:
      return dataType satisfies never;
  }
}

/**
 * The line that IPFIXcol 0.9.6 prints with its JSON output: `@type` first, then the fields in the order of the
 * template, separated by `", "`. Options records are not printed, elements that IPFIXcol does not know are
 * left out.
 */
export const ipfixcolLine: LineStyle = (template, shifted, constants) => {
  if (template.kind !== 'data') return undefined;
  constants.append('{"@type": "ipfix.entry"');
  const replaced = new Set(
    template.derivedFields.map((derived) => (derived.kind === 'uptime' ? derived.uptimeIndex : -1)),
  );
  return {
    scope,
    begin: '',
    field(specifier, place, index) {
      // As IPFIXcol does it with NetFlow: times since 1970 instead of uptimes.
      if (replaced.has(index)) return undefined;
      const element = findIpfixcolElement(specifier.pen, specifier.id);
      if (element === undefined) return undefined;
      const shift = shifted && isShiftedTime(specifier) ? ' + shiftMs' : '';
      const value =
        isFlags(specifier) && place.length !== 'variable' && place.length > 0
          ? { code: `line.flags(${unsignedCode(place, 0, place.length)});`, quoted: true }
          : valueStatement(element, place, shift);
      if (value === undefined) return undefined;
      constants.append(`, ${JSON.stringify(`ipfix.${element.name}`)}: `);
      return constants.writeValue(value);
    },
    end() {
      constants.append('}');
      return `${constants.write()}\nonLine(line.take());`;
    },
  };
};
