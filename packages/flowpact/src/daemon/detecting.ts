import type { RecordReader } from '@flowpact/ipfix';
import { createIssueLog } from '../collect/issue-log.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { createRateLimit, type RateLimit } from '../http/api/rate-limit.ts';
import type { Detections, Detector } from '../pipeline/detector.ts';
import { rowLine } from '../pipeline/row-line.ts';
import { securityEventsOf } from '../pipeline/security-event.ts';
import { detectorName } from '../version.ts';
import { createChangeableReader } from './changeable-reader.ts';
import type { DetectionReport, Finding, StatementReport, WantedModules } from './detection-messages.ts';
import type { FlowMessage } from './flow-messages.ts';
import { type ModuleSettings, moduleReader, type RunningModule, runModule } from './module-settings.ts';
import { createSessionDecoders, type ExporterSession } from './session-decoders.ts';

export interface DetectingConfig {
  /** Findings that may be on their way to the main thread; what comes on top is dropped and counted. */
  readonly maxFindings: number;
}

export interface DetectingDeps {
  /** What a module of this name held when it was last seen, in an earlier run. */
  remembered?(module: string): Uint8Array | undefined;
  /** Keeps what a module held that is not wanted any more: it may be again. */
  remember?(snapshot: ModuleSnapshot): void;
  /** Gets all flows, too. */
  readonly alsoRead?: RecordReader;
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
  exporters(): readonly ExporterSession[];
}

/** All that the statements of one module hold. */
export interface ModuleSnapshot {
  readonly module: string;
  readonly bytes: Uint8Array;
}

interface StatementCount {
  rows: number;
  events: number;
  omittedRows: number;
  lastRowMs?: number;
}

interface Counted extends RunningModule {
  readonly counts: Map<string, StatementCount>;
  errors: number;
}

/** What statements spend is measured in one batch of so many: two looks at a clock for each event are not free. */
const measuredShare = 16;

/** Rows of a statement that feeds others which may come at once, seconds of what it may tell. */
const stageBurstSeconds = 100;

export function createDetecting(
  { maxFindings }: DetectingConfig,
  { remembered = () => undefined, remember = () => undefined, alsoRead, find, remark, now }: DetectingDeps,
): Detecting {
  const issues = createIssueLog(remark);
  const reader = createChangeableReader();
  const decoders = createSessionDecoders({ reader: () => reader, onIssue: issues.add, now });
  const stageLimit = (perSecond: number): Pick<RateLimit, 'take'> =>
    perSecond === 0
      ? { take: () => 1 }
      : createRateLimit({ burst: perSecond * stageBurstSeconds, perSecond, maxClients: 10_000 }, { now });
  let stages = stageLimit(0);
  let modules: readonly Counted[] = [];
  let rowsOf: ReadonlySet<string> = new Set();
  let batches = 0;
  const clock = () => (batches % measuredShare === 0 ? performance.now() : 0);
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
    const module: Counted = { ...runModule(settings, clock), counts: new Map(), errors: 0 };
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
    const count = counts.get(name) ?? { rows: 0, events: 0, omittedRows: 0 };
    counts.set(name, count);
    count.rows += rows.length;
    count.lastRowMs = timeMs;
    const place = { module: settings.name, statement: name };
    const mapping = mappings.get(name);
    if (mapping !== undefined) {
      for (const event of securityEventsOf(detections, mapping, detector.flowFields, detectorName)) {
        count.events++;
        tell({ kind: 'event', ...place, timeMs, event });
      }
    }
    const isWanted = rowsOf.has(name) || rowsOf.has(`${settings.name}/${name}`);
    const isStage = mapping === undefined && !outputs.has(name) && !isWanted;
    const told = isStage ? rows.filter(() => mayTellStage(`${settings.name}/${name}`)) : rows;
    count.omittedRows += rows.length - told.length;
    if (told.length === 0) return;
    const lines = told.map((row) => rowLine(statement, timeMs, row));
    tell({ kind: 'rows', ...place, isOutput: outputs.has(name), timeMs, lines });
  }

  /** What stages tell is for people to look at: it never takes the place of what is acted on. */
  const mayTellStage = (statement: string) => underWay < maxFindings / 2 && stages.take(statement) === 0;

  function statementReport({ detector, counts }: Counted): StatementReport[] {
    return detector.statements.map((statement) => {
      const { eventsIn, errors, retained, timeSpentMs } = statement.counters;
      return {
        name: statement.name,
        ...(counts.get(statement.name) ?? { rows: 0, events: 0, omittedRows: 0 }),
        ...{ eventsIn, errors, retained, timeSpentMs: timeSpentMs * measuredShare },
        isStopped: statement.stopped,
      };
    });
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
      const names = new Set(next.map(({ settings }) => settings.name));
      for (const { settings, detector } of modules) {
        if (!names.has(settings.name)) remember({ module: settings.name, bytes: detector.snapshot() });
      }
      modules = next;
      rowsOf = new Set(wanted.rowsOf);
      stages = stageLimit(wanted.stageRowsPerSecond);
      const readers = modules.map((module) => moduleReader(module, now));
      reader.use(alsoRead === undefined ? readers : [...readers, alsoRead]);
    },
    take(message) {
      if (message.kind === 'batch') {
        hasHeard = true;
        batches++;
      }
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
      modules: modules.map((module) => {
        const { settings, detector, errors } = module;
        return {
          name: settings.name,
          file: settings.file,
          flows: detector.counters.events,
          withoutTime: detector.counters.withoutTime,
          timeMs: detector.timeMs,
          errors,
          statements: statementReport(module),
        };
      }),
    }),
    exporters: decoders.exporters,
  };
}

function isSame(a: ModuleSettings, b: ModuleSettings): boolean {
  return (
    a.name === b.name && a.text === b.text && a.schemaStatement === b.schemaStatement && a.time === b.time
  );
}
