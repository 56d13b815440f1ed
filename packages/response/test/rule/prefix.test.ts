import { ipPrefixText, parseIpPrefix } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { allMeaningsOf, containsPrefix, prefixesMeet } from '../../src/rule/prefix.ts';

const p = parseIpPrefix;

describe('containsPrefix', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24', true],
    ['192.0.2.0/24', '192.0.2.255/32', true],
    ['192.0.2.0/25', '192.0.2.128/32', false],
    ['192.0.2.128/32', '192.0.2.0/24', false],
    ['0.0.0.0/0', '198.51.100.1/32', true],
    ['0.0.0.0/0', '::/0', false],
    ['2001:db8::/33', '2001:db8:7fff::/48', true],
    ['2001:db8::/33', '2001:db8:8000::/48', false],
  ])('%s, %s: %s', (outer, inner, is) => {
    expect(containsPrefix(p(outer), p(inner))).toBe(is);
    expect(prefixesMeet(p(inner), p(outer))).toBe(
      is || (outer === '192.0.2.128/32' && inner === '192.0.2.0/24'),
    );
  });
});

describe('allMeaningsOf', () => {
  it.each([
    ['192.0.2.0/24', []],
    ['2001:db8::/32', []],
    ['::ffff:192.0.2.0/120', ['192.0.2.0/24']],
    ['64:ff9b::198.51.100.7', ['198.51.100.7/32']],
    ['2002:c633:6407::/48', ['198.51.100.7/32']],
    ['2002:c633:6407:1::9', ['198.51.100.7/32']],
    ['2002::/16', ['0.0.0.0/0']],
    ['::/0', ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0']],
  ])('%s stands for %j too', (text, others) => {
    const [itself, ...meanings] = allMeaningsOf(p(text));
    expect(itself).toEqual(p(text));
    expect(meanings.map(ipPrefixText)).toEqual(others);
  });
});
