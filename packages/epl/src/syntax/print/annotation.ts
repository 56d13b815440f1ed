import type { Annotation, AnnotationValue } from '../../annotation.ts';
import { printString } from './name.ts';

export const printAnnotations = (annotations: readonly Annotation[]): string =>
  annotations.map(printAnnotation).join(' ');

function printAnnotation({ name, attributes }: Annotation): string {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return `@${name}`;
  if (entries.length === 1 && entries[0][0] === 'value') return `@${name}(${printValue(entries[0][1])})`;
  return `@${name}(${entries.map(([key, value]) => `${key}=${printValue(value)}`).join(', ')})`;
}

function printValue(value: AnnotationValue): string {
  if (typeof value === 'string') return printString(value);
  if (value === null || typeof value !== 'object') return String(value);
  if ('attributes' in value) return printAnnotation(value);
  return `{${value.map(printValue).join(', ')}}`;
}
