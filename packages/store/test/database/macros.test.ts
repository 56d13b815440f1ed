import { addressToOctets, octetsToAddress } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, withStore } from '../scratch.ts';

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
/** With runs of zeros, which are what is hard about their text. */
const ipv6 = fc
  .array(
    fc.oneof(fc.constant([0, 0]), fc.constant([0, 7]), fc.array(fc.nat(255), { minLength: 2, maxLength: 2 })),
    {
      minLength: 8,
      maxLength: 8,
    },
  )
  .map((groups) => Uint8Array.from(groups.flat()));

describe('the functions for addresses in queries', () => {
  it('write IPv4 addresses, and read them back', () =>
    withStore({}, (store) =>
      fc.assert(
        fc.asyncProperty(ipv4, async (octets) => {
          const text = octetsToAddress(octets) as string;
          const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
          const sql = 'SELECT ipv4(?), ipv4_text(ipv4(?))';
          expect(await ask(store, sql, text, text)).toEqual([[number, text]]);
        }),
        { numRuns: 30 },
      ),
    ));

  it('write IPv6 addresses as RFC 5952 has them, and read them back', () =>
    withStore({}, (store) =>
      fc.assert(
        fc.asyncProperty(ipv6, async (octets) => {
          const text = octetsToAddress(octets) as string;
          const [[hex, back]] = await ask(store, 'SELECT hex(ipv6(?)), ipv6_text(ipv6(?))', text, text);
          expect(addressToOctets(text)).toEqual(octets);
          expect(hex).toBe(Buffer.from(octets).toString('hex').toUpperCase());
          expect(back).toBe(text);
        }),
        { numRuns: 60 },
      ),
    ));

  it('know nothing of nothing', () =>
    withStore({}, async (store) => {
      expect(await ask(store, 'SELECT ipv4_text(NULL::UINTEGER), ipv6_text(NULL::BLOB)')).toEqual([
        [null, null],
      ]);
    }));
});
