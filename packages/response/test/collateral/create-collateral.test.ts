import type { SecurityEvent } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { type Attack, attackOf } from '../../src/candidate/attack.ts';
import { type CollateralConfig, defaultCollateral } from '../../src/collateral/collateral-config.ts';
import { createCollateral } from '../../src/collateral/create-collateral.ts';
import type { FlowReplayQuery } from '../../src/collateral/flow-replay.ts';
import { createMemoryReplay, type TimedFlow } from '../../src/collateral/memory-replay.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { flow, nowMs } from '../plan/planned.ts';

const source = '203.0.113.7';
const target = '198.51.100.10';
const event: SecurityEvent = { type: 'scan', sources: [{ address: source }], targets: [{ address: target }] };
const drop = (match: Rule['match']): Rule => ({ match, action: { kind: 'drop' } });
const elsewhere = (count: number) =>
  Array.from({ length: count }, (_, i) => flow(source, `192.0.${i >> 8}.${i & 255}`, { octets: 100 + i }));

interface Given {
  readonly flows: readonly TimedFlow[];
  readonly rules: readonly Rule[];
  readonly config?: Partial<CollateralConfig>;
  readonly allowList?: readonly string[];
  readonly attack?: Attack;
}

async function examine({ flows, rules, config, allowList, attack = attackOf(event, 100) }: Given) {
  const queries: FlowReplayQuery[] = [];
  const kept = createMemoryReplay(flows);
  const collateral = createCollateral(
    { ...defaultCollateral, ...config },
    {
      replay: {
        replay(query) {
          queries.push(query);
          return kept.replay(query);
        },
      },
      clock: { now: () => nowMs },
      ...(allowList && { allowList }),
    },
  );
  const [reports] = await collateral.examine(attack, undefined, [{ part: attack, rules }]);
  return { reports, queries };
}

describe('createCollateral', () => {
  it('asks once, for all rules, by what they look at', async () => {
    const rules = [
      drop({ source: `${source}/32`, protocols: [6], destinationPorts: [{ low: 80 }] }),
      drop({ destination: '192.0.2.0/24' }),
      drop({ source: '100.64.0.0/24', destination: '192.0.2.7/32' }),
    ];
    const { reports, queries } = await examine({ flows: [flow(source, target)], rules });
    expect(reports).toHaveLength(3);
    expect(queries).toEqual([
      {
        fromMs: nowMs - 1_800_000,
        toMs: nowMs,
        anyOf: [{ destination: '192.0.2.0/24' }, { destination: `${target}/32` }, { source: `${source}/32` }],
        aspects: ['protocol', 'destinationPort'],
        limit: 500_000,
      },
    ]);
  });

  it('counts hosts up to its bound, and says that there are more', async () => {
    const flows = [flow(source, target), ...elsewhere(30), ...elsewhere(30)];
    const rules = [
      drop({ source: `${source}/32` }),
      drop({ source: `${source}/32`, destination: `${target}/32` }),
    ];
    const { reports } = await examine({ flows, rules, config: { maxHosts: 20, topHosts: 2 } });
    expect(reports[0]).toMatchObject({
      otherHosts: 20,
      isPartial: true,
      others: { hit: { flows: 60 } },
      topOtherHosts: [
        { address: '192.0.0.29', flows: 2, octets: 258 },
        { address: '192.0.0.28', flows: 2, octets: 256 },
      ],
    });
    expect(reports[1]).toMatchObject({ otherHosts: 0, isPartial: false });
  });

  it('looks at no more flows than it may, those with most octets, and says that there are more', async () => {
    const flows = [flow(source, target, { octets: 1 }), ...elsewhere(30)];
    const { reports } = await examine({
      flows,
      rules: [drop({ source: `${source}/32` })],
      config: { maxFlows: 30 },
    });
    expect(reports[0]).toMatchObject({
      isPartial: true,
      attack: { all: { flows: 0 } },
      others: { all: { flows: 30 } },
    });
  });

  it('names hosts of the allow list that are hit', async () => {
    const flows = [flow(source, target), ...elsewhere(3)];
    const { reports } = await examine({
      flows,
      rules: [drop({ source: `${source}/32` })],
      allowList: ['192.0.0.2/31'],
    });
    expect(reports[0]).toMatchObject({ allowedHosts: ['192.0.0.2'], verdict: { isAcceptable: false } });
  });

  it('counts what a rule perhaps hits of others, and not of the attack', async () => {
    const syn = drop({ destination: `${target}/32`, protocols: [6], tcpFlags: { set: 2, clear: 16 } });
    const { reports } = await examine({
      flows: [flow(source, target), flow('192.0.2.1', target)],
      rules: [syn],
    });
    expect(reports[0]).toMatchObject({
      attack: { hit: { flows: 0 }, all: { flows: 1 } },
      others: { hit: { flows: 1 } },
      otherHosts: 1,
    });
  });

  it('takes the innocent end of what it hits, and no host for what the source does to the target beside', async () => {
    const attack = attackOf(
      { ...event, targets: [{ address: target, protocol: 6, ports: [{ low: 22 }] }] },
      100,
    );
    const flows = [
      flow(source, target, { destinationPort: 22 }),
      flow(source, target),
      flow('100.64.0.1', target),
      flow(source, '192.0.2.1'),
      flow('100.64.0.2', '192.0.2.2'),
    ];
    const rules = [
      drop({ source: `${source}/32` }),
      drop({ destination: `${target}/32` }),
      drop({ source: '100.64.0.0/24' }),
    ];
    const { reports } = await examine({ flows, rules, attack });
    expect(
      reports.map(({ topOtherHosts }) => topOtherHosts.map(({ address, end }) => `${end} ${address}`)),
    ).toEqual([['destination 192.0.2.1'], ['source 100.64.0.1'], ['source 100.64.0.1', 'source 100.64.0.2']]);
    expect(reports.map(({ others }) => others.hit.flows)).toEqual([2, 2, 2]);
  });

  it('holds blackholes against limits of their own', async () => {
    const flows = [
      flow(source, target),
      ...Array.from({ length: 30 }, (_, i) => flow(`100.64.0.${i}`, target)),
    ];
    const rules: Rule[] = [
      drop({ destination: `${target}/32` }),
      { match: { destination: `${target}/32` }, action: { kind: 'blackhole' } },
    ];
    const blackholeLimits = { ...defaultCollateral.limits, maxOtherHosts: 50, maxOtherOctetsShare: 1 };
    const config = { blackholeLimits, limits: { ...defaultCollateral.limits, minAttackShare: 0.01 } };
    const { reports } = await examine({ flows, rules, config });
    expect(reports.map(({ verdict }) => verdict.isAcceptable)).toEqual([false, true]);
  });

  it('puts networks together where there are very many', async () => {
    const sources = Array.from({ length: 5000 }, (_, i) => ({ address: `100.${i >> 8}.${i & 255}.1` }));
    const attack = attackOf({ ...event, sources }, 100);
    const { queries } = await examine({ flows: [], rules: [], attack });
    expect(queries[0].anyOf.length).toBeLessThanOrEqual(65);
    expect(queries[0].anyOf).toContainEqual({ destination: `${target}/32` });
  });
});
