import type { PropertyType } from '../runtime/property-type.ts';
import { type Signature, takes } from './signature.ts';
import { isNumeric } from './types.ts';

/** What every value has. */
const common: readonly (readonly [string, Signature])[] = [
  ['equals', takes(['object'], 'boolean')],
  ['toString', takes([], 'string')],
];

/** Methods of strings: `url.toLowerCase()`. Names as in Java, which is what statements of the field use. */
const ofStrings: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...common,
  ['length', takes([], 'int')],
  ['isEmpty', takes([], 'boolean')],
  ['isBlank', takes([], 'boolean')],
  ['toLowerCase', takes([], 'string')],
  ['toUpperCase', takes([], 'string')],
  ['trim', takes([], 'string')],
  ['strip', takes([], 'string')],
  ['concat', takes(['string'], 'string')],
  ['repeat', takes(['int'], 'string')],
  ['replace', takes(['string', 'string'], 'string')],
  ['contains', takes(['string'], 'boolean')],
  ['startsWith', takes(['string', 'int'], 'boolean', 1)],
  ['endsWith', takes(['string'], 'boolean')],
  ['equalsIgnoreCase', takes(['string'], 'boolean')],
  ['matches', takes(['string'], 'boolean')],
  ['compareTo', takes(['string'], 'int')],
  ['compareToIgnoreCase', takes(['string'], 'int')],
  ['hashCode', takes([], 'int')],
  ['charAt', takes(['int'], 'char')],
  ['indexOf', takes(['string', 'int'], 'int', 1)],
  ['lastIndexOf', takes(['string'], 'int')],
  ['substring', takes(['int', 'int'], 'string', 1)],
  ['split', takes(['string'], { kind: 'array', element: 'string' })],
]);

const ofNumbers: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...common,
  ['intValue', takes([], 'int')],
  ['longValue', takes([], 'long')],
  ['floatValue', takes([], 'float')],
  ['doubleValue', takes([], 'double')],
  ['compareTo', takes(['double'], 'int')],
]);

const ofMaps: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['get', takes(['object'], 'object')],
  ['containsKey', takes(['object'], 'boolean')],
  ['size', takes([], 'int')],
  ['isEmpty', takes([], 'boolean')],
  ['keySet', takes([], { kind: 'array', element: 'string' })],
  ['values', takes([], { kind: 'array', element: 'object' })],
]);

const ofAnything: ReadonlyMap<string, Signature> = new Map(common);

const ofArrays = (element: PropertyType): ReadonlyMap<string, Signature> =>
  new Map<string, Signature>([
    ['size', takes([], 'int')],
    ['length', takes([], 'int')],
    ['isEmpty', takes([], 'boolean')],
    ['get', takes(['int'], element)],
    ['contains', takes([element], 'boolean')],
  ]);

/** The methods that values of a type have, and what their names in the library begin with. */
export function methodsOf(type: PropertyType): { prefix: string; methods: ReadonlyMap<string, Signature> } {
  if (type === 'string' || type === 'char') return { prefix: 'string.', methods: ofStrings };
  if (type === 'map') return { prefix: 'map.', methods: ofMaps };
  if (isNumeric(type)) return { prefix: 'number.', methods: ofNumbers };
  if (typeof type !== 'string' && type.kind === 'array')
    return { prefix: 'array.', methods: ofArrays(type.element) };
  if (typeof type === 'string') return { prefix: 'value.', methods: ofAnything };
  return { prefix: 'event.', methods: new Map() };
}
