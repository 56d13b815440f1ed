import type { PropertyType } from '../runtime/property-type.ts';
import { type Signature, takes } from './signature.ts';
import { arithmeticType, commonType, isInteger, isNumeric, isOpen, isText } from './types.ts';

const extreme: Signature = {
  parameters: 'two or more numbers',
  result: (types) => (types.length > 1 && types.every(isNumeric) ? types.reduce(arithmeticType) : undefined),
};

const number = (result: (type: PropertyType) => PropertyType): Signature => ({
  parameters: 'a number',
  result: ([type, ...rest]) => (rest.length === 0 && isNumeric(type) ? result(type) : undefined),
});

const twoNumbers = (fits: (type: PropertyType) => boolean): Signature => ({
  parameters: 'two numbers',
  result: (types) => (types.length === 2 && types.every(fits) ? types.reduce(arithmeticType) : undefined),
});

const toDouble = number(() => 'double');

/** A number, or a text that is read as one. */
const parsed = (result: PropertyType): Signature => ({
  parameters: 'a string or a number',
  result: ([type, ...rest]) => (rest.length === 0 && (isText(type) || isNumeric(type)) ? result : undefined),
});

const anything: Signature = {
  parameters: 'one value',
  result: (types) => (types.length === 1 ? 'string' : undefined),
};

/**
 * Functions over the values of one row: those of the language by their lower-case names, and those of Java's classes
 * that statements of the field call, by their names in Java. `java.lang.` before them is left out.
 */
export const functions: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  [
    'coalesce',
    {
      parameters: 'two or more values of one type',
      // What may be anything goes with no other type.
      result: (types) => {
        const open = types.includes('object') && types.some((type) => !isOpen(type));
        return types.length > 1 && !open ? commonType(types) : undefined;
      },
    },
  ],
  ['min', extreme],
  ['max', extreme],
  ['Math.abs', number((type) => arithmeticType(type, 'int'))],
  ['Math.max', twoNumbers(isNumeric)],
  ['Math.min', twoNumbers(isNumeric)],
  ['Math.floorMod', twoNumbers(isInteger)],
  ['Math.floorDiv', twoNumbers(isInteger)],
  ['Math.round', number((type) => (type === 'float' ? 'int' : 'long'))],
  ['Math.floor', toDouble],
  ['Math.ceil', toDouble],
  ['Math.rint', toDouble],
  ['Math.signum', toDouble],
  ['Math.sqrt', toDouble],
  ['Math.cbrt', toDouble],
  ['Math.exp', toDouble],
  ['Math.log', toDouble],
  ['Math.log10', toDouble],
  ['Math.sin', toDouble],
  ['Math.cos', toDouble],
  ['Math.tan', toDouble],
  ['Math.asin', toDouble],
  ['Math.acos', toDouble],
  ['Math.atan', toDouble],
  ['Math.toRadians', toDouble],
  ['Math.toDegrees', toDouble],
  ['Math.pow', takes(['double', 'double'], 'double')],
  ['Math.atan2', takes(['double', 'double'], 'double')],
  ['Math.hypot', takes(['double', 'double'], 'double')],
  ['String.valueOf', anything],
  ['String.join', takes(['string', { kind: 'array', element: 'string' }], 'string')],
  ['Integer.parseInt', parsed('int')],
  ['Integer.valueOf', parsed('int')],
  ['Integer.toString', takes(['int'], 'string')],
  ['Integer.toHexString', takes(['int'], 'string')],
  ['Integer.toBinaryString', takes(['int'], 'string')],
  ['Integer.bitCount', takes(['int'], 'int')],
  ['Long.parseLong', parsed('long')],
  ['Long.valueOf', parsed('long')],
  ['Long.toString', takes(['long'], 'string')],
  ['Long.toHexString', takes(['long'], 'string')],
  ['Long.bitCount', takes(['long'], 'int')],
  ['Double.parseDouble', parsed('double')],
  ['Double.valueOf', parsed('double')],
  ['Double.toString', takes(['double'], 'string')],
  ['Double.isNaN', takes(['double'], 'boolean')],
  ['Double.isInfinite', takes(['double'], 'boolean')],
  ['Float.parseFloat', parsed('float')],
  ['Float.valueOf', parsed('float')],
  ['Boolean.parseBoolean', takes(['string'], 'boolean')],
  ['Boolean.valueOf', takes(['string'], 'boolean')],
]);
