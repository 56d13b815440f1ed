import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDatagramBatch, readDatagramBatch } from '../../src/collector/datagram-batch.ts';

function read(octets: Uint8Array) {
  const found: { exporter: number; datagram: number[] }[] = [];
  readDatagramBatch(octets, (exporter, datagram) => found.push({ exporter, datagram: [...datagram] }));
  return found;
}

describe('a batch of datagrams', () => {
  it('gives back what was added, in its order', () => {
    const datagrams = fc.array(
      fc.record({
        exporter: fc.nat(65_535),
        datagram: fc.uint8Array({ maxLength: 300 }).map((octets) => [...octets]),
      }),
    );
    fc.assert(
      fc.property(datagrams, datagrams, (first, second) => {
        const batch = createDatagramBatch();
        for (const some of [first, second]) {
          for (const { exporter, datagram } of some) batch.add(exporter, Uint8Array.from(datagram));
          expect(batch.isEmpty).toBe(some.length === 0);
          expect(read(batch.take())).toEqual(some);
          expect(batch.isEmpty).toBe(true);
        }
      }),
    );
  });

  it('holds the longest datagram, and then nothing more', () => {
    const batch = createDatagramBatch();
    expect(batch.fits(65_535)).toBe(true);
    batch.add(1, new Uint8Array(65_535));
    expect(batch.fits(0)).toBe(false);
    expect(read(batch.take())[0].datagram.length).toBe(65_535);
  });
});
