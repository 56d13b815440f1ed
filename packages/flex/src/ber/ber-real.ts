/** Exponents and mantissas longer than this are not looked at: the decoder refuses them. */
const longestContents = 256;

/** The contents of a REAL in the form of DER (X.690, 11.3); undefined for what is no REAL. */
export function derRealContents(contents: Uint8Array): Uint8Array | undefined {
  if (contents.length === 0 || contents.length > longestContents) return undefined;
  if (contents[0] >= 0x80) return binary(contents);
  return contents[0] >= 1 && contents[0] <= 3 ? decimal(contents) : undefined;
}

/** X.690, 8.5.7: sign × N × 2^F × B^E, B one of 2, 8 and 16. */
function binary(contents: Uint8Array): Uint8Array | undefined {
  const [first] = contents;
  const baseBits = [1, 3, 4][(first >> 4) & 3];
  if (baseBits === undefined) return undefined;
  const isLong = (first & 3) === 3;
  const exponentStart = isLong ? 2 : 1;
  const exponentLength = isLong ? (contents[1] ?? 0) : (first & 3) + 1;
  const mantissaStart = exponentStart + exponentLength;
  if (exponentLength === 0 || mantissaStart >= contents.length) return undefined;
  let mantissa = unsigned(contents.subarray(mantissaStart));
  const field = unsigned(contents.subarray(exponentStart, mantissaStart));
  let exponent = BigInt.asIntN(exponentLength * 8, field) * BigInt(baseBits) + BigInt((first >> 2) & 3);
  // A mantissa of nothing: BER has no zero in this form but the value is one (8.5.2).
  if (mantissa === 0n) return new Uint8Array(0);
  while ((mantissa & 1n) === 0n) {
    mantissa >>= 1n;
    exponent++;
  }
  const exponentOctets = signedOctets(exponent);
  const { length } = exponentOctets;
  const head = [0x80 | (first & 0x40) | Math.min(length - 1, 3), ...(length > 3 ? [length] : [])];
  const hex = mantissa.toString(16);
  return Uint8Array.of(
    ...head,
    ...exponentOctets,
    ...Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'),
  );
}

function unsigned(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}

/** Two's complement in as few octets as can be. */
function signedOctets(value: bigint): Uint8Array {
  let size = 1;
  while (BigInt.asIntN(size * 8, value) !== value) size++;
  return Buffer.from(
    BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, '0'),
    'hex',
  );
}

/** ISO 6093, NR1 to NR3, to the NR3 of X.690, 11.3.2: mantissa without zeros at its ends, `.E`, exponent. */
function decimal(contents: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(contents.subarray(1)).toString('latin1').trim();
  const [, sign, whole, fraction = '', exponentText = '0'] =
    /^([+-]?)(\d*)(?:[.,](\d*))?(?:[Ee]([+-]?\d{1,9}))?$/.exec(text) ?? [];
  if (whole === undefined || whole + fraction === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return new Uint8Array(0);
  const mantissa = digits.replace(/0+$/, '');
  const exponent = Number(exponentText) - fraction.length + (digits.length - mantissa.length);
  const form = `${sign === '-' ? '-' : ''}${mantissa}.E${exponent === 0 ? '+0' : exponent}`;
  return Buffer.concat([Uint8Array.of(3), Buffer.from(form, 'latin1')]);
}
