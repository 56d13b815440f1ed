import { basename } from 'node:path';
import { compileFilter } from '@flowpact/ipfix';
import type { Finding } from '../daemon/detection-messages.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { createDetector, type Detector, selectStatements } from '../pipeline/detector.ts';
import { compileModuleFile } from '../pipeline/module-file.ts';
import { rowLine } from '../pipeline/row-line.ts';
import { securityEventsOf } from '../pipeline/security-event.ts';
import { evidenceLimit, securityEventMapping } from '../pipeline/security-event-annotation.ts';
import { detectorName } from '../version.ts';
import { type DetectInput, runDetection } from './detect-session.ts';
import { type FindingSinkOptions, openFindingSink } from './finding-sink.ts';
import { interruptible } from './interrupt.ts';

export interface DetectOptions extends FindingSinkOptions {
  readonly module: string;
  readonly input?: string;
  readonly read?: readonly string[];
  readonly listen?: string;
  readonly output?: readonly string[];
  readonly filter?: string;
  readonly strict?: boolean;
}

export async function runDetect(options: DetectOptions): Promise<void> {
  const module = await compileModuleFile(options.module, options.events ? { evidence: evidenceLimit } : {});
  const detector = createDetector({ module });
  const sink = await openFindingSink(options);
  const place = { module: basename(options.module).replace(/\.epl$/i, '') };
  if (options.events) tellEvents(detector, options.output, (event) => sink.write({ ...place, ...event }));
  else {
    detector.onDetections(selectStatements(detector, options.output), ({ statement, timeMs, rows }) => {
      const lines = rows.map((row) => rowLine(statement, timeMs, row));
      sink.write({ kind: 'rows', ...place, statement: statement.name, isOutput: true, timeMs, lines });
    });
  }
  const input = detectInput(options);
  warnOfUnfilledColumns(detector, input);
  await interruptible(async (signal) => {
    await runDetection({
      detector,
      sink: sink.until(signal),
      input,
      strict: options.strict ?? false,
      signal,
    });
    await sink.close(signal);
  });
}

function tellEvents(
  detector: Detector,
  names: readonly string[] | undefined,
  tell: (event: Omit<Extract<Finding, { kind: 'event' }>, 'module'>) => void,
): void {
  const wanted = names === undefined ? detector.statements : selectStatements(detector, names);
  const mapped = wanted.flatMap((statement) => {
    const mapping = securityEventMapping(statement);
    return mapping === undefined ? [] : [{ statement, mapping }];
  });
  if (mapped.length === 0) {
    throw new FlowpactError(
      'FLOWPACT_MODULE',
      'none of the statements has an annotation @SecurityEvent(type=…), so --events would print nothing',
    );
  }
  for (const { statement, mapping } of mapped) {
    detector.onDetections([statement], (detections) => {
      for (const event of securityEventsOf(detections, mapping, detector.flowFields, detectorName)) {
        tell({ kind: 'event', statement: statement.name, timeMs: detections.timeMs, event });
      }
    });
  }
}

function detectInput({ input, read, listen, filter }: DetectOptions): DetectInput {
  if ([input, read, listen].filter((each) => each !== undefined).length > 1) {
    throw new FlowpactError('FLOWPACT_USAGE', 'give one of --input, --read and --listen');
  }
  if (filter !== undefined && read === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      '--filter goes with --read: JSON lines are filtered where they are made (collect --filter)',
    );
  }
  if (read !== undefined) {
    return { kind: 'ipfix', files: read, ...(filter === undefined ? {} : { filter: compileFilter(filter) }) };
  }
  if (listen !== undefined) return { kind: 'listen', url: listen };
  return input === undefined || input === '-' ? { kind: 'lines' } : { kind: 'lines', file: input };
}

/** A column that no Information Element fills stays null in IPFIX input: a misspelt name would never be noticed. */
function warnOfUnfilledColumns(detector: Detector, input: DetectInput): void {
  if (input.kind !== 'ipfix') return;
  const filled = new Set(detector.flowFields.map(({ property }) => property));
  for (const { name } of detector.inputType.properties) {
    if (!filled.has(name))
      console.error(
        `flowpact: the column ${name} of ${detector.inputType.name} is no Information Element's name; it stays null`,
      );
  }
}
