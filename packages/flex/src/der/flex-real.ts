/**
 * A REAL in a row. A class of its own, since REAL 3.0 and INTEGER 3 are two values in FLEX and one in JavaScript.
 */
export class FlexReal {
  /** The value; the nearest double where REAL says more than a double can. */
  readonly value: number;
  /**
   * The DER contents octets (X.690, 8.5 and 11.3), kept only where `value` does not say all: decimal numbers, a
   * mantissa of more than 53 bits, an exponent beyond a double's. Encoded instead of `value` where present.
   */
  readonly octets: Uint8Array | undefined;

  constructor(value: number, octets?: Uint8Array) {
    this.value = value;
    this.octets = octets;
  }
}
