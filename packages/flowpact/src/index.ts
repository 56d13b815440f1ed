export { createArchiveReader } from './archive/archive-reader.ts';
export { type DetectInput, type DetectSession, runDetection } from './cli/detect-session.ts';
export { type DemoConfig, type DemoDeps, type DemoResult, runDemo } from './demo/demo.ts';
export type { DemoCheck } from './demo/demo-checks.ts';
export { FlowpactError, type FlowpactErrorCode } from './flowpact-error.ts';
export type { ExportedFlow } from './generate/export-order.ts';
export { exportTraffic } from './generate/export-traffic.ts';
export type { GeneratedFlow } from './generate/flow.ts';
export type { Attack, AttackStage } from './generate/scenarios/attack.ts';
export type { MultiStageHttpOptions } from './generate/scenarios/multi-stage-http.ts';
export { type ScenarioName, scenarioNames } from './generate/scenarios/scenarios.ts';
export {
  type AttackRequest,
  type GroundTruth,
  generateTraffic,
  type Traffic,
  type TrafficConfig,
} from './generate/traffic.ts';
export type { LineSink } from './output/line-sink.ts';
export {
  createDetector,
  type Detections,
  type Detector,
  type DetectorConfig,
  type DetectorCounters,
  selectStatements,
} from './pipeline/detector.ts';
export { evidenceTable } from './pipeline/evidence-table.ts';
export { type FlowField, flowFieldsOf } from './pipeline/flow-fields.ts';
export { compileModuleFile, compileModuleText } from './pipeline/module-file.ts';
export { rowLine } from './pipeline/row-line.ts';
export { securityEventsOf } from './pipeline/security-event.ts';
export {
  evidenceLimit,
  type SecurityEventMapping,
  securityEventMapping,
} from './pipeline/security-event-annotation.ts';
export { createArchiveReplay } from './response/archive-replay.ts';
