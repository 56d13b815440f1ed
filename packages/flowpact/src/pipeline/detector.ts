import {
  type CompiledModule,
  createRuntime,
  type Delivery,
  type EventType,
  type RestoreReport,
  type Row,
  type Statement,
  type StatementError,
} from '@flowpact/epl';
import { createObjectReader, type RecordReader, type TimeShift } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import { flatten } from './flatten.ts';
import { type FlowField, fieldSelection, flowFieldsOf } from './flow-fields.ts';
import { createNativeLineReader, nativeKeys } from './native-line.ts';

/** The rows that a statement emitted at one time: one row is one detection. */
export interface Detections {
  readonly statement: Statement;
  /** Engine time, ms since 1970. */
  readonly timeMs: number;
  /** At least one. */
  readonly rows: readonly Row[];
}

export interface DetectorConfig {
  readonly module: CompiledModule;
  /** The statement that declares the input's event type and, by its `@Tag(name='timestamp', …)`, its time field. Default `Schema`. */
  readonly schemaStatement?: string;
  /** Milliseconds of a clock that only goes forward: measures what each statement spends. Left out: nothing is measured. */
  readonly clock?: () => number;
}

export interface DetectorCounters {
  /** Events given to the engine. */
  readonly events: number;
  /** Events left out because their time field was missing or no number. */
  readonly withoutTime: number;
}

/** A module at work: flows in, rows out. Engine time follows the flows' own time field, backwards too. */
export interface Detector {
  /** The type that the input has. */
  readonly inputType: EventType;
  readonly timeProperty: string;
  /** The input's properties that Information Elements fill. */
  readonly flowFields: readonly FlowField[];
  readonly counters: DetectorCounters;
  /** Engine time, milliseconds since 1970; 0 before the first flow. */
  readonly timeMs: number;
  statement(name: string): Statement | undefined;
  /** Every statement with rows, in the module's order. */
  readonly statements: readonly Statement[];
  /**
   * Moves the engine's clock on by this much, milliseconds, so that what is due happens although no flows come. Without
   * effect before the first flow, which alone tells what time it is.
   */
  passTime(ms: number): void;
  /** All that the statements hold, as bytes. @throws EplError `EPL_LIMIT` where that is too much. */
  snapshot(): Uint8Array;
  /**
   * Puts back what a snapshot holds, before the first flow: statements that are the same go on where they were.
   * @throws EplError `EPL_SNAPSHOT` where the bytes are no snapshot or damaged; nothing is changed then.
   */
  restore(bytes: Uint8Array): RestoreReport;
  /**
   * Takes one JSON object of the input: flat or nested with the schema's names, as IPFIXcol prints it, or in
   * `collect`'s own style. False where its time field is missing.
   */
  send(data: Readonly<Record<string, unknown>>): boolean;
  /** What makes a decoder feed this detector: only the fields that the input type declares are decoded. */
  recordReader(options?: { readonly timeShiftMs?: TimeShift }): RecordReader;
  /** Hears of the new rows of these statements. */
  onDetections(statements: readonly Statement[], listener: (detections: Detections) => void): void;
  onStatementError(listener: (failure: StatementError) => void): void;
}

/** @throws FlowpactError `FLOWPACT_MODULE` where the schema statement or its tag is missing. */
export function createDetector({ module, schemaStatement = 'Schema', clock }: DetectorConfig): Detector {
  const runtime = createRuntime(clock === undefined ? {} : { clock });
  const deployment = runtime.deploy(module);
  const schema = deployment.statement(schemaStatement);
  if (schema === undefined) {
    throw new FlowpactError(
      'FLOWPACT_MODULE',
      `the module has no statement named ${schemaStatement}: name the create schema statement of the input with @Name('${schemaStatement}')`,
    );
  }
  const inputType = schema.eventType;
  const timeProperty = timestampTag(schema);
  if (inputType.property(timeProperty) === undefined) {
    throw new FlowpactError(
      'FLOWPACT_MODULE',
      `the schema ${inputType.name} has no column ${timeProperty}, which its tag 'timestamp' names as the time field`,
    );
  }
  const sender = runtime.sender(inputType.name);
  const flowFields = flowFieldsOf(inputType);
  const readNativeLine = createNativeLineReader(flowFields);
  const nativeTimeKeys = flowFields.filter(({ property }) => property === timeProperty).flatMap(nativeKeys);
  const counters = { events: 0, withoutTime: 0 };

  const advanceTo = (time: unknown): boolean => {
    if (typeof time !== 'number' || !Number.isFinite(time)) {
      counters.withoutTime++;
      return false;
    }
    counters.events++;
    runtime.advanceTime(time);
    return true;
  };

  return {
    inputType,
    timeProperty,
    flowFields,
    counters,
    get timeMs() {
      return runtime.nowMs;
    },
    statement: (name) => deployment.statement(name),
    statements: deployment.statements.filter(({ name }) =>
      module.statements.some((compiled) => compiled.name === name && compiled.kind !== 'create-schema'),
    ),
    passTime(ms) {
      if (runtime.nowMs > 0) runtime.advanceTime(runtime.nowMs + ms);
    },
    snapshot: () => runtime.snapshot(),
    restore: (bytes) => runtime.restore(bytes),
    send(data) {
      let flat = flatten(data);
      if (flat[timeProperty] === undefined && nativeTimeKeys.some((key) => key in flat)) {
        flat = readNativeLine(flat);
      }
      if (!advanceTo(flat[timeProperty])) return false;
      sender.send(flat);
      return true;
    },
    recordReader: ({ timeShiftMs } = {}) =>
      createObjectReader(
        {
          fields: flowFields.map(fieldSelection),
          recordClass: inputType.Instance,
          ...(timeShiftMs === undefined ? {} : { timeShiftMs }),
        },
        {
          onRecord: (record) => {
            if (advanceTo((record as Record<string, unknown>)[timeProperty])) sender.sendInstance(record);
          },
        },
      ),
    onDetections(statements, listener) {
      for (const statement of statements) {
        statement.addListener(({ timeMs, newRows }: Delivery) => {
          if (newRows.length > 0) listener({ statement, timeMs, rows: newRows });
        });
      }
    },
    onStatementError: (listener) => void runtime.onStatementError(listener),
  };
}

function timestampTag(schema: Statement): string {
  const tags = schema.annotations.filter(({ name }) => name.toLowerCase() === 'tag');
  const tag = tags.find(({ attributes }) => attributes.name === 'timestamp');
  const value = tag?.attributes.value;
  if (typeof value === 'string') return value;
  throw new FlowpactError(
    'FLOWPACT_MODULE',
    `the statement ${schema.name} has no @Tag(name='timestamp', value='…') that names the column with the time (ms since 1970)`,
  );
}

/** The statements of these names, or, without names, `Output` if there is one, else all that feed no other stream. */
export function selectStatements(detector: Detector, names: readonly string[] | undefined): Statement[] {
  if (names === undefined) {
    const output = detector.statement('Output');
    return output ? [output] : detector.statements.filter(({ insertInto }) => insertInto === undefined);
  }
  return names.map((name) => {
    const statement = detector.statement(name);
    if (statement !== undefined) return statement;
    const known = detector.statements.map((each) => each.name).join(', ');
    throw new FlowpactError('FLOWPACT_MODULE', `the module has no statement named ${name}; it has: ${known}`);
  });
}
