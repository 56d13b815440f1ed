import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { systemClock } from '../clock.ts';
import { macros } from '../database/macros.ts';
import { reasonOf, StoreError } from '../store-error.ts';
import {
  defaultFlowArchiveLimits,
  everyUnref,
  type FlowArchiveConfig,
  type FlowArchiveDeps,
} from './archive-config.ts';
import { hourOf } from './archive-folder.ts';
import { rememberExtraColumns } from './extra-columns.ts';
import { createFlowAppender, type FlowAppender } from './flow-appender.ts';
import { batchRows, createFlowBatch, type FlowRecord } from './flow-batch.ts';
import { duckdbColumnTypes, type FlowColumnDefinition, flowColumns } from './flow-columns.ts';
import { removeLeftovers } from './parquet-file.ts';
import { createPortion, type Portion } from './portion.ts';

/** Counters of an archive; they only grow. */
export interface FlowArchiveStats {
  /** Flows taken. */
  readonly flows: number;
  /** Flows that are in files. */
  readonly written: number;
  /** Flows that found no room in memory, since files cannot be written, or not fast enough. */
  readonly dropped: number;
  /** Flows without a start that makes sense: their end stands in for it, or the time at which they came. */
  readonly withoutTime: number;
  readonly files: number;
  /** Bytes of these files. */
  readonly bytes: number;
  /** Writes that failed; they are tried again. */
  readonly failures: number;
  readonly lastFailure?: StoreError;
}

/**
 * Flow records into hourly Parquet files. Flows are gathered in memory and written after a number or a time; `kill -9`
 * loses those in memory, never what is in a file. A full disk makes flows wait, then drop, and heals by itself.
 */
export interface FlowArchive {
  /** What a flow is made of: the columns of every archive, and the extra ones. */
  readonly columns: readonly FlowColumnDefinition[];
  readonly stats: FlowArchiveStats;
  /** @throws StoreError `STORE_OPEN_FAILED`. */
  start(): Promise<void>;
  /** Writes what there is and closes. @throws StoreError `STORE_WRITE_FAILED`: what could not be written is lost. */
  stop(): Promise<void>;
  /** Takes a flow, which is copied; its start may be changed. False: it was dropped, and counted. */
  append(flow: FlowRecord): boolean;
  /** Resolves when every flow taken before is in a file. @throws StoreError `STORE_WRITE_FAILED`. */
  flush(): Promise<void>;
}

const hourMs = 3_600_000;
/** Where the names of folders end. */
const endOfTimeMs = Date.UTC(10_000, 0, 1);
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < endOfTimeMs;
const tickMs = 1000;

/** @throws StoreError `STORE_OPEN_FAILED` for an extra column that is a column already. */
export function createFlowArchive(config: FlowArchiveConfig, deps: FlowArchiveDeps = {}): FlowArchive {
  const { directory } = config;
  const limits = { ...defaultFlowArchiveLimits, ...config.limits };
  const clock = deps.clock ?? systemClock;
  const columns = [...flowColumns, ...(config.extraColumns ?? [])];
  const repeated = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (repeated !== undefined) {
    throw new StoreError('STORE_OPEN_FAILED', `the archive has a column ${repeated.name} already`);
  }

  const batch = createFlowBatch(columns);
  const counts = { flows: 0, written: 0, dropped: 0, withoutTime: 0, files: 0, bytes: 0, failures: 0 };
  let lastFailure: StoreError | undefined;
  let instance: DuckDBInstance | undefined;
  let connection: DuckDBConnection | undefined;
  let flowAppender: FlowAppender | undefined;
  let stopTicking = () => {};
  let portions = 0;
  let current: Portion = createPortion(columns, `flows_${portions++}`);
  let currentSinceMs = clock.now();
  /** Hour of the flow before: most flows have the same. */
  let lastHourMs = Number.NaN;
  /** To be written, oldest first. */
  const waiting: Portion[] = [];
  let work: Promise<void> | undefined;
  let notBeforeMs = 0;

  /** Ends the portion that collects, and begins another. */
  function rotate(): void {
    if (batch.rows > 0) current.batches.push(batch.take());
    if (current.flows === 0) return;
    waiting.push(current);
    current = createPortion(columns, `flows_${portions++}`);
    currentSinceMs = clock.now();
    lastHourMs = Number.NaN;
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0 && connection !== undefined && flowAppender !== undefined) {
      const [portion] = waiting;
      try {
        const summary = await portion.load(connection, flowAppender, deps.onSummary && limits.talkers);
        if (summary !== undefined) deps.onSummary?.(summary);
        await portion.write(connection, directory, clock, ({ bytes, flows }) => {
          counts.files++;
          counts.bytes += bytes;
          counts.written += flows;
        });
      } catch (cause) {
        counts.failures++;
        lastFailure = new StoreError(
          'STORE_WRITE_FAILED',
          `cannot write flows to ${directory}: ${reasonOf(cause)}`,
          {
            cause,
          },
        );
        notBeforeMs = clock.now() + limits.retryAfterMs;
        deps.onFailure?.(lastFailure);
        throw lastFailure;
      }
      waiting.shift();
    }
  }

  /** Begins to write what waits, unless somebody does. */
  function write(): Promise<void> {
    work ??= writeWaiting().finally(() => {
      work = undefined;
    });
    return work;
  }

  const writeLater = () => void write().catch(() => undefined);

  function tick(): void {
    const nowMs = clock.now();
    if (current.flows > 0 && nowMs - currentSinceMs >= limits.flushAfterMs) rotate();
    if (waiting.length > 0 && nowMs >= notBeforeMs) writeLater();
  }

  async function flush(): Promise<void> {
    rotate();
    // What somebody else writes may have begun before the last rotation.
    while (waiting.length > 0 || work !== undefined) await write();
  }

  return {
    columns,
    get stats() {
      return { ...counts, ...(lastFailure === undefined ? {} : { lastFailure }) };
    },
    async start() {
      if (instance !== undefined) return;
      try {
        await removeLeftovers(directory);
        await rememberExtraColumns(directory, config.extraColumns ?? []);
        instance = await DuckDBInstance.create(':memory:', {
          memory_limit: `${limits.memoryLimitBytes}B`,
          threads: String(limits.threads),
          // What does not fit is refused here, and waits: it must not fill the disk by another way.
          temp_directory: '',
          autoinstall_known_extensions: 'false',
          autoload_known_extensions: 'false',
        });
        connection = await instance.connect();
        for (const macro of macros) await connection.run(`CREATE MACRO ${macro}`);
        flowAppender = createFlowAppender(columns.map(({ type }) => duckdbColumnTypes[type]));
      } catch (cause) {
        if (cause instanceof StoreError) throw cause;
        throw new StoreError(
          'STORE_OPEN_FAILED',
          `cannot open the archive ${directory}: ${reasonOf(cause)}`,
          { cause },
        );
      }
      currentSinceMs = clock.now();
      stopTicking = (deps.every ?? everyUnref)(tickMs, tick);
    },
    async stop() {
      stopTicking();
      try {
        await flush();
      } finally {
        connection?.closeSync();
        instance?.closeSync();
        connection = undefined;
        instance = undefined;
      }
    },
    append(flow) {
      if (counts.flows - counts.written >= limits.maxBufferedFlows) {
        counts.dropped++;
        return false;
      }
      let startMs = flow.flowStartMilliseconds;
      if (!isTime(startMs)) {
        counts.withoutTime++;
        startMs = isTime(flow.flowEndMilliseconds) ? flow.flowEndMilliseconds : clock.now();
        flow.flowStartMilliseconds = startMs;
      }
      const startHourMs = startMs - (startMs % hourMs);
      if (startHourMs !== lastHourMs) {
        if (!current.hours.has(startHourMs) && current.hours.size >= limits.maxHours) {
          rotate();
          writeLater();
        }
        current.hours.set(startHourMs, hourOf(startHourMs));
        lastHourMs = startHourMs;
      }
      if (current.flows === 0) currentSinceMs = clock.now();
      batch.append(flow);
      current.flows++;
      counts.flows++;
      if (batch.rows === batchRows) {
        current.batches.push(batch.take());
        if (current.flows >= limits.flushFlows) {
          rotate();
          if (clock.now() >= notBeforeMs) writeLater();
        }
      }
      return true;
    },
    flush,
  };
}
