import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { SecurityEvent } from '@flowpact/event';
import {
  createFlowDecoder,
  createTcpCollector,
  type DecoderStats,
  type ExporterAddress,
  type FlowDecoder,
  type MessageSink,
  type RecordReader,
} from '@flowpact/ipfix';
import { teeReader } from '../collect/tee-reader.ts';
import type { Exporter } from '../http/api/schema/exporter-schema.ts';
import { createDetector, type Detections } from '../pipeline/detector.ts';
import { compileModuleFile } from '../pipeline/module-file.ts';
import { securityEventsOf } from '../pipeline/security-event.ts';
import { evidenceLimit, securityEventMapping } from '../pipeline/security-event-annotation.ts';
import { detectorName } from '../version.ts';
import { exporterView } from '../watch/exporter-view.ts';
import type { WatchedModule } from '../watch/memory-source.ts';

const ruleFile = createRequire(import.meta.url).resolve(
  '@flowpact/rules/multi-stage-http/multi-stage-http.epl',
);

export interface DetectingNetworkDeps {
  /** Rows of any statement of the module, for people to watch. */
  onDetections(detections: Detections): void;
  /** `timeMs`: when the statement fired, by the time of the traffic, milliseconds since 1970. */
  onSecurityEvent(event: SecurityEvent, timeMs: number): void;
  onTrouble(what: string): void;
}

/** Collector, engine and event mapping of the network that sees the attack. */
export interface DetectingNetworkPipeline {
  start(): Promise<{ readonly address: string; readonly port: number }>;
  /** Resolves when the exporter's session has ended and all it sent is handled. */
  readonly sessionEnded: Promise<void>;
  stop(): Promise<void>;
  readonly stats: DecoderStats | undefined;
  readonly module: WatchedModule;
  /** Gives the flows of later sessions to another reader too. */
  alsoRead(reader: RecordReader): void;
  /** The latest sessions, for people to watch. */
  exporters(): readonly Exporter[];
}

/** Sessions told of. */
const maxSessions = 8;

interface Session {
  readonly exporter: string;
  readonly decoder: FlowDecoder;
  readonly sinceMs: number;
  lastMessageMs?: number;
  isConnected: boolean;
}

export async function createDetectingNetwork(deps: DetectingNetworkDeps): Promise<DetectingNetworkPipeline> {
  const module = await compileModuleFile(ruleFile, { evidence: evidenceLimit });
  const detector = createDetector({ module });
  detector.onDetections(detector.statements, deps.onDetections);
  detector.onStatementError(({ statement, error }) =>
    deps.onTrouble(`statement ${statement.name}: ${error.message}`),
  );
  for (const statement of detector.statements) {
    const mapping = securityEventMapping(statement);
    if (mapping === undefined) continue;
    detector.onDetections([statement], (detections) => {
      for (const event of securityEventsOf(detections, mapping, detector.flowFields, detectorName)) {
        deps.onSecurityEvent(event, detections.timeMs);
      }
    });
  }

  const sessions: Session[] = [];
  let moreReaders: readonly RecordReader[] = [];
  let decoder: FlowDecoder | undefined;
  let endSession = () => {};
  const sessionEnded = new Promise<void>((resolve) => {
    endSession = resolve;
  });
  const openSession = ({ transport, address, port }: ExporterAddress): MessageSink => {
    const reader = teeReader([detector.recordReader(), ...moreReaders]);
    decoder = createFlowDecoder({}, { reader, onIssue: ({ message }) => deps.onTrouble(message) });
    const exporter = `${transport}://${address}:${port}`;
    const session: Session = { exporter, decoder, sinceMs: Date.now(), isConnected: true };
    sessions.push(session);
    if (sessions.length > maxSessions) sessions.shift();
    return {
      message(bytes) {
        session.lastMessageMs = Date.now();
        session.decoder.decode(bytes);
      },
      end(issue) {
        session.isConnected = false;
        if (issue !== undefined) deps.onTrouble(issue.message);
        endSession();
      },
    };
  };
  const collector = createTcpCollector({ host: '127.0.0.1', port: 0 }, { openSession });
  return {
    start: () => collector.start(),
    stop: () => collector.stop(),
    sessionEnded,
    module: {
      name: basename(ruleFile),
      source: await readFile(ruleFile, 'utf8'),
      compiled: module,
      statements: detector.statements,
    },
    alsoRead(reader) {
      moreReaders = [...moreReaders, reader];
    },
    exporters: () =>
      sessions
        .map(({ decoder: { stats }, ...facts }) => exporterView({ ...facts, droppedDatagrams: 0 }, stats))
        .reverse(),
    get stats() {
      return decoder?.stats;
    },
  };
}
