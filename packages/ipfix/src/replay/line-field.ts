import { parseTime } from '../filter/filter-value.ts';
import type { FieldValue } from '../record/field-value.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import { findElement, findElementsByName } from '../registry/find-element.ts';

/** What a key of a line of our own style stands for. */
export interface LineField {
  readonly pen: number;
  readonly id: number;
  /** Octets that the encoder gives it: those of its type, variable for strings and octets. */
  readonly length: number;
  /** The value in the types of the encoder; undefined where it is none. */
  parse(value: unknown): FieldValue | undefined;
}

/** The field of a key: the name of an element, or `e39499id2`. Undefined for what is no field. */
export function lineField(key: string): LineField | undefined {
  const [, pen, id] = /^e(\d{1,10})id(\d{1,5})$/.exec(key) ?? [];
  if (pen !== undefined) return fieldOf(Number(pen), Number(id), 'octetArray');
  const [element] = findElementsByName(key);
  if (element === undefined) return undefined;
  return fieldOf(element.pen, element.id, findElement(element.pen, element.id)?.dataType ?? element.dataType);
}

function fieldOf(pen: number, id: number, dataType: AbstractDataType): LineField | undefined {
  const form = formOf(dataType);
  return form === undefined ? undefined : { pen, id, ...form };
}

const variable = 65535;

/** Length and reader of the values of a type; undefined for lists. */
function formOf(dataType: AbstractDataType): Pick<LineField, 'length' | 'parse'> | undefined {
  switch (dataType) {
    case 'unsigned8':
    case 'signed8':
      return { length: 1, parse: integer };
    case 'unsigned16':
    case 'signed16':
      return { length: 2, parse: integer };
    case 'unsigned32':
    case 'signed32':
      return { length: 4, parse: integer };
    case 'unsigned64':
    case 'signed64':
      return { length: 8, parse: integer };
    case 'float32':
      return { length: 4, parse: number };
    case 'float64':
      return { length: 8, parse: number };
    case 'boolean':
      return { length: 1, parse: (value) => (typeof value === 'boolean' ? value : undefined) };
    case 'ipv4Address':
      return { length: 4, parse: text };
    case 'ipv6Address':
      return { length: 16, parse: text };
    case 'macAddress':
      return { length: 6, parse: text };
    case 'dateTimeSeconds':
      return { length: 4, parse: time };
    case 'dateTimeMilliseconds':
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return { length: 8, parse: time };
    case 'string':
      return { length: variable, parse: text };
    case 'octetArray':
      return { length: variable, parse: octets };
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return undefined;
    default:
      return dataType satisfies never;
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

/** Integers that a JSON number would round are texts. */
function integer(value: unknown): number | bigint | undefined {
  if (Number.isSafeInteger(value)) return value as number;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

const time = (value: unknown) => (typeof value === 'string' ? parseTime(value) : number(value));

const octets = (value: unknown) =>
  typeof value === 'string' && /^([0-9a-f]{2})*$/i.test(value)
    ? Uint8Array.from(Buffer.from(value, 'hex'))
    : undefined;
