import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readExtraColumns } from './archive/extra-columns.ts';
import { flowColumns } from './archive/flow-columns.ts';
import { flowsView } from './archive/flows-relation.ts';
import { createDatabase, type Database } from './database/database.ts';
import { type FindFlowsQuery, type FoundFlows, findFlows } from './query/find-flows.ts';
import { createFlowQueries, type FlowQueries } from './query/flow-queries.ts';
import { defaultQueryLimits, type QueryOptions } from './query/query-limits.ts';
import type { QueryResult } from './query/query-result.ts';
import { createQueryRunner } from './query/query-runner.ts';
import type {
  ConversationRecord,
  DetectionRecord,
  EventRecord,
  FalsePositiveRecord,
  MessageRecord,
  TalkerRecord,
  TrafficRecord,
} from './record/records.ts';
import { bytesOf, type Table, type TableRows, writeRows } from './record/table-rows.ts';
import {
  conversationRow,
  detectionRows,
  detectionsTable,
  eventRows,
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
import { defaultStoreLimits, type StoreConfig, type StoreDeps } from './store-config.ts';
import { StoreError } from './store-error.ts';

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
  /** Whether the tables are there; false only for `access: 'read'`. */
  readonly hasTables: boolean;
  readonly stats: StoreStats;
  /** @throws StoreError `STORE_OPEN_FAILED`. */
  start(): Promise<void>;
  /** Finishes what was accepted, ends the queries, and closes. */
  stop(): Promise<void>;
  addDetections(records: readonly DetectionRecord[]): Promise<void>;
  /** @returns the numbers of the events, in their order. */
  addEvents(records: readonly EventRecord[]): Promise<readonly number[]>;
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
}

export function createStore(config: StoreConfig, deps: StoreDeps = {}): Store {
  const { directory, access = 'write' } = config;
  const limits = { ...defaultStoreLimits, ...config.limits };
  const archiveDirectory = join(directory, 'flows');
  let lastFailure: StoreError | undefined;
  let hasTables = access === 'write';
  let database = databaseAt(join(directory, 'flowpact.duckdb'), access === 'read');

  function databaseAt(path: string, readOnly: boolean): Database {
    return createDatabase(
      {
        path,
        readOnly,
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
  const add = async (table: Table, rows: TableRows): Promise<readonly number[]> =>
    rows.length === 0
      ? []
      : database.writes.add(bytesOf(rows), (connection) => writeRows(connection, table, rows));
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
      if (access === 'write') return database.open();
      const path = join(directory, 'flowpact.duckdb');
      try {
        if (!existsSync(path)) throw new StoreError('STORE_OPEN_FAILED', `${path} does not exist`);
        await database.open();
        hasTables = true;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        lastFailure = error;
        database = databaseAt(':memory:', false);
        await database.open();
      }
    },
    stop: () => database.close(),
    addDetections: (records) => addVoid(detectionsTable, detectionRows(records)),
    addEvents: (records) => add(eventsTable, eventRows(records)),
    addMessages: (records) => addVoid(messagesTable, messageRows(records)),
    async putConversation(record) {
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
