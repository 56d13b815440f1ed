import { type FieldPlace, unsignedCode } from '../record/field-place.ts';
import { flagsText } from '../record/flags-text.ts';
import { createOctetsCache } from '../record/octets-cache.ts';
import { isShiftedTime } from '../record/shifted-times.ts';
import { hexText } from '../record/string-text.ts';
import { isFlags } from '../record/text-code.ts';
import { nativeCode, rangeCode, unsignedNumberCode, valueFunctions } from '../record/value-code.ts';
import { findIpfixcolElement, type IpfixcolElement } from '../registry/find-ipfixcol-element.ts';
import { jsonFloat } from './json-text.ts';
import { appendCode, type LineStyle } from './line-code.ts';

/**
 * The content of a JSON string as IPFIXcol writes it: each octet is a character, those below 0x20 are dropped
 * (which removes padding), those above 0x7f become `\u00xx`.
 */
function escapeOctets(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const octet = bytes[i];
    if (octet < 0x20) continue;
    if (octet > 0x7f) text += `\\u00${octet.toString(16)}`;
    else if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else text += String.fromCharCode(octet);
  }
  return text;
}

const escapedStrings = createOctetsCache(8192, 64, escapeOctets);

const scope = {
  ...valueFunctions,
  flagsText,
  hexText,
  jsonFloat,
  escapedString: (bytes: Uint8Array, start: number, end: number) => escapedStrings.get(bytes, start, end),
};

/** Longest octetArray that is printed as one unsigned integer. */
const longestInteger = 8;

/** Expression of a field's value and whether it stands between quotes; undefined where the field is left out. */
function valueCode(
  { dataType }: IpfixcolElement,
  place: FieldPlace,
): { readonly code: string; readonly quoted: boolean } | undefined {
  const code = nativeCode(dataType, place);
  if (code === undefined) return undefined;
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
    case 'boolean':
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
      return { code, quoted: false };
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return { code: `Math.floor(${code})`, quoted: false };
    case 'float32':
    case 'float64':
      return { code: `jsonFloat(${code})`, quoted: false };
    case 'ipv4Address':
    case 'ipv6Address':
    case 'macAddress':
      return { code, quoted: true };
    case 'string':
      return { code: `escapedString(bytes, ${rangeCode(place)})`, quoted: true };
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList': {
      if (place.length === 'variable' || place.length > longestInteger) {
        return { code: `"0x" + hexText(bytes, ${rangeCode(place)})`, quoted: true };
      }
      const integer = nativeCode('unsigned64', place) ?? unsignedNumberCode(place);
      return { code: integer, quoted: false };
    }
    default:
      return dataType satisfies never;
  }
}

/**
 * The line that IPFIXcol 0.9.6 prints with its JSON output: `@type` first, then the fields in the order of the
 * template, separated by `", "`. Options records are not printed, elements that IPFIXcol does not know are
 * left out.
 */
export const ipfixcolLine: LineStyle = (template, shifted) => {
  if (template.kind !== 'data') return undefined;
  return {
    scope,
    begin: 'let line = "{\\"@type\\": \\"ipfix.entry\\"";',
    field(specifier, place) {
      const element = findIpfixcolElement(specifier.pen, specifier.id);
      if (element === undefined) return undefined;
      const key = `, ${JSON.stringify(`ipfix.${element.name}`)}: `;
      if (isFlags(specifier) && place.length !== 'variable' && place.length > 0) {
        return appendCode(`${key}"`, `flagsText(${unsignedCode(place, 0, place.length)})`, '"');
      }
      const value = valueCode(element, place);
      if (value === undefined) return undefined;
      if (value.quoted) return appendCode(`${key}"`, value.code, '"');
      const moved = shifted && isShiftedTime(specifier);
      return appendCode(key, moved ? `(${value.code} + shiftMs)` : value.code);
    },
    end: 'onLine(line + "}");',
  };
};
