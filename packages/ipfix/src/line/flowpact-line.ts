import { type FieldSpecifier, type Template, variableLength } from '../message/template.ts';
import { fieldName } from '../record/field-name.ts';
import { type FieldPlace, unsignedCode } from '../record/field-place.ts';
import { isShiftedTime } from '../record/shifted-times.ts';
import { nativeCode, rangeCode, valueFunctions } from '../record/value-code.ts';
import { extraValues } from './extra-values.ts';
import { writeJsonFloat, writeJsonName, writeJsonString, writeJsonTime } from './json-values.ts';
import type { LineStyle, ValueStatement } from './line-code.ts';

const scope = { ...valueFunctions, writeJsonFloat, writeJsonString, writeJsonTime, writeJsonName };

const plain = (code: string): ValueStatement => ({ code, quoted: false });
const quoted = (code: string): ValueStatement => ({ code, quoted: true });

/**
 * How a field's value is written as JSON; undefined for a field without octets. What does not fit its
 * type is printed like an unknown element.
 */
function valueStatement(
  field: FieldSpecifier,
  place: FieldPlace,
  shifted: boolean,
): ValueStatement | undefined {
  if (place.length === 0) return undefined;
  const dataType = field.element?.dataType ?? 'octetArray';
  const hex = quoted(`line.hex(bytes, ${rangeCode(place)});`);
  const value = nativeCode(dataType, place);
  if (value === undefined) return hex;
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      return plain(`line.jsonInteger(${value});`);
    case 'float32':
    case 'float64':
      return plain(`writeJsonFloat(line, ${value});`);
    case 'boolean':
      return plain(`line.ascii(String(${value}));`);
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return plain(`writeJsonTime(line, ${value}${shifted && isShiftedTime(field) ? ' + shiftMs' : ''});`);
    case 'ipv4Address':
      return quoted(`line.ipv4(${unsignedCode(place, 0, 4)});`);
    case 'ipv6Address':
    case 'macAddress':
      return quoted(`line.ascii(${value});`);
    case 'string':
      return plain(`writeJsonString(line, bytes, ${rangeCode(place)});`);
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return plain(`writeJsonList(line, ${JSON.stringify(dataType)}, bytes, ${rangeCode(place)}, header);`);
    case 'octetArray':
      return hex;
    default:
      return dataType satisfies never;
  }
}

/** What a line says of the message, before the fields. */
const headKeys: ReadonlySet<string> = new Set(['exportTime', 'observationDomainId', 'templateId']);

/** The key of a field. Elements 145 and 149, which have the names of head keys, have those of unknown elements. */
const lineKey = ({ element, pen, id }: FieldSpecifier): string =>
  fieldName({ pen, id, element: element !== undefined && headKeys.has(element.name) ? undefined : element });

/** Names that more than one field of the template has, each with an empty list of values. */
function repeatedNames({ fields, derivedFields }: Template): Map<string, ValueStatement[]> {
  const seen = new Set<string>();
  const repeated = new Map<string, ValueStatement[]>();
  for (const field of [...fields, ...derivedFields.map(({ field }) => field)]) {
    if (field.length === 0 || field.omitted === true) continue;
    const name = lineKey(field);
    if (seen.has(name)) repeated.set(name, []);
    seen.add(name);
  }
  return repeated;
}

/**
 * Our own line: `exportTime` (milliseconds since 1970), `observationDomainId`, `templateId`, then every field
 * under its name in the types that JSON has. A name that several fields have is printed once, behind the
 * others, with an array of their values in the order of the template. The elements `templateId` and `observationDomainId`
 * as fields are `e0id145` and `e0id149`.
 */
export const flowpactLine: LineStyle = (template, shifted, constants, wanted) => {
  const extras = extraValues(template, wanted);
  const repeated = repeatedNames(template);
  constants.append('{"exportTime":');
  const begin = [constants.writeValue(plain('line.integer(header.exportTime * 1000);'))];
  constants.append(',"observationDomainId":');
  begin.push(constants.writeValue(plain('line.integer(header.observationDomainId);')));
  constants.append(`,"templateId":${template.id}`);
  return {
    scope,
    keptFields: extras.keptFields,
    usesSamplingRate: extras.usesSamplingRate,
    begin: begin.join('\n'),
    field(field, place, index) {
      if (extras.replacedFields.has(index)) return undefined;
      const value = valueStatement(field, place, shifted && field.length !== variableLength);
      if (value === undefined) return undefined;
      const name = lineKey(field);
      const values = repeated.get(name);
      if (values === undefined) {
        constants.append(`,${JSON.stringify(name)}:`);
        return constants.writeValue(value);
      }
      // The value is written at the end of the record; until then its place is remembered.
      values.push({ ...value, code: `{ const p = p${index}, n = n${index}; ${value.code} }` });
      return `const p${index} = p, n${index} = n;`;
    },
    end() {
      const lists = [...repeated].flatMap(([name, values]) =>
        values.map((value, i) => {
          constants.append(i === 0 ? `,${JSON.stringify(name)}:[` : ',');
          const statements = constants.writeValue(value);
          if (i === values.length - 1) constants.append(']');
          return statements;
        }),
      );
      const more = extras.values.map(({ key, value }) => {
        constants.append(`,${JSON.stringify(key)}:`);
        return constants.writeValue(plain(value));
      });
      constants.append('}');
      return [...lists, ...more, constants.write(), 'onLine(line.take());'].join('\n');
    },
  };
};
