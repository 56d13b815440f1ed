import { addLong, canonicalLong, type Long, multiplyLong, toDouble, wrapInt } from '../long.ts';
import { castValue, castToText as text } from './cast.ts';
import type { LibraryFunction } from './library.ts';

const real =
  (call: (x: number) => number): LibraryFunction =>
  (x) =>
    call(toDouble(x as Long));

const real2 =
  (call: (x: number, y: number) => number): LibraryFunction =>
  (x, y) =>
    call(toDouble(x as Long), toDouble(y as Long));

const smaller = (a: unknown, b: unknown): unknown => ((b as number) < (a as number) ? b : a);
const larger = (a: unknown, b: unknown): unknown => ((b as number) > (a as number) ? b : a);

/** Like Java's absolute value of ints, that of the smallest int is itself. */
function absolute(x: unknown): unknown {
  const value = x as Long;
  if (value >= 0) return value;
  if (typeof value === 'number' && !Number.isInteger(value)) return -value;
  return wrapInt(value, value, multiplyLong(value, -1));
}

/** Quotient rounded down; null where the divisor is zero. */
function floorDivide(a: Long, b: Long): Long | null {
  const [dividend, divisor] = [BigInt(a), BigInt(b)];
  if (divisor === 0n) return null;
  const quotient = dividend / divisor;
  const exact = dividend % divisor !== 0n && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
  return canonicalLong(BigInt.asIntN(64, exact));
}

function floorRemainder(a: Long, b: Long): Long | null {
  const quotient = floorDivide(a, b);
  return quotient === null ? null : addLong(a, multiplyLong(multiplyLong(quotient, b), -1));
}

const bits = (value: unknown, width: 32 | 64): bigint => BigInt.asUintN(width, BigInt(value as Long));

const bitCount = (value: bigint): number => value.toString(2).replaceAll('0', '').length;

/** Half-way values go up, also negative ones. */
const round = (x: unknown): unknown => castValue(Math.floor(toDouble(x as Long) + 0.5), 'long');

/** To the nearest whole number, half-way values to the even one. */
function rint(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Functions of Java's classes under their names there. What cannot be read as a number is null. */
export const javaLibrary: Readonly<Record<string, LibraryFunction>> = {
  'Math.abs': absolute,
  'Math.max': larger,
  'Math.min': smaller,
  'Math.floorMod': (a, b) => floorRemainder(a as Long, b as Long),
  'Math.floorDiv': (a, b) => floorDivide(a as Long, b as Long),
  'Math.round': round,
  'Math.floor': real(Math.floor),
  'Math.ceil': real(Math.ceil),
  'Math.rint': real(rint),
  'Math.signum': real(Math.sign),
  'Math.sqrt': real(Math.sqrt),
  'Math.cbrt': real(Math.cbrt),
  'Math.exp': real(Math.exp),
  'Math.log': real(Math.log),
  'Math.log10': real(Math.log10),
  'Math.sin': real(Math.sin),
  'Math.cos': real(Math.cos),
  'Math.tan': real(Math.tan),
  'Math.asin': real(Math.asin),
  'Math.acos': real(Math.acos),
  'Math.atan': real(Math.atan),
  'Math.toRadians': real((degrees) => (degrees / 180) * Math.PI),
  'Math.toDegrees': real((radians) => (radians * 180) / Math.PI),
  'Math.pow': real2((x, y) => x ** y),
  'Math.atan2': real2(Math.atan2),
  'Math.hypot': real2(Math.hypot),
  'String.join': (separator, parts) => (parts as readonly unknown[]).map(String).join(text(separator)),
  'Integer.parseInt': (x) => castValue(x, 'int'),
  'Integer.valueOf': (x) => castValue(x, 'int'),
  'Integer.toHexString': (x) => bits(x, 32).toString(16),
  'Integer.toBinaryString': (x) => bits(x, 32).toString(2),
  'Integer.bitCount': (x) => bitCount(bits(x, 32)),
  'Long.parseLong': (x) => castValue(x, 'long'),
  'Long.valueOf': (x) => castValue(x, 'long'),
  'Long.toHexString': (x) => bits(x, 64).toString(16),
  'Long.bitCount': (x) => bitCount(bits(x, 64)),
  'Double.parseDouble': (x) => castValue(x, 'double'),
  'Double.valueOf': (x) => castValue(x, 'double'),
  'Double.isNaN': (x) => Number.isNaN(x),
  'Double.isInfinite': (x) => x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY,
  'Float.parseFloat': (x) => castValue(x, 'float'),
  'Float.valueOf': (x) => castValue(x, 'float'),
  'Boolean.parseBoolean': (x) => castValue(x, 'boolean'),
  'Boolean.valueOf': (x) => castValue(x, 'boolean'),
};
