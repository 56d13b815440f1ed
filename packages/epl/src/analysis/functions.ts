import type { Bound } from '../plan/expression.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import { arithmeticType, commonType, isNumeric } from './types.ts';

/** What a function of the library takes and gives. */
export interface Signature {
  readonly parameters: string;
  /** The type of the result, or undefined where the arguments do not fit. */
  result(types: readonly PropertyType[]): PropertyType | undefined;
}

const extreme: Signature = {
  parameters: 'two or more numbers',
  result: (types) => (types.length > 1 && types.every(isNumeric) ? types.reduce(arithmeticType) : undefined),
};

/** Functions over the values of one row, by lower-case name. */
export const functions: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  [
    'coalesce',
    {
      parameters: 'two or more values of one type',
      result: (types) => (types.length > 1 ? commonType(types) : undefined),
    },
  ],
  ['min', extreme],
  ['max', extreme],
]);

const takes = (parameters: readonly PropertyType[], result: PropertyType, optional = 0): Signature => ({
  parameters: parameters.length === 0 ? 'no arguments' : parameters.join(', '),
  result: (types) => {
    const enough = types.length <= parameters.length && types.length >= parameters.length - optional;
    return enough && types.every((type, i) => type === 'null' || type === parameters[i]) ? result : undefined;
  },
});

/** Methods of strings: `url.toLowerCase()`. Names as in Java, which is what statements of the field use. */
const stringMethods: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['length', takes([], 'int')],
  ['isEmpty', takes([], 'boolean')],
  ['toLowerCase', takes([], 'string')],
  ['toUpperCase', takes([], 'string')],
  ['trim', takes([], 'string')],
  ['concat', takes(['string'], 'string')],
  ['contains', takes(['string'], 'boolean')],
  ['startsWith', takes(['string'], 'boolean')],
  ['endsWith', takes(['string'], 'boolean')],
  ['equals', takes(['string'], 'boolean')],
  ['equalsIgnoreCase', takes(['string'], 'boolean')],
  ['indexOf', takes(['string'], 'int')],
  ['lastIndexOf', takes(['string'], 'int')],
  ['substring', takes(['int', 'int'], 'string', 1)],
]);

const arrayMethods: ReadonlyMap<string, Signature> = new Map<string, Signature>([['size', takes([], 'int')]]);

/** The methods that values of that type have; undefined where it has none. */
export function methodsOf(
  base: Bound,
): { prefix: string; methods: ReadonlyMap<string, Signature> } | undefined {
  if (base.type === 'string') return { prefix: 'string.', methods: stringMethods };
  if (typeof base.type !== 'string' && base.type.kind === 'array')
    return { prefix: 'array.', methods: arrayMethods };
  return undefined;
}
