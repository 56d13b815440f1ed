import { describe, expect, it } from 'vitest';
import { closestName } from '../../src/syntax/closest-name.ts';

describe('closestName', () => {
  const names = ['octets', 'packets', 'src', 'dst', 'sourceIPv4Address'];

  it.each([
    ['octet', 'octets'],
    ['pakcets', 'packets'],
    ['SRC', 'src'],
    ['sourceIPv4Adress', 'sourceIPv4Address'],
  ])('%s is meant as %s', (written, meant) => {
    expect(closestName(written, names)).toBe(meant);
  });

  it('says nothing where nothing is near', () => {
    expect(closestName('protocol', names)).toBeUndefined();
    expect(closestName('x', names)).toBeUndefined();
  });
});
