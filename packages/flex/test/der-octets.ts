import type { DerCodec } from '../src/der/der-codec.ts';
import { DerReader } from '../src/der/der-reader.ts';
import { DerWriter } from '../src/der/der-writer.ts';
import { type FlexLimits, resolveFlexLimits } from '../src/flex-limits.ts';

/** Octets of hexadecimal text; spaces are for the reader. */
export function octets(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** DER of one value, in hexadecimal. The writer begins with no buffer, so that it has to grow. */
export function encoded<T>(codec: DerCodec<T>, value: T): string {
  const writer = new DerWriter(new Uint8Array(0));
  codec.write(writer, value);
  return hex(writer.result());
}

/** The one value in these octets. */
export function decoded<T>(codec: DerCodec<T>, bytes: string, limits?: Partial<FlexLimits>): T {
  const input = octets(bytes);
  const reader = new DerReader(input, resolveFlexLimits(limits));
  const value = codec.read(reader);
  reader.leave(input.length);
  return value;
}
