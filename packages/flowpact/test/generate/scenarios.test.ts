import { describe, expect, it } from 'vitest';
import { addressText } from '../../src/generate/address-plan.ts';
import { createRandom } from '../../src/generate/random.ts';
import { scenarioNames, scenarios } from '../../src/generate/scenarios/scenarios.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';

const startMs = Date.UTC(2026, 0, 1);
const make = (name: (typeof scenarioNames)[number], seed = 1, scale = 1) =>
  scenarios[name]({ startMs, scale }, createRandom(seed));

describe.each(scenarioNames)('the scenario %s', (name) => {
  it('says of itself exactly what it does', () => {
    const { attack, flows } = make(name);
    expect(attack.scenario).toBe(name);
    expect(attack.stages.reduce((sum, stage) => sum + stage.flows, 0)).toBe(flows.length);
    expect(new Set(flows.map(({ source }) => addressText(source)))).toEqual(new Set(attack.attackers));
    const targets = attack.stages.flatMap((stage) => stage.targets);
    expect(new Set(flows.map(({ destination }) => addressText(destination)))).toEqual(new Set(targets));
    const [first, last] = [
      Math.min(...flows.map((flow) => flow.startMs)),
      Math.max(...flows.map((flow) => flow.endMs)),
    ];
    expect(Math.min(...attack.stages.map((stage) => stage.startMs))).toBe(first);
    expect(Math.max(...attack.stages.map((stage) => stage.endMs))).toBe(last);
  });

  it('makes flows that can be exported', () => {
    for (const flow of make(name).flows) {
      expect(flow.startMs).toBeGreaterThanOrEqual(startMs);
      expect(flow.endMs).toBeGreaterThanOrEqual(flow.startMs);
      expect(flow.packets).toBeGreaterThan(0);
      expect(flow.octets).toBeGreaterThanOrEqual(flow.packets * 20);
      for (const number of [
        flow.startMs,
        flow.endMs,
        flow.packets,
        flow.octets,
        flow.source,
        flow.destination,
      ]) {
        expect(Number.isSafeInteger(number)).toBe(true);
      }
      for (const port of [flow.sourcePort, flow.destinationPort])
        expect(port >= 0 && port <= 65535).toBe(true);
    }
  });

  it('is the same for the same seed, and grows with its scale', () => {
    expect(make(name)).toEqual(make(name));
    const weight = (scale: number) => make(name, 1, scale).flows.reduce((sum, { octets }) => sum + octets, 0);
    const grows = name !== 'c2-beaconing' && name !== 'multi-stage-http';
    expect(weight(2) > weight(1) * 1.5).toBe(grows);
  });
});

describe('several attacks in one traffic', () => {
  it('do not change each other or the background', () => {
    const one = generateTraffic({ attacks: [{ scenario: 'syn-flood' }] });
    const two = generateTraffic({ attacks: [{ scenario: 'syn-flood' }, { scenario: 'exfiltration' }] });
    expect(two.truth.attacks[0].attackers).toEqual(one.truth.attacks[0].attackers);
    expect([...two.flows].length - [...one.flows].length).toBe(5);
    expect(two.truth.background).toEqual(one.truth.background);
  });
});

describe('the background', () => {
  it('is IPv6 to the share asked for, and quieter at night where it follows the day', () => {
    const flows = [...generateTraffic({ attacks: [], ipv6Share: 0.3, durationMs: 120_000 }).flows];
    const share = flows.filter(({ flow }) => flow.ipv6).length / flows.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);

    const day = [
      ...generateTraffic({ attacks: [], diurnal: true, durationMs: 24 * 3_600_000, flowsPerSecond: 0.5 })
        .flows,
    ];
    const around = (hour: number) =>
      day.filter(({ flow }) => Math.abs((flow.startMs - startMs) / 3_600_000 - hour) < 1).length;
    expect(around(15) / around(3)).toBeGreaterThan(3);
    expect(around(15) / around(3)).toBeLessThan(5.5);
    expect(day.length / (24 * 3600 * 0.5)).toBeCloseTo(1, 1);
  });
});
