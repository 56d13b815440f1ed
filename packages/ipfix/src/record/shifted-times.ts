import type { FieldSpecifier, Template } from '../message/template.ts';

const flowStartMilliseconds = 152;
const flowEndMilliseconds = 153;

/** Whether a {@link TimeShift} moves records of this template: they have both times. */
export function hasShiftedTimes({ fields, derivedFields }: Template): boolean {
  const all = [...fields, ...derivedFields.map(({ field }) => field)];
  const has = (id: number) => all.some((field) => field.pen === 0 && field.id === id);
  return has(flowStartMilliseconds) && has(flowEndMilliseconds);
}

/** Whether the field is one of the two. */
export const isShiftedTime = ({ pen, id }: FieldSpecifier): boolean =>
  pen === 0 && (id === flowStartMilliseconds || id === flowEndMilliseconds);
