import type { SecurityEvent } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { aggregationKey } from '../../src/aggregation/aggregation-key.ts';
import { GatheredEvent } from '../../src/aggregation/gathered-event.ts';

function gathered(events: readonly SecurityEvent[], maxEndpoints = 10): GatheredEvent {
  const [first, ...others] = events;
  const all = new GatheredEvent(first!, maxEndpoints);
  for (const event of others) all.add(event);
  return all;
}

describe('events as one', () => {
  it('last from the first to the last, and are as bad as the worst', () => {
    const all = gathered([
      { type: 'scan', startMs: 20, endMs: 30, severity: 'high', confidence: 40, tlp: 'amber', text: 'first' },
      { type: 'scan', startMs: 10, endMs: 25, severity: 'low', confidence: 90, tlp: 'green' },
      { type: 'scan', startMs: 15, endMs: 50, text: 'last' },
    ]);
    expect(all.count).toBe(3);
    expect(all.event()).toEqual({
      type: 'scan',
      startMs: 10,
      endMs: 50,
      severity: 'high',
      confidence: 90,
      tlp: 'amber',
      text: 'last',
    });
  });

  it('add up what is counted, beyond 2^53, and have the highest of the rates', () => {
    const totals = { flows: 2, octets: Number.MAX_SAFE_INTEGER, packetsPerSecond: 7 };
    const all = gathered([
      { type: 'scan', totals },
      { type: 'scan', totals: { ...totals, packets: 5n, packetsPerSecond: 3 } },
      { type: 'scan' },
    ]);
    expect(all.event().totals).toEqual({
      flows: 4,
      packets: 5n,
      octets: 2n * BigInt(Number.MAX_SAFE_INTEGER),
      packetsPerSecond: 7,
    });
  });

  it('have the sources and targets of all, each once, and no more than the limit', () => {
    const of = (host: number): SecurityEvent => ({
      type: 'scan',
      sources: [{ address: '203.0.113.7' }],
      targets: [{ address: `192.0.2.${host}` }],
    });
    const all = gathered([1, 2, 1, 3, 4, 5].map(of), 4).event();
    expect(all.sources).toEqual([{ address: '203.0.113.7' }]);
    expect(all.targets?.map(({ address }) => address)).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      '192.0.2.3',
      '192.0.2.4',
    ]);
  });

  it('may stand for more than themselves', () => {
    const all = new GatheredEvent({ type: 'scan' }, 10, 5);
    all.add({ type: 'scan' }, 7);
    expect(all.count).toBe(12);
  });
});

describe('events of the same type, sources and targets', () => {
  const one: SecurityEvent = {
    type: 'scan',
    sources: [{ address: '203.0.113.7' }, { address: '203.0.113.8', ports: [{ low: 1 }] }],
    targets: [{ name: 'www.example' }],
  };

  it.each<[string, SecurityEvent, boolean]>([
    ['in another order', { ...one, sources: [...one.sources!].reverse() }, true],
    [
      'with other ports, times and counts',
      { ...one, startMs: 1, sources: one.sources!.map(({ address }) => ({ address, ports: [{ low: 9 }] })) },
      true,
    ],
    ['of another type', { ...one, type: 'spam' }, false],
    ['with a source less', { ...one, sources: one.sources!.slice(1) }, false],
    ['with the sides exchanged', { ...one, sources: one.targets, targets: one.sources }, false],
    ['of a network', { ...one, sources: one.sources!.map((s) => ({ ...s, prefixLength: 31 })) }, false],
    ['with another name', { ...one, targets: [{ name: 'mail.example' }] }, false],
  ])('%s', (_, other, isSame) => {
    expect(aggregationKey(other) === aggregationKey(one)).toBe(isSame);
  });
});
