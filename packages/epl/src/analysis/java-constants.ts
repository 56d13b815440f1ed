import type { Bound } from '../plan/expression.ts';
import type { PathPart } from '../syntax/expression.ts';

type Constant = Extract<Bound, { kind: 'constant' }>;

const int = (value: number): Constant => ({ kind: 'constant', type: 'int', value });
const long = (value: bigint): Constant => ({ kind: 'constant', type: 'long', value });
const double = (value: number): Constant => ({ kind: 'constant', type: 'double', value });

/** Constants of Java's classes under their names there. */
const constants: ReadonlyMap<string, Constant> = new Map([
  ['Byte.MAX_VALUE', int(127)],
  ['Byte.MIN_VALUE', int(-128)],
  ['Short.MAX_VALUE', int(32767)],
  ['Short.MIN_VALUE', int(-32768)],
  ['Integer.MAX_VALUE', int(2147483647)],
  ['Integer.MIN_VALUE', int(-2147483648)],
  ['Long.MAX_VALUE', long(9223372036854775807n)],
  ['Long.MIN_VALUE', long(-9223372036854775808n)],
  ['Double.MAX_VALUE', double(Number.MAX_VALUE)],
  ['Double.MIN_VALUE', double(Number.MIN_VALUE)],
  ['Double.NaN', double(Number.NaN)],
  ['Double.POSITIVE_INFINITY', double(Number.POSITIVE_INFINITY)],
  ['Double.NEGATIVE_INFINITY', double(Number.NEGATIVE_INFINITY)],
  ['Math.PI', double(Math.PI)],
  ['Math.E', double(Math.E)],
]);

/** `Integer.MAX_VALUE`; undefined where the path names no such constant. */
export function javaConstant(parts: readonly PathPart[]): Bound | undefined {
  const plain = parts.every((part) => part.arguments === undefined && part.indexes === undefined);
  return plain ? constants.get(parts.map(({ name }) => name).join('.')) : undefined;
}
