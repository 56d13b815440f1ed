import type { SecurityEvent } from '@flowpact/event';
import type { ApiSource, ApiSubscriber } from '../../../src/http/api/api-source.ts';
import type { Detection } from '../../../src/http/api/schema/detection-schema.ts';
import type { EventSummary } from '../../../src/http/api/schema/event-schema.ts';

export const attacker = '203.0.113.7';
export const startMs = Date.UTC(2026, 0, 1);

export function exampleDetection(fields: Partial<Detection> = {}): Detection {
  return {
    id: '1',
    timeMs: startMs + 60_000,
    module: 'example',
    statement: 'BruteForce',
    kind: 'bruteForce',
    attacker,
    target: '198.51.100.9',
    url: '/login',
    count: 32,
    columns: { Attacker: attacker, Destination: '198.51.100.9', URL: '/login', Attempts: 32 },
    ...fields,
  };
}

export const exampleEvent: SecurityEvent = {
  type: 'bruteForce',
  startMs,
  endMs: startMs + 60_000,
  sources: [{ address: attacker }],
  targets: [{ address: '198.51.100.9' }, { address: '198.51.100.10' }],
  text: 'password guessing',
  flows: {
    layout: {
      columns: [
        { kind: 'iana', id: 8 },
        { kind: 'iana', id: 6 },
        { kind: 'iana', id: 1 },
      ],
    },
    groups: [{ rows: [[Uint8Array.of(203, 0, 113, 7), 0x1b, 2n ** 60n]] }],
  },
};

export const exampleSummary: EventSummary = {
  id: 'e1',
  type: 'bruteForce',
  detectedMs: startMs + 60_000,
  startMs,
  sources: [attacker],
  targets: ['198.51.100.9', '198.51.100.10'],
  targetCount: 2,
  flows: 1,
};

/** A source with one of everything; what it was asked is in `queries`. */
export function createExampleSource(): ApiSource & {
  readonly queries: unknown[];
  readonly subscribers: Set<ApiSubscriber>;
} {
  const queries: unknown[] = [];
  const subscribers = new Set<ApiSubscriber>();
  const line = { startMs, bucketMs: 1000, flows: [1], packets: [2], octets: [3] };
  const statement = {
    statement: 'BruteForce',
    text: 'select *',
    isStopped: false,
    ...{ eventsIn: 9, rows: 1, omittedRows: 0, errors: 0, retained: 0, timeSpentMs: 0.5, falsePositives: 0 },
  };
  return {
    queries,
    subscribers,
    status: () => ({
      version: '1',
      startedMs: 0,
      nowMs: 1,
      ...{ flowsPerSecond: 1, octetsPerSecond: 2, detectionsPerSecond: 3 },
      ...{ flows: 1, octets: 2, detections: 3, events: 1, messagesSent: 0, messagesReceived: 0 },
      ...{ lostFlows: 0, exporters: 0 },
    }),
    exporters: () => [],
    traffic(query) {
      queries.push(query);
      return { ...line, detections: [{ statement: 'BruteForce', kind: 'bruteForce', counts: [1] }] };
    },
    detections(query) {
      queries.push(query);
      const items = [
        exampleDetection(),
        exampleDetection({ id: '0', statement: 'PortScan', kind: 'scan', timeMs: startMs, count: 3 }),
      ];
      return { items: query.attacker === undefined || query.attacker === attacker ? items : [] };
    },
    detectionSummary: () => ({ total: 0, byStatement: [], byAttacker: [], scanners: [], bruteForce: [] }),
    events: ({ attacker: of }) => ({ items: of === undefined || of === attacker ? [exampleSummary] : [] }),
    event: (id) => (id === 'e1' ? { summary: exampleSummary, event: exampleEvent } : undefined),
    partners: () => [],
    conversations: () => ({ items: [] }),
    outbox: () => ({ waiting: 0, failed: 0, items: [] }),
    modules: () => [{ module: 'example', isEnabled: true, statements: [statement] }],
    moduleSource: (module) => (module === 'example' ? { module, source: 'select *' } : undefined),
    setModuleEnabled(module, isEnabled) {
      queries.push({ module, isEnabled });
      return module === 'example';
    },
    flows: () => ({ items: [], next: 'more' }),
    topFlows: () => ({ by: ['src'], rows: [], flows: 0, packets: 0, octets: 0 }),
    flowTimeLine: () => line,
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
  };
}
