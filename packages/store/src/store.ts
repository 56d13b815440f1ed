import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { everyUnref } from './archive/archive-config.ts';
import { readExtraColumns } from './archive/extra-columns.ts';
import { flowColumns } from './archive/flow-columns.ts';
import { flowsView } from './archive/flows-relation.ts';
import { mergeFiles } from './archive/merge-files.ts';
import { systemClock } from './clock.ts';
import { createDatabase, type Database } from './database/database.ts';
import type { DatabaseConfig } from './database/open-database.ts';
import { type FindFlowsQuery, type FoundFlows, findFlows } from './query/find-flows.ts';
import { createFlowQueries, type FlowQueries } from './query/flow-queries.ts';
import { defaultQueryLimits, type QueryOptions } from './query/query-limits.ts';
import type { QueryResult } from './query/query-result.ts';
import { createQueryRunner, rowsOf } from './query/query-runner.ts';
import type {
  ConversationRecord,
  DetectionRecord,
  EventRecord,
  FalsePositiveRecord,
  MessageRecord,
  StoredEvent,
  TalkerRecord,
  TrafficRecord,
} from './record/records.ts';
import { createRowQueue, type RowQueue } from './record/row-queue.ts';
import { bytesOf, type Table, type TableRows } from './record/table-rows.ts';
import {
  conversationRow,
  detectionRows,
  detectionsTable,
  eventOfRow,
  eventRows,
  eventSql,
  eventsTable,
  falsePositiveRows,
  falsePositivesTable,
  messageRows,
  messagesTable,
  talkerRows,
  talkersTable,
  trafficRows,
  trafficTable,
  writeConversation,
} from './record/tables.ts';
import { retainFlows } from './retention/retain-flows.ts';
import { retainRows } from './retention/retain-rows.ts';
import { defaultRetentionLimits, type RetentionReport } from './retention/retention-limits.ts';
import { defaultStoreLimits, type StoreConfig, type StoreDeps } from './store-config.ts';
import { reasonOf, StoreError } from './store-error.ts';

export interface StoreStats {
  /** Transactions that were committed, each with one flush of the disk. */
  readonly commits: number;
  /** Writes that failed; whoever asked for them was told. */
  readonly failedWrites: number;
  /** The last failure. */
  readonly lastFailure?: StoreError;
}

/**
 * What Flowpact remembers. Each `add…` and `put…` resolves when what it was given is on the disk, and survives
 * `kill -9` from then on; together they make few transactions of a burst.
 *
 * All of them reject with a StoreError: `STORE_NOT_RUNNING`, `STORE_FULL`, `STORE_WRITE_FAILED`; what was given is not
 * stored then, and may be given again.
 */
export interface Store extends FlowQueries {
  /** Whether the tables are there; always for `access: 'write'`, never for `flows`. */
  readonly hasTables: boolean;
  readonly stats: StoreStats;
  /** @throws StoreError `STORE_OPEN_FAILED`. */
  start(): Promise<void>;
  /** Finishes what was accepted, ends the queries, and closes. */
  stop(): Promise<void>;
  /** @returns the numbers of the detections, in their order. */
  addDetections(records: readonly DetectionRecord[]): Promise<readonly number[]>;
  /** @returns the numbers of the events, in their order. */
  addEvents(records: readonly EventRecord[]): Promise<readonly number[]>;
  /** With its evidence; undefined: there is none of that number. @throws StoreError as `query`. */
  event(number: number): Promise<StoredEvent | undefined>;
  addMessages(records: readonly MessageRecord[]): Promise<void>;
  putConversation(record: ConversationRecord): Promise<void>;
  addFalsePositives(records: readonly FalsePositiveRecord[]): Promise<void>;
  addTraffic(records: readonly TrafficRecord[]): Promise<void>;
  addTalkers(records: readonly TalkerRecord[]): Promise<void>;
  /**
   * One statement that reads the tables and the view `flows`; `texts` take the places of its `?`. It cannot change
   * anything, nor reach other files.
   * @throws StoreError `STORE_QUERY_FAILED`, `STORE_QUERY_ENDED`, `STORE_FULL`, `STORE_NOT_RUNNING`.
   */
  query(sql: string, options?: QueryOptions & { readonly texts?: readonly string[] }): Promise<QueryResult>;
  /** The kept flows between networks, to answer a partner's `moreFlows` from. */
  findFlows(query: FindFlowsQuery): Promise<FoundFlows>;
  /** Removes what is too old or too much, and merges small files of flows; the store does so by itself, again and again. */
  retain(): Promise<RetentionReport>;
}

export function createStore(config: StoreConfig, deps: StoreDeps = {}): Store {
  const { directory, access = 'write' } = config;
  const limits = { ...defaultStoreLimits, ...config.limits };
  const retention = { ...defaultRetentionLimits, ...config.retention };
  const clock = deps.clock ?? systemClock;
  const archiveDirectory = join(directory, 'flows');
  let lastFailure: StoreError | undefined;
  let stopTicking = () => {};
  let retaining: Promise<RetentionReport> | undefined;
  let hasTables = access === 'write';
  let database =
    access === 'flows'
      ? databaseAt(':memory:', 'archive')
      : databaseAt(join(directory, 'flowpact.duckdb'), access);

  function databaseAt(path: string, purpose: DatabaseConfig['purpose']): Database {
    return createDatabase(
      {
        path,
        purpose,
        archiveDirectory,
        temporaryDirectory: join(directory, 'tmp'),
        memoryLimitBytes: limits.memoryLimitBytes,
        threads: limits.threads,
        checkpointBytes: limits.checkpointBytes,
        maxTemporaryBytes: limits.maxTemporaryBytes,
      },
      { maxSteps: limits.maxWaitingWrites, maxBytes: limits.maxWaitingBytes },
      {
        onFailure(error) {
          lastFailure = error;
          deps.onFailure?.(error);
        },
      },
    );
  }

  const runner = createQueryRunner(
    { ...defaultQueryLimits, ...config.query },
    { lease: () => database.lease() },
  );

  const flowQueries = createFlowQueries(archiveDirectory, {
    runner,
    async columnNames() {
      const columns = [...flowColumns, ...(await readExtraColumns(archiveDirectory))];
      return new Set(columns.map(({ name }) => name));
    },
  });
  const refuse = (...without: readonly string[]): void => {
    if (!without.includes(access)) return;
    const why = access === 'read' ? 'reading alone' : 'flows alone';
    throw new StoreError('STORE_WRITE_FAILED', `${directory} was opened for ${why}`);
  };
  const refuseReader = () => refuse('read', 'flows');
  async function mergeOnce(): Promise<number> {
    const lease = await database.lease();
    try {
      return await mergeFiles(archiveDirectory, lease.connection, retention, clock.now());
    } catch (cause) {
      lastFailure = new StoreError('STORE_WRITE_FAILED', `cannot merge files of flows: ${reasonOf(cause)}`, {
        cause,
      });
      deps.onFailure?.(lastFailure);
      return 0;
    } finally {
      lease.release();
    }
  }
  async function retainOnce(): Promise<RetentionReport> {
    refuse('read');
    const files = await retainFlows(archiveDirectory, retention, clock.now());
    const removedRows = access === 'flows' ? 0 : await retainRows(database, retention, clock.now());
    return { ...files, removedRows, mergedFiles: await mergeOnce() };
  }
  function retain(): Promise<RetentionReport> {
    retaining ??= retainOnce().finally(() => {
      retaining = undefined;
    });
    return retaining;
  }
  const queues = new Map<Table, RowQueue>();
  async function add(table: Table, rows: TableRows): Promise<readonly number[]> {
    refuseReader();
    let queue = queues.get(table);
    if (queue === undefined) {
      queue = createRowQueue(table, database.writes);
      queues.set(table, queue);
    }
    return queue.add(rows);
  }
  const addVoid = async (table: Table, rows: TableRows): Promise<void> => void (await add(table, rows));

  return {
    get hasTables() {
      return hasTables;
    },
    get stats() {
      return {
        commits: database.writes.commits,
        failedWrites: database.writes.failures,
        ...(lastFailure === undefined ? {} : { lastFailure }),
      };
    },
    async start() {
      if (access !== 'read') {
        await database.open();
        // What fails was told by `onFailure`, and is tried again with the next look.
        stopTicking = (deps.every ?? everyUnref)(
          retention.checkEveryMs,
          () => void retain().catch(() => undefined),
        );
        return;
      }
      const path = join(directory, 'flowpact.duckdb');
      try {
        if (!existsSync(path)) throw new StoreError('STORE_OPEN_FAILED', `${path} does not exist`);
        await database.open();
        hasTables = true;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        lastFailure = error;
        database = databaseAt(':memory:', 'archive');
        await database.open();
      }
    },
    async stop() {
      stopTicking();
      await retaining?.catch(() => undefined);
      await database.close();
    },
    retain,
    addDetections: (records) => add(detectionsTable, detectionRows(records)),
    addEvents: (records) => add(eventsTable, eventRows(records)),
    async event(number) {
      const [row] = await rowsOf(await runner.run(eventSql, [String(number)], {}));
      return row === undefined ? undefined : eventOfRow(row);
    },
    addMessages: (records) => addVoid(messagesTable, messageRows(records)),
    async putConversation(record) {
      refuseReader();
      const row = conversationRow(record);
      await database.writes.add(bytesOf([row]), (connection) => writeConversation(connection, row));
    },
    addFalsePositives: (records) => addVoid(falsePositivesTable, falsePositiveRows(records)),
    addTraffic: (records) => addVoid(trafficTable, trafficRows(records)),
    addTalkers: (records) => addVoid(talkersTable, talkerRows(records)),
    ...flowQueries,
    findFlows: (query) => findFlows(archiveDirectory, runner, query),
    query: (sql, { texts = [], ...options } = {}) =>
      runner.run(sql, texts, {
        ...options,
        prepare: async () => [await flowsView(archiveDirectory)],
      }),
  };
}
