import type { CompiledModule, Statement } from '@flowpact/epl';
import type { SecurityEvent } from '@flowpact/event';
import type { Exchange, FalsePositiveCount } from '@flowpact/exchange';
import type { RecordReader } from '@flowpact/ipfix';
import type { FlowReplay } from '@flowpact/response';
import { teeReader } from '../collect/tee-reader.ts';
import type { ApiSource, ApiSubscriber } from '../http/api/api-source.ts';
import type { Exporter } from '../http/api/schema/exporter-schema.ts';
import type { Module } from '../http/api/schema/module-schema.ts';
import type { Detections } from '../pipeline/detector.ts';
import { version } from '../version.ts';
import { createDetectionList } from './detection-list.ts';
import { type DetectionRoles, detectionOf, detectionRoles } from './detection-roles.ts';
import { createEventList } from './event-list.ts';
import type { ExchangeView } from './exchange-view.ts';
import { createFlowMemory } from './flow-memory.ts';
import { createFlowMemoryReplay } from './flow-memory-replay.ts';
import { createFlowQueries } from './flow-queries.ts';
import { createTrafficHistory } from './traffic-history.ts';
import { createTrafficTally } from './traffic-tally.ts';

export interface MemorySourceConfig {
  /** Detections kept; the oldest leave first. Default 20,000. */
  readonly maxDetections?: number;
  /** Security events kept, with their flows. Default 500. */
  readonly maxEvents?: number;
  /** Octets of flow records kept. Default 16 MiB. */
  readonly maxFlowOctets?: number;
  /** Told with the status. */
  readonly note?: string;
}

export interface WatchedModule {
  readonly name: string;
  readonly source: string;
  readonly compiled: CompiledModule;
  readonly statements: readonly Statement[];
}

export interface MemorySourceDeps {
  readonly modules: readonly WatchedModule[];
  readonly exchange: Exchange;
  readonly exchangeView: ExchangeView;
  exporters(): readonly Exporter[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** What was seen lately, all of it in memory: for the demo, and for trying things out. */
export interface MemorySource extends ApiSource {
  /** Give it to the decoders. */
  readonly reader: RecordReader;
  /** The flows that it keeps, for rules to be tried on. */
  readonly replay: FlowReplay;
  addDetections(detections: Detections): void;
  addEvent(event: SecurityEvent, detectedMs: number): void;
}

const quietMs = 10_000;
const rateSpanMs = 10_000;

export function createMemorySource(config: MemorySourceConfig, deps: MemorySourceDeps): MemorySource {
  const { maxDetections = 20_000, maxEvents = 500, maxFlowOctets, note } = config;
  const { modules, exchange, exchangeView, now } = deps;
  const memory = createFlowMemory(maxFlowOctets === undefined ? {} : { maxOctets: maxFlowOctets });
  const flowQueries = createFlowQueries(memory);
  const tally = createTrafficTally();
  const history = createTrafficHistory();
  const detectionList = createDetectionList({ maxDetections });
  const eventList = createEventList({ maxEvents });
  const subscribers = new Set<ApiSubscriber>();
  const roles = new Map<Statement, DetectionRoles>();
  const lastRowMs = new Map<Statement, number>();
  const startedMs = now();
  let detections = 0;
  let flowsBefore = 0;
  let grewMs = startedMs;
  /** When the latest detections came, by second. */
  const lately = new Map<number, number>();

  const detectionsPerSecond = () => {
    const sinceMs = now() - rateSpanMs;
    let sum = 0;
    for (const [atMs, count] of lately) {
      if (atMs < sinceMs) lately.delete(atMs);
      else sum += count;
    }
    return sum / (rateSpanMs / 1000);
  };

  return {
    reader: teeReader([memory.reader, tally.reader]),
    replay: createFlowMemoryReplay(memory),
    addDetections({ statement, timeMs, rows }) {
      const rolesOf = roles.get(statement) ?? detectionRoles(statement);
      roles.set(statement, rolesOf);
      lastRowMs.set(statement, timeMs);
      const module = modules.find(({ statements }) => statements.includes(statement))?.name ?? '';
      const found = rows.map((row) =>
        detectionOf(row, rolesOf, { id: String(++detections), timeMs, module, statement: statement.name }),
      );
      const second = Math.floor(now() / 1000) * 1000;
      lately.set(second, (lately.get(second) ?? 0) + rows.length);
      detectionList.add(found);
      history.addDetections(found);
      for (const { onDetections } of subscribers) onDetections(found);
    },
    addEvent(event, detectedMs) {
      const summary = eventList.add(event, detectedMs);
      for (const { onEvent } of subscribers) onEvent(summary);
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },

    status() {
      const nowMs = now();
      history.addFlows(tally.take());
      if (history.flows > flowsBefore) grewMs = nowMs;
      flowsBefore = history.flows;
      const isQuiet = nowMs - grewMs > quietMs;
      const exporters = deps.exporters();
      return {
        version,
        startedMs,
        nowMs,
        ...(history.timeMs === undefined ? {} : { trafficMs: history.timeMs }),
        ...(note === undefined ? {} : { note }),
        ...(isQuiet ? { flowsPerSecond: 0, octetsPerSecond: 0 } : history.rates()),
        detectionsPerSecond: detectionsPerSecond(),
        flows: history.flows,
        octets: history.octets,
        detections,
        events: eventList.count,
        messagesSent: exchangeView.sent,
        messagesReceived: exchangeView.received,
        lostFlows: Math.max(
          0,
          exporters.reduce((sum, { lostRecords }) => sum + lostRecords, 0),
        ),
        exporters: exporters.filter(({ isConnected }) => isConnected).length,
      };
    },
    exporters: deps.exporters,
    traffic(query) {
      history.addFlows(tally.take());
      return history.traffic(query);
    },
    detections: detectionList.page,
    detectionSummary: detectionList.summary,
    events: eventList.page,
    event: eventList.event,
    partners: exchangeView.partners,
    conversations: (query) => exchangeView.conversations(query, exchange),
    outbox: () => exchangeView.outbox(exchange),
    modules: () => {
      const falsePositives = exchange.falsePositives();
      return modules.map((module) => moduleView(module, lastRowMs, falsePositives));
    },
    moduleSource(name) {
      const module = modules.find((each) => each.name === name);
      return module === undefined ? undefined : { module: name, source: module.source };
    },
    flows: flowQueries.page,
    topFlows: flowQueries.top,
    flowTimeLine: flowQueries.timeLine,
  };
}

function moduleView(
  { name, compiled, statements }: WatchedModule,
  lastRowMs: ReadonlyMap<Statement, number>,
  falsePositives: readonly FalsePositiveCount[],
): Module {
  return {
    module: name,
    isEnabled: true,
    statements: statements.map((statement) => {
      const { eventsIn, rowsOut, errors, retained, timeSpentMs } = statement.counters;
      const roles = statement.annotations.some((annotation) => annotation.name === 'SecurityEvent')
        ? detectionRoles(statement)
        : undefined;
      const lastMs = lastRowMs.get(statement);
      return {
        statement: statement.name,
        text: compiled.statements.find((each) => each.name === statement.name)?.text ?? '',
        ...(statement.insertInto === undefined ? {} : { insertsInto: statement.insertInto }),
        ...(roles === undefined ? {} : { eventType: roles.kind }),
        isStopped: statement.stopped,
        ...{ eventsIn, rows: rowsOut, omittedRows: 0, errors, retained, timeSpentMs },
        falsePositives: falsePositives
          .filter(({ rule }) => rule === statement.name)
          .reduce((sum, { count }) => sum + count, 0),
        ...(lastMs === undefined ? {} : { lastRowMs: lastMs }),
      };
    }),
  };
}
