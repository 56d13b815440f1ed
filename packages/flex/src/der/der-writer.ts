import { FlexError } from '../flex-error.ts';
import { formatPath, type ValuePath } from './value-path.ts';

/** One record of 1 GiB is a mistake, not a message. */
const largestBuffer = 2 ** 30;

/**
 * Writes DER from the last octet to the first: when an element's identifier and length are due, its contents are
 * written and their length is known, so nothing is measured twice or moved.
 */
export class DerWriter {
  /** Public for the types on the hot path, which call {@link reserve} and then store by themselves. */
  bytes: Uint8Array;
  /** Index of the first octet written. */
  position: number;
  readonly path: ValuePath = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.position = bytes.length;
  }

  /** Octets written so far. */
  get size(): number {
    return this.bytes.length - this.position;
  }

  /** Makes room for that many octets in front. */
  reserve(octets: number): void {
    if (this.position < octets) this.grow(octets);
  }

  octet(value: number): void {
    if (this.position === 0) this.grow(1);
    this.bytes[--this.position] = value;
  }

  octets(values: Uint8Array): void {
    this.reserve(values.length);
    this.position -= values.length;
    this.bytes.set(values, this.position);
  }

  /** Length (X.690, 10.1: as short as possible) and identifier of everything written since `size` was `mark`. */
  header(tag: number, mark: number): void {
    if (this.position < 6) this.grow(6);
    const bytes = this.bytes;
    const length = bytes.length - this.position - mark;
    let position = this.position;
    if (length < 0x80) {
      bytes[--position] = length;
    } else {
      let count = 0;
      for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
        bytes[--position] = rest & 0xff;
        count++;
      }
      bytes[--position] = 0x80 | count;
    }
    bytes[--position] = tag;
    this.position = position;
  }

  fail(message: string): never {
    const path = formatPath(this.path);
    throw new FlexError('FLEX_INVALID', `cannot encode ${path === '' ? 'the record' : path}: ${message}`, {
      path,
    });
  }

  /** A copy of what was written. */
  result(): Uint8Array {
    return this.bytes.slice(this.position);
  }

  private grow(octets: number): void {
    const size = this.size;
    const capacity = Math.max(2 * this.bytes.length, size + octets);
    if (capacity > largestBuffer) this.fail(`the record would be larger than ${largestBuffer / 2} octets`);
    const grown = new Uint8Array(capacity);
    grown.set(this.bytes.subarray(this.position), capacity - size);
    this.bytes = grown;
    this.position = capacity - size;
  }
}
