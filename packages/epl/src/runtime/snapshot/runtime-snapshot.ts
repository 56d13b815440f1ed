import type { CompiledStatement } from '../../compile-module.ts';
import { EplError } from '../../errors.ts';
import type { EventType } from '../event-type.ts';
import type { RestoredStatement, RestoreReport } from '../runtime.ts';
import type { StatementInstance } from '../statement-instance.ts';
import type { Timers } from '../timers.ts';
import type { VariableStore } from '../variable-store.ts';
import { ByteReader } from './byte-reader.ts';
import { BytesExceeded } from './byte-writer.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Fate, fatesOf } from './match-statements.ts';
import { readObjects } from './object-table-reader.ts';
import { decodeSnapshot, encodeSnapshot, type SnapshotFile, unreadable } from './snapshot-file.ts';
import { StateReader } from './state-reader.ts';
import { StateWriter } from './state-writer.ts';
import { readTexts } from './text-table.ts';

/** A statement that runs, and what it was compiled to. */
export interface RunningStatement {
  readonly instance: StatementInstance;
  readonly compiled: CompiledStatement;
}

/** What a snapshot is taken of. */
export interface SnapshotHost {
  nowMs: number;
  readonly timers: Timers;
  readonly variables: VariableStore;
  /** In the order of their deployment. */
  readonly statements: readonly RunningStatement[];
  readonly maxSnapshotBytes: number;
  eventType(name: string): EventType | undefined;
}

/** @throws EplError `EPL_LIMIT` */
export function takeSnapshot(host: SnapshotHost): Uint8Array {
  const most = host.maxSnapshotBytes;
  try {
    return encodeSnapshot(capture(host, false), most);
  } catch (error) {
    if (error instanceof BytesExceeded)
      throw new EplError('EPL_LIMIT', `the snapshot would have more than ${most} bytes (maxSnapshotBytes)`);
    throw error;
  }
}

/**
 * @param isFresh of a runtime that has seen nothing yet, to come back to
 */
function capture(host: SnapshotHost, isFresh: boolean): SnapshotFile {
  const writer = new StateWriter(host.maxSnapshotBytes, isFresh);
  const variables = writer.section(host.variables).bytes!;
  const statements = host.statements.map(({ instance, compiled }) => {
    const { name, stopped } = instance;
    const fingerprint = fingerprintOf(compiled);
    if (stopped) return { name, fingerprint, bytes: undefined, reason: 'it had stopped', firstPart: 0 };
    return { name, fingerprint, ...writer.section(instance) };
  });
  const { nowMs: timeMs, timers } = host;
  return { timeMs, nextSequence: timers.nextSequence, variables, statements, tables: writer.tables() };
}

/** @throws EplError `EPL_SNAPSHOT`, `EPL_LIMIT`; the runtime is then as it was before */
export function restoreSnapshot(bytes: Uint8Array, host: SnapshotHost): RestoreReport {
  const file = decodeSnapshot(bytes, host.maxSnapshotBytes);
  const before = capture(host, true);
  const matched = fatesOf(file.statements, host.statements);
  try {
    apply(file, before, matched.fates, host);
  } catch (error) {
    apply(before, before, unchanged(before, host), host);
    const message = error instanceof Error ? error.message : String(error);
    throw unreadable(`the snapshot does not fit what is deployed: ${message}`, error);
  }
  const statements = matched.fates.map(
    ({ statement: { instance }, reason }): RestoredStatement =>
      reason === undefined
        ? { statement: instance, outcome: 'restored' }
        : { statement: instance, outcome: 'anew', reason },
  );
  return { timeMs: file.timeMs, statements, forgotten: matched.forgotten };
}

/** Every statement takes its own state from the snapshot of what was before. */
const unchanged = (before: SnapshotFile, host: SnapshotHost): readonly Fate[] =>
  host.statements.map((statement, i) => ({ statement, saved: before.statements[i], reason: undefined }));

/** Puts back what the fates say, and all other statements as they were before. */
function apply(file: SnapshotFile, before: SnapshotFile, fates: readonly Fate[], host: SnapshotHost): void {
  const reader = readerOf(file, file === before, host);
  const earlier = readerOf(before, true, host);
  host.timers.clear();
  host.nowMs = file.timeMs;
  reader.section(host.variables, file.variables, 0);
  const restored = new Set<string>();
  for (const [i, { statement, saved, reason }] of fates.entries()) {
    const { instance, compiled } = statement;
    if (reason === undefined) {
      if (saved?.bytes !== undefined) reader.section(instance, saved.bytes, saved.firstPart);
      if (compiled.plan.kind === 'create-context') restored.add(compiled.plan.name);
    } else if (compiled.context !== undefined && restored.has(compiled.context.name))
      instance.partitions?.enterAll();
    else {
      const { bytes, firstPart } = before.statements[i];
      if (bytes !== undefined) earlier.section(instance, bytes, firstPart);
    }
  }
  host.timers.resume(file.nextSequence, reader.timers, [...reader.lanes, ...earlier.lanes]);
  // As where a statement is deployed late.
  for (const { statement, reason } of fates) if (reason !== undefined) statement.instance.load();
}

function readerOf({ tables, nextSequence }: SnapshotFile, isFresh: boolean, host: SnapshotHost): StateReader {
  const from = new ByteReader(tables);
  const texts = readTexts(from);
  const objects = readObjects(from, texts, (name) => host.eventType(name));
  return new StateReader(texts, objects, nextSequence, isFresh);
}
