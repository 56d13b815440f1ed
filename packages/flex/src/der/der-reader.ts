import { FlexError, type FlexErrorCode } from '../flex-error.ts';
import type { FlexLimits } from '../flex-limits.ts';
import type { FlexTagging } from '../flex-tagging.ts';
import { describeTag } from './tags.ts';
import { formatPath, type ValuePath } from './value-path.ts';

/** The limits on how many of something there may be in the whole record. */
export type CountedLimit = 'maxGroups' | 'maxRows' | 'maxValues' | 'maxItems';

/** A place in DER input, within the element that is open there. */
export class DerReader {
  readonly bytes: Uint8Array;
  /** The same octets, for what a Buffer can do with a range of them. */
  readonly buffer: Buffer;
  readonly limits: FlexLimits;
  readonly path: ValuePath = [];
  position = 0;
  /** Where the innermost open element ends. */
  end: number;
  private readonly counts: Record<CountedLimit, number> = {
    maxGroups: 0,
    maxRows: 0,
    maxValues: 0,
    maxItems: 0,
  };

  /**
   * With implicit tags (X.680, 31.2.7) a tag stands in the place of the one that the type has itself: the class and
   * number of the tag that does so at the next element, -1 where none does. Set after it was seen there.
   */
  replacedTag = -1;
  readonly tagging: FlexTagging;

  constructor(bytes: Uint8Array, limits: FlexLimits, tagging: FlexTagging = 'explicit') {
    this.tagging = tagging;
    // Not the Buffer that a caller may have given: a slice of that is a view, not a copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.limits = limits;
    this.end = bytes.length;
  }

  /** The identifier octet that comes next, -1 at the end of the open element. */
  peek(): number {
    return this.position < this.end ? this.bytes[this.position] : -1;
  }

  /** Takes identifier and length of a primitive element; returns its contents' length, all of which is there. */
  header(tag: number): number {
    const found = this.peek();
    if (found !== tag && !this.isReplaced(tag, found)) this.failTag(tag, found);
    this.position++;
    return this.length();
  }

  /** Opens a constructed element. Returns what {@link leave} wants. */
  enter(tag: number): number {
    const length = this.header(tag);
    const outerEnd = this.end;
    this.end = this.position + length;
    return outerEnd;
  }

  /** Closes the open element, which must have been read to its end. */
  leave(outerEnd: number): void {
    if (this.position !== this.end) {
      this.fail('FLEX_TRAILING', `nothing may follow here, but ${describeTag(this.peek())} does`);
    }
    this.end = outerEnd;
  }

  /** Takes a length (X.690, 8.1.3 and 10.1). */
  length(): number {
    const { bytes, end } = this;
    const start = this.position;
    if (start >= end) this.failShort(1);
    let length = bytes[this.position++];
    if (length >= 0x80) {
      if (length === 0x80) this.fail('FLEX_NOT_DER', 'indefinite length', start);
      const count = length & 0x7f;
      if (count === 0x7f) this.fail('FLEX_NOT_DER', 'reserved length octet ff', start);
      if (start + count >= end) this.failShort(count);
      if (bytes[start + 1] === 0) this.fail('FLEX_NOT_DER', 'length with leading zeros', start);
      // More than 2^48 octets: no input holds them.
      if (count > 6) this.failShort(2 ** 48);
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + bytes[this.position++];
      if (length < 0x80) this.fail('FLEX_NOT_DER', 'length in long form that fits the short form', start);
    }
    if (length > end - this.position) this.failShort(length);
    return length;
  }

  /** Whether the tag that was found is the one in the place of the type's own. */
  private isReplaced(tag: number, found: number): boolean {
    const isPlaced = this.replacedTag >= 0 && found === (this.replacedTag | (tag & 0x20));
    this.replacedTag = -1;
    return isPlaced;
  }

  /** Counts what is about to be read, or has just been, against its limit. */
  count(limit: CountedLimit, more = 1): void {
    this.counts[limit] += more;
    if (this.counts[limit] > this.limits[limit]) {
      this.fail('FLEX_LIMIT', `more than ${limit} = ${this.limits[limit]}`);
    }
  }

  fail(code: FlexErrorCode, message: string, offset = this.position): never {
    const path = formatPath(this.path);
    throw new FlexError(code, `${path === '' ? 'record' : path}, octet ${offset}: ${message}`, {
      offset,
      path,
    });
  }

  private failTag(expected: number, found: number): never {
    if (found < 0) {
      if (this.position === 0) this.failShort(1);
      this.fail('FLEX_MISSING', `expected ${describeTag(expected)}, but the element around it ends`);
    }
    this.fail('FLEX_BAD_TAG', `expected ${describeTag(expected)}, found ${describeTag(found)}`);
  }

  private failShort(octets: number): never {
    if (octets > this.bytes.length - this.position) {
      this.fail('FLEX_TRUNCATED', `the input ends before the element does: ${octets} more octets announced`);
    }
    this.fail('FLEX_BAD_LENGTH', 'longer than the element around it');
  }
}
