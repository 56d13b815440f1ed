import { type IpPrefix, ipPrefixText, parseIpPrefix, prefixOfOctets } from '@flowpact/event';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverOf,
  createPrefixIndex,
  isHost,
  joinPrefixes,
  prefixesOf,
} from '../../src/candidate/prefix-list.ts';
import { coverPrefixes } from '../../src/collateral/replayed-prefixes.ts';
import { containsAddress } from '../../src/rule/contains-address.ts';
import { containsPrefix } from '../../src/rule/prefix.ts';

/** Networks of 256 addresses at most, so that they meet, touch and fill each other. */
const ipv4 = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
  .map(([last, length]) => prefixOfOctets(Uint8Array.of(192, 0, 2, last), length));
const ipv6 = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 120, max: 128 }))
  .map(([last, length]) =>
    prefixOfOctets(Uint8Array.of(0x20, 1, 13, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last), length),
  );
const prefixes = fc.array(fc.oneof(ipv4, ipv6), { maxLength: 20 });
const hosts = Array.from({ length: 256 }, (_, last) => Uint8Array.of(192, 0, 2, last));
const hostsIn = (list: readonly IpPrefix[]) =>
  hosts.filter((host) => list.some((prefix) => containsAddress(prefix, host)));
const texts = (list: readonly IpPrefix[]) => list.map(ipPrefixText);

describe('joinPrefixes', () => {
  it('keeps the addresses, with as few networks as can be', () => {
    fc.assert(
      fc.property(prefixes, (list) => {
        const joined = joinPrefixes(list);
        expect(hostsIn(joined)).toEqual(hostsIn(list));
        for (const [i, one] of joined.entries()) {
          for (const other of joined.slice(i + 1)) {
            expect(containsPrefix(one, other) || containsPrefix(other, one)).toBe(false);
            const whole = coverOf([one, other]);
            const areHalves = one.length === other.length && whole?.length === one.length - 1;
            expect(areHalves, texts([one, other]).join()).toBe(false);
          }
        }
      }),
    );
  });

  it('goes up to everything', () => {
    expect(texts(joinPrefixes(['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'].map(parseIpPrefix)))).toEqual([
      '0.0.0.0/0',
      '::/0',
    ]);
  });
});

describe('coverOf', () => {
  it('has all in it, and no half of it has', () => {
    fc.assert(
      fc.property(fc.array(ipv4, { minLength: 1, maxLength: 8 }), (list) => {
        const cover = coverOf(list) as IpPrefix;
        for (const prefix of list) expect(containsPrefix(cover, prefix)).toBe(true);
        if (list.some(({ length }) => length === cover.length)) return;
        for (const octets of [cover.octets, coverEnd(cover)]) {
          const half = prefixOfOctets(octets, cover.length + 1);
          expect(list.every((prefix) => containsPrefix(half, prefix))).toBe(false);
        }
      }),
    );
  });

  it('is none of both families, and none of none', () => {
    expect(coverOf(['192.0.2.1', '2001:db8::1'].map(parseIpPrefix))).toBeUndefined();
    expect(coverOf([])).toBeUndefined();
  });
});

const coverEnd = ({ octets, length }: IpPrefix) =>
  octets.map((octet, i) => octet | (0xff >> Math.min(8, Math.max(0, length - 8 * i))));

describe('createPrefixIndex', () => {
  it('finds the addresses that a network of the list has', () => {
    fc.assert(
      fc.property(prefixes, (list) => {
        const index = createPrefixIndex(list);
        for (const host of hosts) {
          const place = index.find(host);
          expect(index.has(host)).toBe(list.some((prefix) => containsAddress(prefix, host)));
          if (place >= 0) expect(containsAddress(list[place], host)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('coverPrefixes', () => {
  it('has all in it, within the bound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), { maxLength: 60 }),
        (all) => {
          const list = all.map((octets) => prefixOfOctets(Uint8Array.from(octets), 32));
          const covers = coverPrefixes(list, 4);
          expect(covers.length).toBeLessThanOrEqual(4);
          for (const prefix of list) expect(covers.some((cover) => containsPrefix(cover, prefix))).toBe(true);
        },
      ),
    );
  });
});

describe('prefixesOf', () => {
  it('names each network once, in their order, without those in another one', () => {
    const endpoints = [
      { address: '192.0.2.9' },
      { name: 'host.example' },
      { address: '198.51.100.0', prefixLength: 24 },
      { address: '192.0.2.9', ports: [{ low: 80 }] },
      { address: '198.51.100.7' },
      { address: '2001:db8::1' },
    ];
    const found = prefixesOf(endpoints);
    expect(texts(found)).toEqual(['192.0.2.9/32', '198.51.100.0/24', '2001:db8::1/128']);
    expect(found.map(isHost)).toEqual([true, false, true]);
  });
});
