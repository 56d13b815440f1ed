const double = new Float64Array(1);
const doubleBits = new BigUint64Array(double.buffer);

/**
 * The double nearest to mantissa × 2^exponent, ties to even, subnormals and overflow to infinity included
 * (IEEE 754-2019, 4.3.1). The mantissa is positive.
 */
export function nearestDouble(mantissa: bigint, exponent: bigint): number {
  const width = mantissa.toString(2).length;
  /** Exponent of the highest bit: the value is 1.xxx × 2^top. */
  const top = exponent + BigInt(width) - 1n;
  if (top > 1023n) return Number.POSITIVE_INFINITY;
  if (top < -1075n) return 0;
  // A double's last bit is worth 2^-52 of its first, but never less than 2^-1074.
  const last = Math.max(Number(top) - 52, -1074);
  const shift = last - Number(exponent);
  const whole = shift > 0 ? roundToEven(mantissa, BigInt(shift)) : mantissa << BigInt(-shift);
  // A carry out of the fraction moves into the exponent by itself, up to infinity.
  const biased = BigInt(last + 1074);
  doubleBits[0] = (biased << 52n) + whole;
  return double[0];
}

function roundToEven(value: bigint, shift: bigint): bigint {
  const half = 1n << (shift - 1n);
  const whole = value >> shift;
  const rest = value & ((1n << shift) - 1n);
  return rest > half || (rest === half && (whole & 1n) === 1n) ? whole + 1n : whole;
}
