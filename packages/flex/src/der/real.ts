import type { DerReader } from './der-reader.ts';
import type { DerWriter } from './der-writer.ts';
import { describeValue } from './describe-value.ts';
import { FlexReal } from './flex-real.ts';
import { isPadding } from './integer.ts';
import { nearestDouble } from './nearest-double.ts';
import { tags } from './tags.ts';

/** X.690, 8.5.9: contents of a special value. */
const special: ReadonlyMap<number, number> = new Map([
  [0x40, Number.POSITIVE_INFINITY],
  [0x41, Number.NEGATIVE_INFINITY],
  [0x42, Number.NaN],
  [0x43, -0],
]);

export function writeReal(writer: DerWriter, real: FlexReal): void {
  const mark = writer.size;
  if (real.octets === undefined) {
    if (typeof real.value !== 'number') writer.fail(`${describeValue(real.value)} is not a number`);
    writer.octets(doubleOctets(real.value));
  } else {
    if (!(real.octets instanceof Uint8Array)) writer.fail('octets of a REAL that are no Uint8Array');
    const fault = parseReal(real.octets);
    if (typeof fault === 'string') writer.fail(`octets of a REAL: ${fault}`);
    writer.octets(real.octets);
  }
  writer.header(tags.real, mark);
}

export function readReal(reader: DerReader): FlexReal {
  const start = reader.position;
  const length = reader.header(tags.real);
  const { maxIntegerBytes } = reader.limits;
  if (length > maxIntegerBytes) {
    reader.fail('FLEX_LIMIT', `REAL of ${length} octets, maxIntegerBytes = ${maxIntegerBytes}`, start);
  }
  const octets = reader.bytes.slice(reader.position, reader.position + length);
  const real = parseReal(octets);
  if (typeof real === 'string') return reader.fail('FLEX_NOT_DER', `REAL ${real}`, start);
  reader.position += length;
  return real;
}

/** X.690, 11.3.2: NR3 of ISO 6093, mantissa whole and without zeros at its ends. */
const decimalForm = /^-?(?:[1-9]|[1-9]\d*[1-9])\.E(?:\+0|-?[1-9]\d*)$/;

/** The value, or what is wrong with the contents octets. */
function parseReal(octets: Uint8Array): FlexReal | string {
  if (octets.length === 0) return new FlexReal(0);
  const first = octets[0];
  if (first >= 0x80) return parseBinary(octets);
  if (first === 0x03) {
    const text = Buffer.from(octets.buffer, octets.byteOffset + 1, octets.length - 1).toString('latin1');
    if (!decimalForm.test(text)) return 'in decimal form other than NR3 without padding';
    return new FlexReal(Number(text), octets);
  }
  const value = special.get(first);
  if (value === undefined || octets.length > 1)
    return `begins with ${first.toString(16)}, which says nothing`;
  return new FlexReal(value);
}

/** X.690, 8.5.7 and 11.3.1: sign × mantissa × 2^exponent, mantissa odd, no scaling, everything as short as can be. */
function parseBinary(octets: Uint8Array): FlexReal | string {
  const first = octets[0];
  if ((first & 0x3c) !== 0) return 'with another base than 2, or scaled';
  const longExponent = (first & 3) === 3;
  const exponentStart = longExponent ? 2 : 1;
  const exponentLength = longExponent ? (octets[1] ?? 0) : (first & 3) + 1;
  const mantissaStart = exponentStart + exponentLength;
  if (mantissaStart >= octets.length) return 'without mantissa';
  if (longExponent && exponentLength < 4) return 'with a short exponent in long form';
  if (exponentLength > 1 && isPadding(octets[exponentStart], octets[exponentStart + 1])) {
    return 'with an exponent in more octets than it needs';
  }
  if (octets[mantissaStart] === 0) return 'with zeros before the mantissa';
  if ((octets[octets.length - 1] & 1) === 0) return 'with an even mantissa';
  const negative = (first & 0x40) !== 0;
  const exponent = BigInt.asIntN(exponentLength * 8, bigEndian(octets, exponentStart, mantissaStart));
  const magnitude = nearestDouble(bigEndian(octets, mantissaStart, octets.length), exponent);
  const value = negative ? -magnitude : magnitude;
  const exact = Buffer.compare(doubleOctets(value), octets) === 0;
  return exact ? new FlexReal(value) : new FlexReal(value, octets);
}

function bigEndian(octets: Uint8Array, start: number, end: number): bigint {
  return BigInt(`0x${Buffer.from(octets.buffer, octets.byteOffset + start, end - start).toString('hex')}`);
}

const double = new Float64Array(1);
const doubleBits = new BigUint64Array(double.buffer);

/** DER contents octets of a double. */
function doubleOctets(value: number): Uint8Array {
  if (value === 0) return Object.is(value, -0) ? Uint8Array.of(0x43) : new Uint8Array(0);
  if (Number.isNaN(value)) return Uint8Array.of(0x42);
  if (!Number.isFinite(value)) return Uint8Array.of(value > 0 ? 0x40 : 0x41);
  double[0] = value;
  const bits = doubleBits[0];
  const biased = Number((bits >> 52n) & 0x7ffn);
  let mantissa = bits & 0xf_ffff_ffff_ffffn;
  if (biased > 0) mantissa |= 0x10_0000_0000_0000n;
  let exponent = Math.max(biased, 1) - 1075;
  while ((mantissa & 0xffn) === 0n) {
    mantissa >>= 8n;
    exponent += 8;
  }
  while ((mantissa & 1n) === 0n) {
    mantissa >>= 1n;
    exponent++;
  }
  const sign = value < 0 ? 0x40 : 0;
  const hex = mantissa.toString(16);
  const magnitude = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  if (exponent >= -0x80 && exponent <= 0x7f) return Uint8Array.of(0x80 | sign, exponent & 0xff, ...magnitude);
  return Uint8Array.of(0x81 | sign, (exponent >> 8) & 0xff, exponent & 0xff, ...magnitude);
}
