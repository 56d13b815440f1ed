import { type PropertyType, printType } from '../runtime/property-type.ts';
import { isAssignable } from './types.ts';

/** What a function of the library takes and gives. */
export interface Signature {
  /** For messages. */
  readonly parameters: string;
  /** The type of the result, or undefined where the arguments do not fit. */
  result(types: readonly PropertyType[]): PropertyType | undefined;
}

/** A signature of fixed types, of whose parameters the last `optional` ones may be left out. */
export const takes = (
  parameters: readonly PropertyType[],
  result: PropertyType,
  optional = 0,
): Signature => ({
  parameters: parameters.length === 0 ? 'no arguments' : parameters.map(printType).join(', '),
  result: (types) => {
    const enough = types.length <= parameters.length && types.length >= parameters.length - optional;
    return enough && types.every((type, i) => isAssignable(type, parameters[i])) ? result : undefined;
  },
});
