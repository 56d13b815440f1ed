import type { FieldValue } from '../record/field-value.ts';

/**
 * A list of RFC 6313 as JavaScript holds it. The semantic octet (allOf, anyOf …) is not kept.
 *
 * | abstract data type | value |
 * |---|---|
 * | basicList | array of values; null where one has none |
 * | subTemplateList, subTemplateMultiList | array of records: objects by the elements' names |
 *
 * A list that contradicts itself, has a template that is not known, or is nested too deep is a Uint8Array.
 */
export type ListValue = readonly ListItem[];

export type ListItem = FieldValue | ListValue | ListRecord | null;

/** A name that several fields have holds an array of their values. */
export interface ListRecord {
  readonly [name: string]: ListItem;
}
