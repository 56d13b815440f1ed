import { describe, expect, it } from 'vitest';
import { defaultCollateral } from '../../src/collateral/collateral-config.ts';
import type { CollateralReport } from '../../src/collateral/collateral-report.ts';
import { percent, verdictOf } from '../../src/collateral/verdict.ts';

const totals = (flows: number) => ({ flows, packets: 10 * flows, octets: 1000 * flows });
const report: Omit<CollateralReport, 'verdict'> = {
  fromMs: 0,
  toMs: 1,
  attack: { hit: totals(20), all: totals(100) },
  others: { hit: totals(100), all: totals(10_000) },
  otherHosts: 10,
  topOtherHosts: [],
  allowedHosts: [],
  isPartial: false,
};
const verdict = (change: Partial<typeof report>) =>
  verdictOf({ ...report, ...change }, defaultCollateral.limits);

describe('verdictOf', () => {
  it('accepts what reaches the limits', () => {
    expect(verdict({})).toEqual({
      isAcceptable: true,
      reason: "it would hit 20 % of the attack's packets, and 1 % of the octets of others",
    });
    expect(verdict({ others: { hit: totals(0), all: totals(0) } }).reason).toMatch(/ and nothing else$/);
  });

  it.each<[Partial<typeof report>, RegExp]>([
    [{ attack: { hit: totals(0), all: totals(0) } }, /^none of the flows/],
    [{ allowedHosts: ['192.0.2.1'] }, /192\.0\.2\.1, which is on the allow list/],
    [
      { attack: { hit: totals(19), all: totals(100) } },
      /19 % of the attack's packets, less than 20 % \(minAttackShare\)/,
    ],
    [{ otherHosts: 11 }, /11 hosts .* more than 10 \(maxOtherHosts\)/],
    [
      { others: { hit: totals(101), all: totals(20_000) } },
      /101 flows of others, more than 100 \(maxOtherFlows\)/,
    ],
    [
      { others: { hit: totals(100), all: totals(5000) } },
      /2 % of the octets of others, more than 1 % \(maxOtherOctetsShare\)/,
    ],
  ])('refuses %j', (change, reason) => {
    expect(verdict(change)).toEqual({ isAcceptable: false, reason: expect.stringMatching(reason) });
  });
});

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [0.00001, 'less than 0.1 %'],
    [0.12345, '12.3 %'],
    [0.99999, 'more than 99.9 %'],
    [1, '100 %'],
  ])('%d: %s', (value, text) => {
    expect(percent(value)).toBe(text);
  });
});
