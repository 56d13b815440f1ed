import type { FieldSpecifier } from '../message/template.ts';

/** The name of a field's element, or what IPFIXcol2 and others call unknown ones: `e39499id2`. */
export const fieldName = ({ element, pen, id }: Omit<FieldSpecifier, 'length'>): string =>
  element?.name ?? `e${pen}id${id}`;
