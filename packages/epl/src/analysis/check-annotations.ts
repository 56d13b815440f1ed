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

/** What the attributes of an annotation hold; those that it must have stand in `required`. */
interface Attributes {
  readonly required: readonly string[];
  readonly type?: 'string' | 'number';
}

const attributes: ReadonlyMap<string, Attributes> = new Map([
  ['name', { required: ['value'], type: 'string' }],
  ['description', { required: ['value'], type: 'string' }],
  ['hint', { required: ['value'], type: 'string' }],
  ['priority', { required: ['value'], type: 'number' }],
  ['tag', { required: ['name', 'value'], type: 'string' }],
  ['drop', { required: [] }],
  ['nolock', { required: [] }],
  ['iterableunbound', { required: [] }],
]);

/** The hints that Esper knows. But for those of `reclaim_group` they change how it computes and not what, and have no effect here. */
const hints: ReadonlySet<string> = new Set(
  `iterate_only disable_reclaim_group reclaim_group_aged reclaim_group_freq enable_window_subquery_indexshare
  disable_window_subquery_indexshare set_noindex force_nested_iter prefer_merge_join index exclude_plan filterindex
  disable_whereexpr_movetofilter max_filter_width enable_outputlimit_opt disable_outputlimit_opt
  disable_unique_implicit_idx`.split(/\s+/),
);

/** What is wrong with an annotation of Esper's. */
function faultOf({ name, attributes: given }: Annotation): string | undefined {
  const known = attributes.get(name.toLowerCase());
  if (known === undefined) return undefined;
  const missing = known.required.find((attribute) => given[attribute] === undefined);
  if (missing !== undefined) return `the annotation '@${name}' needs a value for '${missing}'`;
  const foreign = Object.keys(given).find((attribute) => !known.required.includes(attribute));
  if (foreign !== undefined) return `the annotation '@${name}' has no attribute '${foreign}'`;
  const unfit = known.required.find((attribute) => typeof given[attribute] !== known.type);
  if (unfit !== undefined) return `'${unfit}' of the annotation '@${name}' must be a ${known.type}`;
  if (name.toLowerCase() !== 'hint') return undefined;
  const words = String(given.value)
    .replace(/\([^)]*\)/g, '')
    .split(',');
  const unknown = words
    .map((word) => word.replace(/=.*/, '').trim())
    .find((word) => !hints.has(word.toLowerCase()));
  return unknown === undefined ? undefined : `unknown hint '${unknown}'`;
}

/** Refuses annotations that neither Esper nor the program knows. `text` is the statement's. @throws Fault */
export function checkAnnotations(
  annotations: readonly Annotation[],
  allowed: readonly string[],
  text: string,
  { start }: Span,
): void {
  const names = [...known, ...allowed];
  const lower = new Set(names.map((name) => name.toLowerCase()));
  for (const annotation of annotations) {
    const { name } = annotation;
    const at = start + Math.max(0, text.indexOf(`@${name}`));
    const span = { start: at, end: at + name.length + 1 };
    const fault = faultOf(annotation);
    if (fault !== undefined) throw new Fault('EPL_VALUE', fault, span);
    if (lower.has(name.toLowerCase())) continue;
    const close = closestName(name, names);
    throw new Fault('EPL_VALUE', `unknown annotation '@${name}'`, span, close && `@${close}`);
  }
}
