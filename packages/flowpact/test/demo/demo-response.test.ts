import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecurityEvent } from '@flowpact/event';
import { createMemoryReplay, type Mitigation, ruleText } from '@flowpact/response';
import { expect, it } from 'vitest';
import { createDemoResponse } from '../../src/demo/demo-response.ts';

const startMs = Date.UTC(2026, 0, 1);
const [attacker, target, customer] = ['203.0.113.7', '198.18.0.9', '192.0.2.80'];

const flow = (source: string, sourcePort: number) => ({
  ...{ startMs, source, destination: target, protocol: 6, sourcePort, destinationPort: 80 },
  ...{ packets: 10, octets: 5000, flows: 1 },
});
const flows = Array.from({ length: 200 }, (_, i) => flow(i % 4 === 0 ? attacker : customer, 1024 + i));
const event: SecurityEvent = {
  ...{ type: 'bruteForce', startMs, endMs: startMs + 60_000, confidence: 90 },
  sources: [{ address: attacker }],
  targets: [{ address: target, protocol: 6, ports: [{ low: 80 }] }],
};

it('proposes against an event what hits the attacker alone, and refuses to give up the victim', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowpact-demo-'));
  const proposed: Mitigation[] = [];
  const troubles: string[] = [];
  const { source, start, stop, propose } = createDemoResponse(
    { auditDirectory: join(directory, 'audit') },
    {
      replay: createMemoryReplay(flows),
      trafficMs: () => startMs + 60_000,
      onProposed: (mitigation) => proposed.push(mitigation),
      onTrouble: (what) => troubles.push(what),
    },
  );
  await start();
  try {
    propose(event);
    await expect.poll(() => proposed.length).toBe(1);
    const { id, candidates, chosen } = proposed[0];
    expect(candidates[chosen].collateral).toMatchObject({
      ...{ otherHosts: 0, attack: { hit: { flows: 50 }, all: { flows: 50 } } },
      others: { hit: { flows: 0 }, all: { flows: 150 } },
    });
    const blackhole = candidates.find(({ rule }) => rule.action.kind === 'blackhole');
    expect(blackhole?.refusal).toBeDefined();
    expect(blackhole?.collateral?.others.hit.flows).toBe(150);
    await source.approve(id, 'anna');
    await expect.poll(() => source.mitigation(id)?.state).toBe('confirmed');
    const [{ rules }] = await source.inForce();
    expect(rules.map(({ rule }) => ruleText(rule))).toEqual([ruleText(candidates[chosen].rule)]);
    await source.stopAll('anna');
    await expect.poll(() => source.mitigation(id)?.state).toBe('withdrawn');
    expect((await source.inForce())[0].rules).toEqual([]);
    expect(await source.verifyAudit()).toMatchObject({ holds: true });
    expect(troubles).toEqual([]);
  } finally {
    await stop();
    rmSync(directory, { recursive: true });
  }
});
