import type { Template } from '../message/template.ts';
import type { FieldPlace } from '../record/field-place.ts';
import { nativeCode, numberCode, rangeCode } from '../record/value-code.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import type { ElementNumber } from './filter-expression.ts';

/** How a variable holds a field: as a number or bigint, as text, or as the offset of its first octet. */
type Form = 'number' | 'text' | 'offset';

/** The variables that generated code needs to test a record of one template. */
export interface RecordVariables {
  /** Name of the variable with the first of these elements that the template has as a number; undefined if none. */
  number(elements: readonly ElementNumber[]): string | undefined;
  text(elements: readonly ElementNumber[]): string | undefined;
  /** Name of the variable with the offset of the element, and its length; undefined where it is none of 16 octets. */
  offset(element: ElementNumber): string | undefined;
  /** Name of the variable with an IPv4 address as a signed integer. */
  ipv4(element: ElementNumber): string | undefined;
  has(element: ElementNumber): boolean;
  /** Statement that sets the variables of the field with this index, if there are any. */
  declarations(index: number, place: FieldPlace): string | undefined;
}

export function createRecordVariables(template: Template): RecordVariables {
  const fields = [...template.fields, ...template.derivedFields.map(({ field }) => field)];
  const used = new Map<number, Map<string, (place: FieldPlace) => string>>();

  const indexOf = ({ pen, id }: ElementNumber) =>
    fields.findIndex(
      (field) => field.pen === pen && field.id === id && field.length > 0 && field.omitted !== true,
    );

  function variable(index: number, form: Form, code: (place: FieldPlace) => string): string {
    const name = `${form}${index}`;
    const known = used.get(index);
    if (known === undefined) used.set(index, new Map([[name, code]]));
    else known.set(name, code);
    return name;
  }

  /** The first field of these elements for which there is code. */
  function first(
    elements: readonly ElementNumber[],
    form: Form,
    codeOf: (dataType: AbstractDataType) => (place: FieldPlace) => string | undefined,
  ): string | undefined {
    for (const element of elements) {
      const index = indexOf(element);
      if (index < 0) continue;
      const code = codeOf(fields[index].element?.dataType ?? 'octetArray');
      const { length } = fields[index];
      const place = { offset: 0, length: length === 65535 ? ('variable' as const) : length };
      if (code(place) === undefined) return undefined;
      return variable(index, form, (at) => code(at) as string);
    }
    return undefined;
  }

  return {
    number: (elements) =>
      first(elements, 'number', (dataType) => (place) => exactNumberCode(dataType, place)),
    text: (elements) =>
      first(elements, 'text', (dataType) => (place) => {
        if (dataType === 'string') return nativeCode(dataType, place);
        return `hexText(bytes, ${rangeCode(place)})`;
      }),
    offset(element) {
      const index = indexOf(element);
      if (index < 0 || fields[index].length !== 16) return undefined;
      return variable(index, 'offset', ({ offset }) => `p + ${offset}`);
    },
    ipv4(element) {
      const index = indexOf(element);
      if (index < 0 || fields[index].length !== 4) return undefined;
      return variable(index, 'number', (place) => `(${numberCode('ipv4Address', place)} | 0)`);
    },
    has: (element) => indexOf(element) >= 0,
    declarations(index, place) {
      const variables = used.get(index);
      if (variables === undefined) return undefined;
      return [...variables].map(([name, code]) => `const ${name} = ${code(place)};`).join('\n');
    },
  };
}

/** A number where that is exact, else a bigint; undefined for what is no number. */
function exactNumberCode(dataType: AbstractDataType, place: FieldPlace): string | undefined {
  const number = numberCode(dataType, place);
  if (number === undefined || dataType === 'boolean' || dataType === 'macAddress') return number;
  return dataType === 'ipv4Address' ? undefined : nativeCode(dataType, place);
}
