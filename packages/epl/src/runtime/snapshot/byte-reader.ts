import { UnfitState } from './state-stream.ts';

/** Reads what a {@link ByteWriter} wrote. Nothing is read beyond the end. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that are left. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new UnfitState('it ends too early');
    return this.bytes[this.at++];
  }

  unsigned(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let scale = 0x80; scale <= 2 ** 49; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
    }
    throw new UnfitState('a number is too long');
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  double(): number {
    if (this.left < 8) throw new UnfitState('it ends too early');
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  /** How many things follow that take at least a byte each. */
  count(): number {
    const count = this.unsigned();
    if (count > this.left) throw new UnfitState(`${count} things in ${this.left} bytes`);
    return count;
  }

  /** So many bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new UnfitState('it ends too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
