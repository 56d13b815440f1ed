import { createExchange, createMemoryJournal, createMemoryNetwork, flexCodec } from '@flowpact/exchange';
import { createFlowDecoder } from '@flowpact/ipfix';
import { beforeAll, describe, expect, it } from 'vitest';
import { teeReader } from '../../src/collect/tee-reader.ts';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';
import type { ApiSource } from '../../src/http/api/api-source.ts';
import { incidentOf } from '../../src/http/api/incident.ts';
import {
  detectionPageSchema,
  detectionQuerySchema,
  detectionSummarySchema,
} from '../../src/http/api/schema/detection-schema.ts';
import { eventPageSchema, eventQuerySchema } from '../../src/http/api/schema/event-schema.ts';
import {
  conversationPageSchema,
  conversationQuerySchema,
  outboxSchema,
  partnersSchema,
} from '../../src/http/api/schema/exchange-schema.ts';
import { exportersSchema } from '../../src/http/api/schema/exporter-schema.ts';
import {
  type Flow,
  flowPageSchema,
  flowQuerySchema,
  timeLineQuerySchema,
  timeLineSchema,
  topQuerySchema,
  topSchema,
} from '../../src/http/api/schema/flow-schema.ts';
import { incidentSchema } from '../../src/http/api/schema/incident-schema.ts';
import { modulesSchema } from '../../src/http/api/schema/module-schema.ts';
import { statusSchema } from '../../src/http/api/schema/status-schema.ts';
import { trafficQuerySchema, trafficSchema } from '../../src/http/api/schema/traffic-schema.ts';
import { createDetector } from '../../src/pipeline/detector.ts';
import { compileModuleText } from '../../src/pipeline/module-file.ts';
import { securityEventsOf } from '../../src/pipeline/security-event.ts';
import { evidenceLimit, securityEventMapping } from '../../src/pipeline/security-event-annotation.ts';
import { createExchangeView } from '../../src/watch/exchange-view.ts';
import { exporterView } from '../../src/watch/exporter-view.ts';
import { createMemorySource } from '../../src/watch/memory-source.ts';

const module = `
@Name('Schema') @Tag(name='timestamp', value='flowEndMilliseconds')
create map schema Flow(flowEndMilliseconds long, sourceIPv4Address string, destinationIPv4Address string,
  destinationTransportPort int, packetDeltaCount long, HTTPRequestURL string);
@Name('PortScan') insert into PortScan
select sourceIPv4Address as Attacker, count(*) as Flows from Flow.win:time_batch(1 minute)
where packetDeltaCount < 4 group by sourceIPv4Address having count(*) > 100;
@Name('Guessing')
@SecurityEvent(type='bruteForce', source='Attacker', target='Destination', flows='Attempts')
select sourceIPv4Address as Attacker, destinationIPv4Address as Destination, HTTPRequestURL as URL, count(*) as Attempts
from Flow.win:time_batch(1 minute) where HTTPRequestURL like '%login%'
group by sourceIPv4Address, destinationIPv4Address, HTTPRequestURL having count(*) > 16;`;

const ours = { name: 'isp-a.example' };
const theirs = { name: 'isp-b.example', asn: 64501 };

/** Eight minutes of traffic with an attack, taken in; the alert about it was sent and answered. */
async function watchedTraffic() {
  const network = createMemoryNetwork();
  const clock = { now: () => 5_000_000 };
  const partner = {
    party: theirs,
    languages: ['flex'],
    routes: [{ transport: 'memory', address: 'b' }],
    addressSpace: ['203.0.113.0/24'],
  };
  const exchangeView = createExchangeView({ partners: [partner] });
  const exchange = createExchange(
    { self: ours, partners: [partner] },
    {
      transports: [network.join('a')],
      codecs: [flexCodec],
      journal: createMemoryJournal(),
      clock,
      onEvent: exchangeView.onEvent,
    },
  );
  const other = createExchange(
    {
      self: theirs,
      partners: [{ party: ours, languages: ['flex'], routes: [{ transport: 'memory', address: 'a' }] }],
    },
    {
      transports: [network.join('b')],
      codecs: [flexCodec],
      journal: createMemoryJournal(),
      clock,
      decide: () => ({ status: 'accepted' }),
    },
  );
  await other.start();
  await exchange.start();

  const compiled = compileModuleText(module, { evidence: evidenceLimit });
  const detector = createDetector({ module: compiled });
  const source = createMemorySource(
    { note: 'a test' },
    {
      modules: [{ name: 'test.epl', source: module, compiled, statements: detector.statements }],
      ...{ exchange, exchangeView },
      exporters: () => [
        exporterView(
          { exporter: 'tcp://192.0.2.1:1', isConnected: true, sinceMs: 0, droppedDatagrams: 0 },
          decoder.stats,
        ),
      ],
      now: clock.now,
    },
  );
  const decoder = createFlowDecoder({}, { reader: teeReader([detector.recordReader(), source.reader]) });
  const alerts: Promise<unknown>[] = [];
  detector.onDetections(detector.statements, (detections) => {
    source.addDetections(detections);
    const mapping = securityEventMapping(detections.statement);
    if (mapping === undefined) return;
    for (const event of securityEventsOf(detections, mapping, detector.flowFields, { name: 'test' })) {
      source.addEvent(event, detections.timeMs);
      alerts.push(exchange.alert(event, theirs.name));
    }
  });
  const traffic = generateTraffic({ seed: 1 });
  for (const message of exportTraffic(traffic.flows)) decoder.decode(message);
  await Promise.all(alerts);
  await exchange.settled();
  await other.settled();
  await exchange.settled();
  return { source, truth: traffic.truth, records: decoder.stats.records };
}

describe('what was seen lately', () => {
  let watched: Awaited<ReturnType<typeof watchedTraffic>>;
  let source: ApiSource;
  let attacker: string;
  beforeAll(async () => {
    watched = await watchedTraffic();
    source = watched.source;
    [attacker] = watched.truth.attacks[0].attackers;
  });
  const flowsOf = async (query: object) =>
    flowPageSchema.parse(await source.flows(flowQuerySchema.parse(query)));

  it('is told in the shapes that the API promises', async () => {
    const parts = [
      [statusSchema, { ...(await source.status()), mayChange: false }],
      [exportersSchema, { items: await source.exporters() }],
      [trafficSchema, await source.traffic(trafficQuerySchema.parse({}))],
      [eventPageSchema, await source.events(eventQuerySchema.parse({}))],
      [partnersSchema, { items: await source.partners() }],
      [conversationPageSchema, await source.conversations(conversationQuerySchema.parse({}))],
      [outboxSchema, await source.outbox()],
      [modulesSchema, { items: await source.modules(), maySwitch: false }],
      [incidentSchema, await incidentOf(attacker, source)],
    ] as const;
    for (const [schema, answer] of parts) expect(() => schema.parse(answer)).not.toThrow();
  });

  it('counts every flow, by its own time too', async () => {
    const { flows, trafficMs, flowsPerSecond } = await source.status();
    expect(flows).toBe(watched.records);
    expect(flowsPerSecond).toBeGreaterThan(0);
    const traffic = await source.traffic({
      buckets: 1000,
      fromMs: watched.truth.startMs,
      toMs: trafficMs! + 1,
    });
    expect(traffic.flows.reduce((a, b) => a + b)).toBe(watched.records);
    expect(traffic.detections.map(({ statement, kind }) => [statement, kind]).sort()).toEqual([
      ['Guessing', 'bruteForce'],
      ['PortScan', 'scan'],
    ]);
  });

  it('pages through detections without leaving any out, in both orders of both sorts', async () => {
    const { total } = await source.detectionSummary({});
    for (const sort of ['time', 'count'] as const) {
      for (const order of ['descending', 'ascending'] as const) {
        const seen: { id: string; count?: number | undefined }[] = [];
        let cursor: string | undefined;
        do {
          const query = { sort, order, limit: 3, ...(cursor === undefined ? {} : { cursor }) };
          const page = detectionPageSchema.parse(await source.detections(detectionQuerySchema.parse(query)));
          seen.push(...page.items);
          cursor = page.next;
        } while (cursor !== undefined);
        expect(new Set(seen.map(({ id }) => id)).size).toBe(total);
        const values = seen.map(({ id, count }) => (sort === 'time' ? Number(id) : count!));
        expect(values).toEqual(values.toSorted((a, b) => (order === 'ascending' ? a - b : b - a)));
      }
    }
  });

  it('tells who scans and who tries passwords', async () => {
    const summary = detectionSummarySchema.parse(await source.detectionSummary({ attacker }));
    expect(summary.scanners).toEqual([{ attacker, count: expect.any(Number), share: 1 }]);
    const bruteForce = watched.truth.attacks[0].stages.find(({ stage }) => /brute/i.test(stage))!;
    expect(summary.bruteForce.map(({ target }) => target).sort()).toEqual([...bruteForce.targets].sort());
    expect(new Set(summary.bruteForce.map(({ url }) => url))).toEqual(new Set(['/wp-login.php']));
    const [first] = summary.bruteForce;
    expect(first.averageCount).toBeGreaterThan(16);
    expect(first.maximumCount).toBeGreaterThanOrEqual(first.averageCount);
    expect((await source.detectionSummary({ text: 'WP-LOGIN' })).byStatement).toMatchObject([
      { statement: 'Guessing' },
    ]);
  });

  it('has the incident from the first stage to the partner’s answer', async () => {
    const incident = await incidentOf(attacker, source);
    expect(incident.stages.map(({ statement }) => statement)).toEqual(['PortScan', 'Guessing']);
    expect(incident.stages[0].text).toContain('insert into PortScan');
    expect(incident.evidence.total).toBeGreaterThan(16);
    expect(incident.evidence.columns).toContain('sourceIPv4Address');
    const [conversation] = incident.conversations;
    expect(conversation).toMatchObject({ partner: theirs.name, status: 'answered', about: [attacker] });
    expect(conversation.turns.map(({ direction, outcome }) => [direction, outcome?.status])).toEqual([
      ['out', undefined],
      ['in', 'accepted'],
    ]);
    const [partner] = await source.partners();
    expect(partner).toMatchObject({ failed: 0, waiting: 0, asn: 64501 });
    expect(partner.sent).toBe(partner.received);
    expect(partner.sent).toBeGreaterThan(0);
  });

  it('pages through flows, the latest set of records first, each once', async () => {
    const seen: Flow[] = [];
    let cursor: string | undefined;
    do {
      const page = await flowsOf({ filter: `src ip ${attacker}`, limit: 700, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    const sent = watched.truth.attacks[0].stages.reduce((sum, { flows }) => sum + flows, 0);
    expect(seen).toHaveLength(sent);
    expect(new Set(seen.map((flow) => JSON.stringify(flow))).size).toBeGreaterThan(sent - 5);
    expect(new Set(seen.map(({ source: from }) => from))).toEqual(new Set([attacker]));
    expect((await flowsOf({ limit: 1 })).items[0].endMs).toBeGreaterThan(seen.at(-1)!.endMs!);
  });

  it('looks at a span of time only', async () => {
    const fromMs = watched.truth.startMs + 60_000;
    const toMs = fromMs + 30_000;
    const { items } = await flowsOf({ fromMs, toMs, limit: 1000 });
    expect(items.length).toBeGreaterThan(100);
    expect(items.every(({ endMs }) => endMs! >= fromMs && endMs! < toMs)).toBe(true);
    const line = timeLineSchema.parse(
      await source.flowTimeLine(timeLineQuerySchema.parse({ fromMs, toMs, filter: 'tcp', buckets: 30 })),
    );
    expect(line).toMatchObject({ startMs: fromMs, bucketMs: 1000 });
    const top = topSchema.parse(
      await source.topFlows(topQuerySchema.parse({ fromMs, toMs, filter: 'tcp', by: 'src', order: 'flows' })),
    );
    expect(top.rows[0].key).toEqual([attacker]);
    expect(line.flows.reduce((a, b) => a + b)).toBe(top.flows);
  });

  it.each([
    [{ filter: 'src prot 80' }, /\^/],
    [{ filter: 'any) or (any' }, /filter/],
    [{ cursor: 'x' }, /cursor/],
  ])('refuses %j', async (query, message) => {
    const failure = await flowsOf(query).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'API_BAD_REQUEST', message: expect.stringMatching(message) });
  });

  it('lets no comment in a filter hide the span', async () => {
    const { items } = await flowsOf({ filter: 'any # all', fromMs: watched.truth.startMs + 3_600_000 });
    expect(items).toEqual([]);
  });
});
