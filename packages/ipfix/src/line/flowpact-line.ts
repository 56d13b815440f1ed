import { type FieldSpecifier, type Template, variableLength } from '../message/template.ts';
import type { FieldPlace } from '../record/field-place.ts';
import { isShiftedTime } from '../record/shifted-times.ts';
import { hexText } from '../record/string-text.ts';
import { nativeCode, rangeCode, valueFunctions } from '../record/value-code.ts';
import { jsonFloat, jsonInteger, jsonString, jsonTime } from './json-text.ts';
import { appendCode, type LineStyle } from './line-code.ts';

const scope = { ...valueFunctions, hexText, jsonFloat, jsonInteger, jsonString, jsonTime };

const hexCode = (place: FieldPlace) => `"\\"" + hexText(bytes, ${rangeCode(place)}) + "\\""`;

/**
 * Expression of a field's value as JSON text; undefined for a field without octets. What does not fit its
 * type is printed like an unknown element.
 */
function jsonCode(field: FieldSpecifier, place: FieldPlace, shifted: boolean): string | undefined {
  if (place.length === 0) return undefined;
  const dataType = field.element?.dataType ?? 'octetArray';
  const value = nativeCode(dataType, place);
  if (value === undefined) return hexCode(place);
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      return (place.length as number) <= 6 ? value : `jsonInteger(${value})`;
    case 'float32':
    case 'float64':
      return `jsonFloat(${value})`;
    case 'boolean':
      return value;
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return `jsonTime(${value}${shifted && isShiftedTime(field) ? ' + shiftMs' : ''})`;
    case 'ipv4Address':
    case 'ipv6Address':
    case 'macAddress':
      return `"\\"" + ${value} + "\\""`;
    case 'string':
      return `jsonString(bytes, ${rangeCode(place)})`;
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return hexCode(place);
    default:
      return dataType satisfies never;
  }
}

/** The key of a field: its name, or what IPFIXcol2 and others call unknown elements. */
const keyOf = ({ element, pen, id }: FieldSpecifier) => element?.name ?? `e${pen}id${id}`;

/** Names that more than one field of the template has. */
function repeatedNames({ fields }: Template): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const field of fields) {
    if (field.length === 0) continue;
    const name = keyOf(field);
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return [...repeated];
}

/**
 * Our own line: `exportTime` (milliseconds since 1970), `observationDomainId`, `templateId`, then every field
 * under its name in the types that JSON has. A name that several fields have is printed once, behind the
 * others, with an array of their values in the order of the template.
 */
export const flowpactLine: LineStyle = (template, shifted) => {
  const repeated = repeatedNames(template);
  const listOf = (name: string) => `list${repeated.indexOf(name)}`;
  const begin = repeated.map((name) => `let ${listOf(name)} = "";`);
  const end = repeated.map((name) =>
    appendCode(`,${JSON.stringify(name)}:[`, `${listOf(name)}.slice(1)`, ']'),
  );
  begin.push(
    'let line = "{\\"exportTime\\":" + header.exportTime * 1000 + ",\\"observationDomainId\\":" + header.observationDomainId' +
      ` + ",\\"templateId\\":${template.id}";`,
  );
  end.push('onLine(line + "}");');
  return {
    scope,
    begin: begin.join('\n'),
    field(field, place) {
      const value = jsonCode(field, place, shifted && field.length !== variableLength);
      if (value === undefined) return undefined;
      const name = keyOf(field);
      if (repeated.includes(name)) return `${listOf(name)} += "," + ${value};`;
      return appendCode(`,${JSON.stringify(name)}:`, value);
    },
    end: end.join('\n'),
  };
};
