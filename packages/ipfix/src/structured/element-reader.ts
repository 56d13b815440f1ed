import { isReadable } from '../record/field-place.ts';
import type { FieldValue } from '../record/field-value.ts';
import { nativeCode, valueFunctions } from '../record/value-code.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';

/** Reads the value in the `n` octets from `p`; null where they mean nothing. */
export type ElementReader = (bytes: Uint8Array, p: number, n: number) => FieldValue | null;

/** By data type and length; strings and octetArrays have one for all lengths, so that there are some 100 of them. */
const readers = new Map<string, ElementReader>();

/** A reader for values of a data type and length, which reads as records are read. Lists are read as octets. */
export function elementReader(dataType: AbstractDataType, length: number): ElementReader {
  const readable = dataType === 'string' || (isReadable(dataType, length) && !isList(dataType));
  const type = readable ? dataType : 'octetArray';
  const anyLength = type === 'string' || type === 'octetArray';
  const key = anyLength ? type : `${type} ${length}`;
  let reader = readers.get(key);
  if (reader === undefined) {
    const value = nativeCode(type, { offset: 0, length: anyLength ? 'variable' : length });
    const source = `"use strict";\nreturn function readElement(bytes, p, n) { return ${value}; };`;
    reader = new Function(...Object.keys(valueFunctions), source)(
      ...Object.values(valueFunctions),
    ) as ElementReader;
    readers.set(key, reader);
  }
  return reader;
}

/** Whether values of the type are lists of RFC 6313. */
export const isList = (dataType: AbstractDataType): dataType is ListType =>
  dataType === 'basicList' || dataType === 'subTemplateList' || dataType === 'subTemplateMultiList';

export type ListType = 'basicList' | 'subTemplateList' | 'subTemplateMultiList';
