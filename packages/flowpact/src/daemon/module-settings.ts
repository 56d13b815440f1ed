import type { CompiledModule } from '@flowpact/epl';
import { timeNow } from '@flowpact/ipfix';
import { createDetector, type Detector, selectStatements } from '../pipeline/detector.ts';
import { compileModuleText } from '../pipeline/module-file.ts';
import {
  evidenceLimit,
  type SecurityEventMapping,
  securityEventMapping,
} from '../pipeline/security-event-annotation.ts';

/** A module as the detection thread is given it: compiled there, since what is compiled cannot change threads. */
export interface ModuleSettings {
  readonly name: string;
  /** For messages. */
  readonly file: string;
  readonly text: string;
  readonly schemaStatement: string;
  /** Whether flows are moved to now. */
  readonly time: 'flows' | 'now';
}

/** A module at work, and what becomes of its statements' rows. */
export interface RunningModule {
  readonly settings: ModuleSettings;
  readonly compiled: CompiledModule;
  readonly detector: Detector;
  /** By the name of the statement. */
  readonly mappings: ReadonlyMap<string, SecurityEventMapping>;
  /** The statements whose rows are printed where nobody chooses. */
  readonly outputs: ReadonlySet<string>;
}

/**
 * Compiles a module and checks its annotations.
 * @param clock Measures what its statements spend.
 * @throws FlowpactError `FLOWPACT_MODULE` or `FLOWPACT_ANNOTATION`, naming the file.
 */
export function runModule(settings: ModuleSettings, clock?: () => number): RunningModule {
  const compiled = compileModuleText(settings.text, { file: settings.file, evidence: evidenceLimit });
  const detector = createDetector({
    module: compiled,
    schemaStatement: settings.schemaStatement,
    ...(clock === undefined ? {} : { clock }),
  });
  const mappings = new Map<string, SecurityEventMapping>();
  for (const statement of detector.statements) {
    const mapping = securityEventMapping(statement);
    if (mapping !== undefined) mappings.set(statement.name, mapping);
  }
  const outputs = new Set(selectStatements(detector, undefined).map(({ name }) => name));
  return { settings, compiled, detector, mappings, outputs };
}

/** What feeds the module from a decoder. */
export function moduleReader({ settings, detector }: RunningModule, now: () => number) {
  return detector.recordReader(settings.time === 'now' ? { timeShiftMs: timeNow(now) } : {});
}
