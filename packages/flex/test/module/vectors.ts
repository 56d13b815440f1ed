import { expect, it } from 'vitest';
import type { DerCodec } from '../../src/der/der-codec.ts';
import { decoded, encoded } from '../der-octets.ts';

/** One test a vector: the value encodes to these octets, and they decode to the value. */
export function testVectors<T>(codec: DerCodec<T>, vectors: readonly (readonly [string, string, T])[]): void {
  it.each(vectors)('%s', (_, octets, value) => {
    expect(encoded(codec, value)).toBe(octets.replaceAll(/\s/g, ''));
    expect(decoded(codec, octets)).toStrictEqual(value);
  });
}
