import type { DaemonReport } from '../daemon/daemon-report.ts';
import type { Finding } from '../daemon/detection-messages.ts';
import type { ModuleDescription } from '../daemon/module-description.ts';
import type { RunningExchange } from '../exchange/running-exchange.ts';
import type { ApiSource, ApiSubscriber } from '../http/api/api-source.ts';
import type { Exporter } from '../http/api/schema/exporter-schema.ts';
import { version } from '../version.ts';
import { type DetectionRoles, detectionOf } from '../watch/detection-roles.ts';
import { createTrafficHistory } from '../watch/traffic-history.ts';
import { partMs, type TrafficPart } from '../watch/traffic-tally.ts';
import type { ConversationMemory } from './conversation-memory.ts';
import { outboxOf, partnersOf } from './exchange-views.ts';
import type { FindingMemory } from './finding-memory.ts';
import { modulesOf } from './module-views.ts';
import { createRecentRate } from './recent-rate.ts';
import { shared } from './shared-answer.ts';
import { type EarlierTraffic, trafficOf } from './traffic-views.ts';

export interface DaemonSourceDeps {
  /** @throws where a thread does not answer. */
  report(): Promise<DaemonReport>;
  /** @throws where a thread does not answer. */
  exporters(): Promise<readonly Exporter[]>;
  readonly findings: FindingMemory;
  readonly conversations: ConversationMemory;
  readonly flows: Pick<ApiSource, 'flows' | 'topFlows' | 'flowTimeLine'>;
  /** What flowed in earlier runs. Left out: nothing of them is kept. */
  readonly earlier?: EarlierTraffic;
  /** Undefined while none is configured. */
  exchange(): RunningExchange | undefined;
  /** Those configured, also those that are switched off. */
  modules(): readonly ModuleDescription[];
  /** Whether a module is at work. */
  isEnabled(module: string): boolean;
  setModuleEnabled(module: string, isEnabled: boolean): Promise<boolean>;
  /** What a reader should know. */
  readonly note?: string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** All that the API and the page show of a running daemon. */
export interface DaemonSource extends ApiSource {
  /** Keeps a finding and tells who watches; resolves when it is kept. @throws StoreError */
  keep(finding: Finding): Promise<void>;
  onTraffic(parts: readonly TrafficPart[]): void;
}

/** Of a statement that a reload has just taken away. */
const unknownRoles: DetectionRoles = {
  kind: 'other',
  ...{ attacker: undefined, target: undefined, url: undefined, count: undefined },
};

/** For so long an answer of the threads does for others who ask, milliseconds. */
const reportAgeMs = 500;
const quietMs = 10_000;
/** Flows of a time so far ahead are of an exporter whose clock is wrong: they are shown as of now. */
const maxAheadMs = 3_600_000;

export function createDaemonSource(deps: DaemonSourceDeps): DaemonSource {
  const { findings, conversations, earlier, note, now } = deps;
  const history = createTrafficHistory();
  const subscribers = new Set<ApiSubscriber>();
  const rate = createRecentRate(deps);
  const report = shared(deps.report, { maxAgeMs: reportAgeMs, now });
  let detections = 0;
  let events = 0;
  let grewMs = now();

  return {
    async keep(finding) {
      switch (finding.kind) {
        case 'event': {
          const summary = await findings.addEvent(finding.event, finding.timeMs);
          events++;
          for (const { onEvent } of subscribers) onEvent(summary);
          return;
        }
        case 'rows': {
          const { module, statement, timeMs, lines } = finding;
          const roles =
            deps
              .modules()
              .find(({ name }) => name === module)
              ?.statements.find(({ name }) => name === statement)?.roles ?? unknownRoles;
          const found = lines.map((line) => {
            const row = JSON.parse(line) as Record<string, unknown>;
            // Both are of the line alone.
            const { timestamp: _timestamp, type: _type, ...columns } = row;
            return { row, detection: detectionOf(columns, roles, { timeMs, module, statement }) };
          });
          const kept = await findings.addDetections(found);
          detections += kept.length;
          rate.add(kept.length);
          history.addDetections(kept);
          for (const { onDetections } of subscribers) onDetections(kept);
          return;
        }
        default:
          finding satisfies never;
      }
    },
    onTraffic(parts) {
      grewMs = now();
      const latestMs = grewMs + maxAheadMs;
      const nowPartMs = grewMs - (grewMs % partMs);
      history.addFlows(
        parts.map((part) =>
          part.startMs <= latestMs ? part : { ...part, startMs: nowPartMs, endMs: nowPartMs },
        ),
      );
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },

    async status() {
      const { startedMs, collector, detection, exchange } = await report();
      const nowMs = now();
      const trafficMs = history.timeMs ?? (await earlier?.latestMs());
      const messages = (kind: 'sent' | 'received') =>
        (exchange?.counts ?? []).reduce((sum, each) => sum + (each.kind === kind ? each.count : 0), 0);
      return {
        ...{ version, startedMs, nowMs },
        ...(trafficMs === undefined ? {} : { trafficMs }),
        ...(note === undefined ? {} : { note }),
        ...(nowMs - grewMs > quietMs ? { flowsPerSecond: 0, octetsPerSecond: 0 } : history.rates()),
        detectionsPerSecond: rate.perSecond(),
        flows: detection.records,
        octets: history.octets,
        ...{ detections, events, messagesSent: messages('sent'), messagesReceived: messages('received') },
        lostFlows: Math.max(0, detection.lostRecords),
        exporters: collector.listeners.reduce((sum, { stats }) => sum + stats.openSessions, 0),
      };
    },
    exporters: shared(deps.exporters, { maxAgeMs: reportAgeMs, now }),
    traffic: (query) => trafficOf(query, { history, findings, earlier }),
    detections: (query) => findings.detections(query),
    detectionSummary: (query) => findings.detectionSummary(query),
    events: (query) => findings.events(query),
    event: (id) => findings.event(id),
    partners: () => partnersOf(deps.exchange()),
    conversations: (query) => conversations.conversations(query),
    outbox: () => outboxOf(deps.exchange()),
    async modules() {
      const { detection, exchange } = await report();
      return modulesOf({
        modules: deps.modules(),
        reports: detection.modules,
        isEnabled: deps.isEnabled,
        falsePositives: (await conversations.falsePositives()) ?? falsePositivesOf(exchange?.falsePositives),
      });
    },
    moduleSource(name) {
      const found = deps.modules().find((module) => module.name === name);
      return found === undefined ? undefined : { module: name, source: found.source };
    },
    setModuleEnabled: (module, isEnabled) => deps.setModuleEnabled(module, isEnabled),
    ...deps.flows,
  };
}

function falsePositivesOf(
  counts: readonly { readonly rule?: string; readonly count: number }[] = [],
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { rule = '', count } of counts) sums.set(rule, (sums.get(rule) ?? 0) + count);
  return sums;
}
