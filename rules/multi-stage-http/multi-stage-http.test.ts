import { createFlowDecoder } from '@flowpact/ipfix';
import {
  compileModuleFile,
  createDetector,
  evidenceLimit,
  exportTraffic,
  generateTraffic,
  type SecurityEventMapping,
  securityEventMapping,
  securityEventsOf,
  type TrafficConfig,
} from 'flowpact';
import { describe, expect, it } from 'vitest';

const file = new URL('multi-stage-http.epl', import.meta.url).pathname;

async function run(config: TrafficConfig) {
  const detector = createDetector({ module: await compileModuleFile(file, { evidence: evidenceLimit }) });
  const multiStage = detector.statements.filter(({ name }) => name === 'MultiStage');
  const mapping = securityEventMapping(multiStage[0]) as SecurityEventMapping;
  const events: ReturnType<typeof securityEventsOf> = [];
  detector.onDetections(multiStage, (detections) =>
    events.push(...securityEventsOf(detections, mapping, detector.flowFields, { name: 'test' })),
  );
  const rows: Record<string, number> = {};
  detector.onDetections(detector.statements, ({ statement, rows: { length } }) => {
    rows[statement.name] = (rows[statement.name] ?? 0) + length;
  });
  const traffic = generateTraffic(config);
  const decoder = createFlowDecoder({}, { reader: detector.recordReader() });
  for (const message of exportTraffic(traffic.flows)) decoder.decode(message);
  return { events, rows, truth: traffic.truth };
}

describe('the rule multi-stage-http', () => {
  it.each([1, 2, 3, 4, 5])('finds the attacker and exactly the attacked servers, seed %i', async (seed) => {
    const { events, truth } = await run({ seed });
    const [attack] = truth.attacks;
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event.sources).toEqual([{ address: attack.attackers[0] }]);
      expect(event.targets?.map(({ address }) => address).toSorted()).toEqual(
        attack.stages[2].targets.toSorted(),
      );
    }
  });

  it('sends flows of all three stages as evidence, of the attacker only', async () => {
    const { events, truth } = await run({ seed: 1 });
    const [{ columns }, [{ rows }]] = [
      events[0].flows?.layout ?? { columns: [] },
      events[0].flows?.groups ?? [{ rows: [] }],
    ];
    const column = (id: number) => columns.findIndex((each) => each.kind === 'iana' && each.id === id);
    const url = columns.findIndex((each) => each.kind === 'named' && each.name === 'HTTPRequestURL');
    const address = (octets: unknown) => (octets as Uint8Array).join('.');
    expect(new Set(rows.map((row) => address(row[column(8)])))).toEqual(new Set(truth.attacks[0].attackers));
    const scan = rows.filter((row) => row[url] === null);
    const logIns = rows.filter((row) => row[url] === '/wp-login.php');
    const [, probe, bruteForce] = truth.attacks[0].stages;
    const probed = logIns.filter((row) => (row[column(152)] as number) <= probe.endMs);
    const tried = logIns.filter((row) => (row[column(152)] as number) >= bruteForce.startMs);
    expect([scan.length, probed.length, tried.length].every((count) => count >= 20)).toBe(true);
  });

  it('reports nobody where there is no attack, though monitoring looks like a scan', async () => {
    const { events, rows } = await run({ seed: 1, attacks: [] });
    expect(events).toEqual([]);
    expect(rows.PortScan).toBeGreaterThan(0);
  });

  it.each([
    ['few are scanned', { scannedHosts: 30, probedHosts: 30 }],
    ['few are asked for the log-in page', { probedHosts: 4 }],
    ['few passwords are tried', { attempts: 5 }],
  ])('reports nobody where %s', async (_what, multiStageHttp) => {
    const attacks = [{ scenario: 'multi-stage-http' as const, multiStageHttp }];
    expect((await run({ seed: 1, attacks })).events).toEqual([]);
  });
});
