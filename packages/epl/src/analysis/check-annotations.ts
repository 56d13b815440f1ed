import type { Annotation } from '../annotation.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';

/** The annotations that Esper knows. */
const known = [
  'Audit',
  'AvroSchemaField',
  'BusEventType',
  'Description',
  'Drop',
  'EventRepresentation',
  'Hint',
  'Hook',
  'IterableUnbound',
  'JsonSchema',
  'JsonSchemaField',
  'Name',
  'NoLock',
  'Priority',
  'Private',
  'Protected',
  'Public',
  'Tag',
  'XMLSchema',
  'XMLSchemaField',
  'XMLSchemaNamespacePrefix',
];

/** Refuses annotations that neither Esper nor the program knows. `text` is the statement's. @throws Fault */
export function checkAnnotations(
  annotations: readonly Annotation[],
  allowed: readonly string[],
  text: string,
  { start }: Span,
): void {
  const names = [...known, ...allowed];
  const lower = new Set(names.map((name) => name.toLowerCase()));
  for (const { name } of annotations) {
    if (lower.has(name.toLowerCase())) continue;
    const at = start + Math.max(0, text.indexOf(`@${name}`));
    const span = { start: at, end: at + name.length + 1 };
    const close = closestName(name, names);
    throw new Fault('EPL_VALUE', `unknown annotation '@${name}'`, span, close && `@${close}`);
  }
}
