import { canonicalLong, type Long, toDouble } from '../long.ts';
import type { PropertyType, SimpleType } from '../runtime/property-type.ts';

const viaInt: ReadonlySet<SimpleType> = new Set(['byte', 'short', 'int']);

/**
 * `cast(x, type)` of a value that is not null and declared so. A double becomes a byte, short or int by way of the
 * nearest int. @throws RangeError for a text that is none of that type
 */
export function castStrictly(value: unknown, from: PropertyType, type: SimpleType): unknown {
  if ((from === 'double' || from === 'float') && viaInt.has(type) && !Number.isNaN(value))
    return castValue(Math.min(Math.max(Number(value), -(2 ** 31)), 2 ** 31 - 1), type);
  if (type === 'boolean' && typeof value !== 'string') return typeof value === 'boolean' ? value : null;
  const cast = castValue(value, type);
  if (from === 'string' && !isWritten(value as string, type, cast))
    throw new RangeError(`'${value}' is no ${type}`);
  return cast;
}

/** Whether the text, which was read as that value, is one of that type and within its bounds. */
function isWritten(text: string, type: SimpleType, cast: unknown): boolean {
  if (type === 'boolean') return /^(true|false)$/i.test(text);
  const whole = type === 'long' || viaInt.has(type);
  return cast !== null && (!whole || (longText.test(text) && BigInt(text) === BigInt(cast as Long)));
}

/** Converts a value that is not null, as Java's casts and parsers do; what cannot be converted is null. */
export function castValue(value: unknown, type: SimpleType): unknown {
  switch (type) {
    case 'string':
      return castToText(value);
    case 'char':
      return castToText(value).slice(0, 1);
    case 'boolean':
      return typeof value === 'string' ? value.toLowerCase() === 'true' : value === true;
    case 'byte':
      return integer(value, 8);
    case 'short':
      return integer(value, 16);
    case 'int':
      return integer(value, 32);
    case 'long':
      return integer(value, 64);
    case 'float': {
      const number = real(value);
      return number === null ? null : Math.fround(number);
    }
    case 'bigint':
      return integer(value, undefined);
    case 'double':
    case 'bigdecimal':
      return real(value);
    default:
      return value;
  }
}

export const castToText = (value: unknown): string => (typeof value === 'string' ? value : String(value));

function real(value: unknown): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') return toDouble(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

const smallestLong = -(2n ** 63n);
const largestLong = 2n ** 63n - 1n;

const longText = /^[+-]?\d{1,19}$/;
const bigText = /^[+-]?\d{1,1000}$/;

/** Fractions are cut; doubles saturate at the bounds of long as in Java; the bits above the width are dropped. Without bits: any size. */
function integer(value: unknown, bits: 8 | 16 | 32 | 64 | undefined): Long | null {
  let exact: bigint;
  if (typeof value === 'bigint') exact = value;
  else if (typeof value === 'number') {
    if (Number.isNaN(value)) return 0;
    if (bits === undefined && !Number.isFinite(value)) return null;
    if (bits !== undefined && Math.abs(value) >= 2 ** 63) exact = value < 0 ? smallestLong : largestLong;
    else exact = BigInt(Math.trunc(value));
  } else if (typeof value === 'string' && (bits === undefined ? bigText : longText).test(value.trim())) {
    exact = BigInt(value.trim().replace(/^\+/, ''));
  } else return null;
  return canonicalLong(bits === undefined ? exact : BigInt.asIntN(bits, exact));
}
