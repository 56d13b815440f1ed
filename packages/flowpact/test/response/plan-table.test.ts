import type { Plan } from '@flowpact/response';
import { describe, expect, it } from 'vitest';
import { planLines } from '../../src/response/plan-table.ts';
import { parseRuleAction } from '../../src/response/rule-action-text.ts';

const totals = (flows: number, packets = flows, octets = 100 * flows) => ({ flows, packets, octets });
const plan: Plan = {
  level: 'propose',
  lifetimeSeconds: 3600,
  chosen: 1,
  candidates: [
    {
      rule: { match: { source: '203.0.113.7/32' }, action: { kind: 'drop' } },
      emitter: 'border',
      refusal: 'it would hit\u001b[2J 11 hosts',
      collateral: {
        fromMs: Date.UTC(2026, 0, 1, 12),
        toMs: Date.UTC(2026, 0, 1, 12, 30),
        attack: { hit: totals(19_999), all: totals(20_000) },
        others: { hit: totals(12), all: totals(1000) },
        otherHosts: 11,
        topOtherHosts: [
          { address: '198.51.100.1', end: 'destination', ...totals(10) },
          { address: '198.51.100.2', end: 'destination', ...totals(2) },
        ],
        allowedHosts: [],
        isPartial: true,
        verdict: { isAcceptable: false, reason: 'it would hit 11 hosts' },
      },
    },
    {
      rule: { match: { destination: '198.51.100.10/32' }, action: { kind: 'blackhole' } },
      emitter: 'border',
    },
  ],
};

describe('planLines', () => {
  it('shows each candidate, the one that would be applied, and what is against the others', () => {
    const event = {
      type: 'scan',
      sources: [{ address: '203.0.113.7' }],
      detector: { name: 'flowpact', rule: 'Scan\u0007' },
    } as const;
    expect(planLines(event, [plan], { isColoured: false })).toEqual([
      'scan: 203.0.113.7 → somebody, found by Scan ',
      'Tried on 20,000 flows of the attack and 1,000 others from 2026-01-01 12:00:00 to 2026-01-01 12:30:00 UTC; there were more than are looked at',
      '    VERDICT   OF THE ATTACK                     OF OTHERS                  HOSTS  EMITTER  RULE',
      ' 1  refused   >99.9 % of packets, 19,999 flows  1.2 % of octets, 12 flows  >=11   border   drop from 203.0.113.7/32',
      '*2  possible  ?                                 ?                          ?      border   blackhole to 198.51.100.10/32',
      '  1: it would hit [2J 11 hosts',
      '     most of it: 198.51.100.1 (1,000 octets), 198.51.100.2 (200 octets)',
      '',
    ]);
  });

  it('colours verdicts where that is wanted alone', () => {
    const coloured = planLines({ type: 'scan' }, [plan], { isColoured: true });
    expect(coloured.filter((line) => line.startsWith('\u001b[31m'))).toHaveLength(1);
    expect(coloured.filter((line) => line.startsWith('\u001b[32m'))).toHaveLength(1);
  });

  it('says that there is nothing, and counts several', () => {
    expect(planLines({ type: 'scan' }, [], { isColoured: false })[1]).toMatch(
      /no rule: the playbook wants none/,
    );
    expect(planLines({ type: 'scan' }, [plan, plan], { isColoured: false })).toContain('Rule 2 of 2');
  });
});

describe('parseRuleAction', () => {
  it.each([
    ['drop', { kind: 'drop' }],
    ['blackhole', { kind: 'blackhole' }],
    ['rate-limit=125000', { kind: 'rateLimit', octetsPerSecond: 125_000 }],
    ['redirect=65000:100', { kind: 'redirect', routeTarget: '65000:100' }],
    ['mark=46', { kind: 'mark', dscp: 46 }],
  ])('reads %s', (text, action) => {
    expect(parseRuleAction(text)).toEqual(action);
  });

  it.each(['', 'drop=1', 'rate-limit', 'rate-limit=fast', 'rate-limit=-1', 'mark=64', 'redirect', 'DROP'])(
    'refuses %j',
    (text) => {
      expect(() => parseRuleAction(text)).toThrow(expect.objectContaining({ code: 'FLOWPACT_USAGE' }));
    },
  );
});
