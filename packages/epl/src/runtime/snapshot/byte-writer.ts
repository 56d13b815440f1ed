const smallest = 1024;

/** Bytes that grow, up to a bound. */
export class ByteWriter {
  private bytes = new Uint8Array(smallest);
  private view = new DataView(this.bytes.buffer);
  private readonly most: number;
  length = 0;

  /** @param most bytes that there may be at most */
  constructor(most: number) {
    this.most = most;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  unsigned(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow(8);
    let rest = value;
    const { bytes } = this;
    while (rest > 0x7fffffff) {
      bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.length++] = rest;
  }

  /** A whole number within 2^52 of 0: its sign in the lowest bit. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  append(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.bytes.length) this.grow(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Takes back what was written behind that place. */
  truncate(length: number): void {
    this.length = length;
  }

  /** What was written, not copied. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private grow(by: number): void {
    const needed = this.length + by;
    if (needed > this.most) throw new BytesExceeded(this.most);
    const bytes = new Uint8Array(Math.min(this.most + 16, Math.max(needed, this.bytes.length * 2)));
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

/** There would be more bytes than allowed. */
export class BytesExceeded extends Error {
  readonly most: number;

  constructor(most: number) {
    super(`more than ${most} bytes`);
    this.most = most;
  }
}
