import { createIssueLog } from '../collect/issue-log.ts';
import { FlowpactError } from '../flowpact-error.ts';
import type { Detections, Detector } from '../pipeline/detector.ts';
import { rowLine } from '../pipeline/row-line.ts';
import { securityEventsOf } from '../pipeline/security-event.ts';
import { detectorName } from '../version.ts';
import { createChangeableReader } from './changeable-reader.ts';
import type { DetectionReport, Finding, WantedModules } from './detection-messages.ts';
import type { FlowMessage } from './flow-messages.ts';
import { type ModuleSettings, moduleReader, type RunningModule, runModule } from './module-settings.ts';
import { createSessionDecoders } from './session-decoders.ts';

export interface DetectingConfig {
  /** Findings that may be on their way to the main thread; what comes on top is dropped and counted. */
  readonly maxFindings: number;
}

export interface DetectingDeps {
  /** What a module of this name held when it was last seen, in an earlier run. */
  remembered?(module: string): Uint8Array | undefined;
  /** Tells the main thread. */
  find(finding: Finding): void;
  remark(text: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What the detection thread does: decodes the fields that statements read, and tells what these find. */
export interface Detecting {
  /** @throws FlowpactError where one of them does not run; all stays as it was then. */
  useModules(wanted: WantedModules): void;
  take(message: FlowMessage): void;
  /** To be called every second or so: lets time pass for statements that no flows come for. */
  tick(): void;
  /** What every module holds. */
  snapshots(): readonly ModuleSnapshot[];
  /** So many findings have been acted on. */
  taken(findings: number): void;
  report(): Omit<DetectionReport, 'droppedArchiveBatches'>;
}

/** All that the statements of one module hold. */
export interface ModuleSnapshot {
  readonly module: string;
  readonly bytes: Uint8Array;
}

interface Counted extends RunningModule {
  readonly counts: Map<string, { rows: number; events: number }>;
  errors: number;
}

export function createDetecting(
  { maxFindings }: DetectingConfig,
  { remembered = () => undefined, find, remark, now }: DetectingDeps,
): Detecting {
  const issues = createIssueLog(remark);
  const reader = createChangeableReader();
  const decoders = createSessionDecoders({ reader: () => reader, onIssue: issues.add, now });
  let modules: readonly Counted[] = [];
  let rowsOf: ReadonlySet<string> = new Set();
  let underWay = 0;
  let dropped = 0;
  let tickedMs = now();
  let hasHeard = false;

  function tell(finding: Finding): void {
    if (underWay >= maxFindings) {
      dropped++;
      return;
    }
    underWay++;
    find(finding);
  }

  function begin(settings: ModuleSettings): Counted {
    const module: Counted = { ...runModule(settings), counts: new Map(), errors: 0 };
    const { detector } = module;
    const before = modules.find((each) => each.settings.name === settings.name);
    resume(settings, detector, before === undefined ? remembered(settings.name) : before.detector.snapshot());
    detector.onStatementError(({ statement, error }) => {
      module.errors++;
      issues.add(`${settings.name}/${statement.name}`, error.code, error.message);
    });
    detector.onDetections(detector.statements, (detections) => takeRows(module, detections));
    return module;
  }

  /** Statements that are as they were go on with what they held; of the others it is told why not. */
  function resume({ name }: ModuleSettings, detector: Detector, snapshot: Uint8Array | undefined): void {
    if (snapshot === undefined) return;
    try {
      for (const { statement, outcome, reason } of detector.restore(snapshot).statements) {
        if (outcome === 'anew') remark(`${name}/${statement.name} begins anew: ${reason}`);
      }
    } catch (error) {
      remark(`${name} begins anew: ${(error as Error).message}`);
    }
  }

  function takeRows(
    { settings, detector, mappings, outputs, counts }: Counted,
    detections: Detections,
  ): void {
    const { statement, timeMs, rows } = detections;
    const { name } = statement;
    const count = counts.get(name) ?? { rows: 0, events: 0 };
    counts.set(name, count);
    count.rows += rows.length;
    const place = { module: settings.name, statement: name };
    const mapping = mappings.get(name);
    if (mapping !== undefined) {
      for (const event of securityEventsOf(detections, mapping, detector.flowFields, detectorName)) {
        count.events++;
        tell({ kind: 'event', ...place, event });
      }
    }
    const isWanted = rowsOf.has(name) || rowsOf.has(`${settings.name}/${name}`);
    if (mapping === undefined && !outputs.has(name) && !isWanted) return;
    const lines = rows.map((row) => rowLine(statement, timeMs, row));
    tell({ kind: 'rows', ...place, isOutput: outputs.has(name), timeMs, lines });
  }

  return {
    useModules(wanted) {
      const next = wanted.modules.map((settings) => {
        const same = modules.find((each) => isSame(each.settings, settings));
        try {
          return same ?? begin(settings);
        } catch (error) {
          if (error instanceof FlowpactError) throw error;
          throw new FlowpactError('FLOWPACT_MODULE', `${settings.file}: ${(error as Error).message}`, {
            cause: error,
          });
        }
      });
      modules = next;
      rowsOf = new Set(wanted.rowsOf);
      reader.use(modules.map((module) => moduleReader(module, now)));
    },
    take(message) {
      if (message.kind === 'batch') hasHeard = true;
      decoders.take(message);
    },
    tick() {
      const elapsedMs = now() - tickedMs;
      tickedMs += elapsedMs;
      // A clock that was set back, or far ahead, is not time that has passed.
      if (!hasHeard && elapsedMs > 0 && elapsedMs < 60_000) {
        for (const { detector } of modules) detector.passTime(elapsedMs);
      }
      hasHeard = false;
    },
    snapshots: () =>
      modules.map(({ settings, detector }) => ({ module: settings.name, bytes: detector.snapshot() })),
    taken(findings) {
      underWay -= findings;
    },
    report: () => ({
      ...decoders.totals(),
      sessions: decoders.sessions,
      droppedFindings: dropped,
      modules: modules.map(({ settings, detector, counts, errors }) => ({
        name: settings.name,
        file: settings.file,
        flows: detector.counters.events,
        withoutTime: detector.counters.withoutTime,
        timeMs: detector.timeMs,
        errors,
        statements: detector.statements.map(({ name }) => ({
          name,
          ...(counts.get(name) ?? { rows: 0, events: 0 }),
        })),
      })),
    }),
  };
}

function isSame(a: ModuleSettings, b: ModuleSettings): boolean {
  return (
    a.name === b.name && a.text === b.text && a.schemaStatement === b.schemaStatement && a.time === b.time
  );
}
