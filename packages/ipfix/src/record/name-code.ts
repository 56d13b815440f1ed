import type { FieldSpecifier } from '../message/template.ts';
import { type FieldPlace, isReadable } from './field-place.ts';
import { rangeCode, unsignedNumberCode } from './value-code.ts';

const interfaces: ReadonlySet<number> = new Set([10, 14, 252, 253]);
const applicationId = 95;

/** Expression of what the exporter calls the interface or application with this number; undefined for other fields. */
export function nameCode({ pen, id }: FieldSpecifier, place: FieldPlace): string | undefined {
  if (pen !== 0) return undefined;
  if (interfaces.has(id) && isReadable('unsigned32', place.length)) {
    return `header.knowledge.names.interfaceName(${unsignedNumberCode(place)}) ?? null`;
  }
  if (id === applicationId)
    return `header.knowledge.names.applicationName(hexText(bytes, ${rangeCode(place)})) ?? null`;
  return undefined;
}
