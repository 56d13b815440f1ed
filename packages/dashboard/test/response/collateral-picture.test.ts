import { describe, expect, it } from 'vitest';
import type { Candidate, Collateral } from '../../src/api/response-types.ts';
import {
  amountText,
  hostBars,
  pictureText,
  shareOf,
  shareText,
  standingOf,
} from '../../src/response/collateral-picture.ts';

const totals = (flows: number) => ({ flows, packets: flows * 10, octets: flows * 1000 });
const collateral = (attack: number, others: number, otherHosts: number): Collateral => ({
  ...{ fromMs: 0, toMs: 1, otherHosts, topOtherHosts: [], allowedHosts: [], isPartial: false },
  attack: { hit: totals(attack), all: totals(200) },
  others: { hit: totals(others), all: totals(100_000) },
  verdict: { isAcceptable: others < 100, reason: 'so it is' },
});
const candidate = (given: Partial<Candidate>): Candidate => ({ rule: 'drop', emitter: 'edge', ...given });

describe('the picture of what a rule would have hit', () => {
  it('is said in a sentence', () => {
    expect(pictureText(candidate({ collateral: collateral(100, 7, 2) }), 'flows')).toBe(
      'It would have hit 50 % of the attack’s flows, < 0.1 % (7 flows) of other traffic, and 2 other hosts.',
    );
    expect(pictureText(candidate({ collateral: collateral(200, 0, 0) }), 'octets')).toBe(
      'It would have hit 100 % of the attack’s octets, and nobody else.',
    );
    expect(pictureText(candidate({}), 'octets')).toBe('What it would hit is not known.');
  });

  it('has shares of nothing where there is nothing', () => {
    expect(shareOf({ hit: totals(0), all: totals(0) }, 'octets')).toBe(0);
    expect(shareOf({ hit: totals(1), all: totals(4) }, 'packets')).toBe(0.25);
  });

  it.each([
    [0, '0 %'],
    [0.0001, '< 0.1 %'],
    [0.0005, '0.1 %'],
    [0.5, '50 %'],
    [0.99951, '> 99.9 %'],
    [1, '100 %'],
  ])('does not say of %f that it is all or nothing where it is not', (share, text) =>
    expect(shareText(share)).toBe(text),
  );

  it.each([
    [1, 'flows', '1 flow'],
    [2, 'flows', '2 flows'],
    [1, 'packets', '10 packets'],
    [2, 'octets', '2 kB'],
  ] as const)('%i flows are so many %s', (flows, measure, text) =>
    expect(amountText(totals(flows), measure)).toBe(text),
  );

  it('is refused where either the rails or the limits refuse, and unknown without flows', () => {
    const acceptable = collateral(1, 1, 1);
    expect(standingOf(candidate({ collateral: acceptable }))).toEqual({
      ...{ standing: 'acceptable', text: 'so it is' },
    });
    expect(standingOf(candidate({ collateral: collateral(1, 100, 1) })).standing).toBe('refused');
    expect(standingOf(candidate({ collateral: acceptable, refusal: 'spoofable' }))).toEqual({
      ...{ standing: 'refused', text: 'spoofable' },
    });
    expect(standingOf(candidate({})).standing).toBe('unknown');
  });

  it('has hosts in the order of the measure, as parts of the largest', () => {
    const hosts = [
      { address: 'a', end: 'source', flows: 1, packets: 8, octets: 100 },
      { address: 'b', end: 'source', flows: 4, packets: 2, octets: 50 },
    ] as const;
    expect(hostBars(hosts, 'flows').map(({ address, part }) => [address, part])).toEqual([
      ['b', 1],
      ['a', 0.25],
    ]);
    expect(hostBars(hosts, 'octets')[0]?.address).toBe('a');
    expect(hostBars([], 'octets')).toEqual([]);
  });
});
