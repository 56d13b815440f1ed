import { MessageChannel } from 'node:worker_threads';
import type { FlowColumnDefinition, TrafficSummary } from '@flowpact/store';
import type { ListenConfig } from '../collect/listener.ts';
import type { Exporter } from '../http/api/schema/exporter-schema.ts';
import type { TrafficPart } from '../watch/traffic-tally.ts';
import type { CollectorReport, CollectorRequests } from './collecting.ts';
import type {
  DetectionReport,
  DetectionRequests,
  DetectionTold,
  Finding,
  FindingsTaken,
  WantedModules,
} from './detection-messages.ts';
import type { ExporterCount } from './exporter-counts.ts';
import type { ExporterSession } from './session-decoders.ts';
import type { StorageReport, StorageRequests, StorageTold } from './storing.ts';
import type { CollectorThreadData, DetectionThreadData, StorageThreadData } from './thread-data.ts';
import { withinTime } from './within-time.ts';
import { startWorkerThread, type WorkerThread } from './worker-thread.ts';

export interface FlowThreadsConfig {
  readonly maxBatches: number;
  readonly maxFindings: number;
  readonly snapshotDirectory: string;
  readonly snapshotEveryMs: number;
  /** Left out: flows are not archived, and there is no storage thread. */
  readonly archive?: {
    readonly directory: string;
    readonly maxBatches: number;
    readonly flushAfterMs: number;
    readonly extraColumns: readonly FlowColumnDefinition[];
  };
}

export interface FlowThreadsDeps {
  /** The finding counts as on its way until the promise is settled. */
  onFinding(finding: Finding): Promise<void>;
  onRemark(text: string): void;
  /** What flowed, minute by minute. */
  onSummary(summary: TrafficSummary): void;
  /** What flowed lately. */
  onTraffic(parts: readonly TrafficPart[]): void;
  /** A thread is gone: the daemon cannot go on. */
  onDeath(error: Error): void;
}

/** How collection and detection fare. */
export interface FlowReport {
  readonly collector: CollectorReport;
  readonly detection: DetectionReport;
  /** Left out: flows are not archived. */
  readonly storage?: StorageReport;
}

/** Collection, detection and storage, each in a thread of its own, as the main thread sees them. */
export interface FlowThreads {
  start(): Promise<void>;
  /** @throws FlowpactError where a module does not run; all go on as before then. */
  useModules(wanted: WantedModules): Promise<void>;
  /** @returns the listeners' URLs. @throws FlowpactError where an address cannot be had. */
  listen(config: ListenConfig): Promise<readonly string[]>;
  /** @throws FlowpactError `FLOWPACT_DAEMON` where a thread does not answer within `timeoutMs`. */
  report(timeoutMs: number): Promise<FlowReport>;
  /** @throws as `report`. */
  exporters(timeoutMs: number): Promise<readonly Exporter[]>;
  /** Resolves when the flows that have come to the archive can be read. @throws as `report`. */
  flushArchive(timeoutMs: number): Promise<void>;
  /** Takes what has come to its end, findings and all; each thread gets `timeoutMs` for its part. */
  stop(timeoutMs: number): Promise<void>;
}

/** Modules are compiled and listeners opened within this, milliseconds; a snapshot of state may be read first. */
const startTimeoutMs = 60_000;

export function createFlowThreads(
  { maxBatches, maxFindings, snapshotDirectory, snapshotEveryMs, archive }: FlowThreadsConfig,
  { onFinding, onRemark, onSummary, onTraffic, onDeath }: FlowThreadsDeps,
): FlowThreads {
  let collector: WorkerThread<CollectorRequests, never> | undefined;
  let detection: WorkerThread<DetectionRequests, FindingsTaken> | undefined;
  let storage: WorkerThread<StorageRequests, never> | undefined;
  const acting = new Set<Promise<void>>();

  function act(finding: Finding): void {
    const done: Promise<void> = onFinding(finding)
      .catch((error: Error) => onRemark(`${finding.module}/${finding.statement}: ${error.message}`))
      .finally(() => {
        acting.delete(done);
        detection?.tell({ kind: 'taken', findings: 1 });
      });
    acting.add(done);
  }

  function hear(told: StorageTold | DetectionTold): void {
    switch (told.kind) {
      case 'remark':
        onRemark(told.text);
        return;
      case 'summary':
        onSummary(told.summary);
        return;
      case 'traffic':
        onTraffic(told.parts);
        return;
      default:
        told satisfies never;
    }
  }

  function running(): {
    readonly collector: WorkerThread<CollectorRequests, never>;
    readonly detection: WorkerThread<DetectionRequests, FindingsTaken>;
  } {
    if (collector === undefined || detection === undefined) throw new Error('the threads are not started');
    return { collector, detection };
  }

  /** @returns what the detection thread begins with to reach it. */
  function startStorage(): DetectionThreadData['archive'] {
    if (archive === undefined) return undefined;
    const { port1: toStorage, port2: fromDetection } = new MessageChannel();
    const { directory, flushAfterMs, extraColumns } = archive;
    storage = startWorkerThread<StorageRequests, StorageTold>(
      {
        name: 'storage',
        module: 'storage-thread',
        workerData: { directory, flushAfterMs, extraColumns, fromDetection } satisfies StorageThreadData,
        transfer: [fromDetection],
      },
      {
        onTold: hear,
        onDeath,
      },
    );
    return { maxBatches: archive.maxBatches, toStorage };
  }

  return {
    async start() {
      const toArchive = startStorage();
      const { port1: toDetection, port2: fromCollector } = new MessageChannel();
      detection = startWorkerThread<DetectionRequests, Finding | DetectionTold, FindingsTaken>(
        {
          name: 'detection',
          module: 'detection-thread',
          workerData: {
            maxFindings,
            snapshotDirectory,
            snapshotEveryMs,
            fromCollector,
            ...(toArchive === undefined ? {} : { archive: toArchive }),
          } satisfies DetectionThreadData,
          transfer: toArchive === undefined ? [fromCollector] : [fromCollector, toArchive.toStorage],
        },
        {
          onTold: (told) => (told.kind === 'event' || told.kind === 'rows' ? act(told) : hear(told)),
          onDeath,
        },
      );
      collector = startWorkerThread<CollectorRequests, never>(
        {
          name: 'collector',
          module: 'collector-thread',
          workerData: { maxBatches, toDetection } satisfies CollectorThreadData,
          transfer: [toDetection],
        },
        { onTold: () => undefined, onDeath },
      );
    },
    useModules: async (wanted) => running().detection.ask('modules', wanted, startTimeoutMs),
    listen: (config) => running().collector.ask('listen', config, startTimeoutMs),
    async report(timeoutMs) {
      const threads = running();
      const [collectorReport, detectionReport, storageReport] = await Promise.all([
        threads.collector.ask('report', undefined, timeoutMs),
        threads.detection.ask('report', undefined, timeoutMs),
        storage?.ask('report', undefined, timeoutMs),
      ]);
      return {
        collector: collectorReport,
        detection: detectionReport,
        ...(storageReport === undefined ? {} : { storage: storageReport }),
      };
    },
    async exporters(timeoutMs) {
      const threads = running();
      const [{ exporters }, sessions] = await Promise.all([
        threads.collector.ask('report', undefined, timeoutMs),
        threads.detection.ask('exporters', undefined, timeoutMs),
      ]);
      return withDrops(sessions, exporters);
    },
    async flushArchive(timeoutMs) {
      await storage?.ask('flush', undefined, timeoutMs);
    },
    async stop(timeoutMs) {
      if (collector === undefined || detection === undefined) return;
      try {
        await collector.ask('stop', undefined, timeoutMs);
        await detection.ask('stop', undefined, timeoutMs);
        const acted = (async () => {
          while (acting.size > 0) await Promise.all(acting);
        })();
        if (!(await withinTime(acted, timeoutMs)))
          onRemark(`${acting.size} findings were not acted on in time`);
        await storage?.ask('stop', undefined, timeoutMs);
      } finally {
        await Promise.all([collector.terminate(), detection.terminate(), storage?.terminate()]);
        collector = undefined;
        detection = undefined;
        storage = undefined;
      }
    },
  };
}

/** Datagrams are dropped before anybody knows their session: they are told with the latest one of their host. */
function withDrops(sessions: readonly ExporterSession[], counts: readonly ExporterCount[]): Exporter[] {
  const dropped = new Map(counts.map(({ exporter, dropped: count }) => [exporter, count]));
  return sessions.map(({ address, ...session }) => {
    const isUdp = session.exporter.startsWith('udp:');
    const droppedDatagrams = (isUdp && dropped.get(address)) || 0;
    if (isUdp) dropped.delete(address);
    return { ...session, droppedDatagrams };
  });
}
