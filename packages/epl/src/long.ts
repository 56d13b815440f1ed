/**
 * 64-bit integers: a number while it is a safe integer, a bigint beyond. The form is canonical, so equal values are
 * equal under `===` and as keys of a Map, and the common case never leaves numbers.
 */
export type Long = number | bigint;

/** The canonical form of a value that fits 64 bits. */
export function canonicalLong(exact: bigint): Long {
  return exact >= -9007199254740991n && exact <= 9007199254740991n ? Number(exact) : exact;
}

/** Wraps to 64 bits in two's complement, as all arithmetic of longs does. */
function wrapLong(exact: bigint): Long {
  return canonicalLong(BigInt.asIntN(64, exact));
}

/** A value that was declared long may still be any number from outside; fractions are cut. */
function exactLong(value: Long): bigint {
  if (typeof value === 'bigint') return value;
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

export function addLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum) || !Number.isInteger(sum)) return sum;
  }
  return wrapLong(exactLong(a) + exactLong(b));
}

export function subtractLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference) || !Number.isInteger(difference)) return difference;
  }
  return wrapLong(exactLong(a) - exactLong(b));
}

export function multiplyLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product) || !Number.isInteger(product)) return product + 0;
  }
  return wrapLong(exactLong(a) * exactLong(b));
}

/** The remainder has the sign of the dividend. @throws RangeError for a remainder by zero, as in Java */
export function remainderLong(a: Long, b: Long): Long {
  return wrapLong(exactLong(a) % exactLong(b));
}

export function bitwiseLong(operator: '&' | '|' | '^', a: Long, b: Long): Long {
  const [left, right] = [exactLong(a), exactLong(b)];
  switch (operator) {
    case '&':
      return wrapLong(left & right);
    case '|':
      return wrapLong(left | right);
    case '^':
      return wrapLong(left ^ right);
    default:
      return operator satisfies never;
  }
}

const isInt = (value: Long): value is number => typeof value === 'number' && value === (value | 0);

/** Whole numbers of any size: nothing wraps. @throws RangeError for a remainder by zero */
export function bigArithmetic(operator: '+' | '-' | '*' | '%', a: Long, b: Long): Long {
  const [left, right] = [exactLong(a), exactLong(b)];
  switch (operator) {
    case '+':
      return canonicalLong(left + right);
    case '-':
      return canonicalLong(left - right);
    case '*':
      return canonicalLong(left * right);
    case '%':
      return canonicalLong(left % right);
    default:
      return operator satisfies never;
  }
}

/**
 * Brings the result of int arithmetic back to 32 bits, where its operands were ints. Operands that came in wider than
 * declared (a count of milliseconds in an int column) are data: their result stays exact.
 */
export function wrapInt(a: Long, b: Long, exact: Long): Long {
  if (!isInt(a) || !isInt(b)) return exact;
  return typeof exact === 'number' ? exact | 0 : Number(BigInt.asIntN(32, exact));
}

/** Number or bigint as a double. */
export function toDouble(value: Long): number {
  return typeof value === 'bigint' ? Number(value) : value;
}
