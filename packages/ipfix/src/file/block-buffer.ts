/**
 * Hands out whole blocks of a stream that comes in chunks of any size. Holds at most one block; what is longer
 * than the caller wants to hold can be skipped without being kept.
 */
export class BlockBuffer {
  /** Octets from the beginning of the stream to the next block. */
  offset = 0;
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;
  private toSkip = 0;

  /** Takes the next octets of the stream. */
  push(octets: Uint8Array): void {
    const left = this.chunk.length - this.at;
    if (left === 0) {
      this.chunk = octets;
    } else {
      const joined = new Uint8Array(left + octets.length);
      joined.set(this.chunk.subarray(this.at));
      joined.set(octets, left);
      this.chunk = joined;
    }
    this.at = 0;
    if (this.toSkip > 0) this.skip(0);
  }

  /** Octets that can be had now. */
  get available(): number {
    return this.chunk.length - this.at;
  }

  /** The next octets without taking them; undefined where they have not come yet. */
  peek(length: number): Uint8Array | undefined {
    if (this.toSkip > 0 || this.available < length) return undefined;
    return this.chunk.subarray(this.at, this.at + length);
  }

  /** Goes on by so many octets, also beyond what has come. */
  skip(length: number): void {
    this.toSkip += length;
    const taken = Math.min(this.toSkip, this.available);
    this.at += taken;
    this.offset += taken;
    this.toSkip -= taken;
  }

  /** Whether octets that have not come yet are to be skipped. */
  get isSkipping(): boolean {
    return this.toSkip > 0;
  }

  /** Whether the stream may end here: nothing is left and nothing is still to be skipped. */
  get isEmpty(): boolean {
    return this.available === 0 && !this.isSkipping;
  }
}
