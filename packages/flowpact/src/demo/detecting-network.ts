import { createRequire } from 'node:module';
import type { SecurityEvent } from '@flowpact/event';
import {
  createFlowDecoder,
  createTcpCollector,
  type DecoderStats,
  type FlowDecoder,
  type MessageSink,
} from '@flowpact/ipfix';
import { createDetector, type Detections } from '../pipeline/detector.ts';
import { compileModuleFile } from '../pipeline/module-file.ts';
import { securityEventsOf } from '../pipeline/security-event.ts';
import { evidenceLimit, securityEventMapping } from '../pipeline/security-event-annotation.ts';
import { detectorName } from '../version.ts';

const ruleFile = createRequire(import.meta.url).resolve(
  '@flowpact/rules/multi-stage-http/multi-stage-http.epl',
);

export interface DetectingNetworkDeps {
  /** Rows of any statement of the module, for people to watch. */
  onDetections(detections: Detections): void;
  onSecurityEvent(event: SecurityEvent): void;
  onTrouble(what: string): void;
}

/** Collector, engine and event mapping of the network that sees the attack. */
export interface DetectingNetworkPipeline {
  start(): Promise<{ readonly address: string; readonly port: number }>;
  /** Resolves when the exporter's session has ended and all it sent is handled. */
  readonly sessionEnded: Promise<void>;
  stop(): Promise<void>;
  readonly stats: DecoderStats | undefined;
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
        deps.onSecurityEvent(event);
      }
    });
  }

  let decoder: FlowDecoder | undefined;
  let endSession = () => {};
  const sessionEnded = new Promise<void>((resolve) => {
    endSession = resolve;
  });
  const openSession = (): MessageSink => {
    const session = createFlowDecoder(
      {},
      { reader: detector.recordReader(), onIssue: ({ message }) => deps.onTrouble(message) },
    );
    decoder = session;
    return {
      message: (bytes) => session.decode(bytes),
      end(issue) {
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
    get stats() {
      return decoder?.stats;
    },
  };
}
