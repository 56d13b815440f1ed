import { listHours } from '../archive/archive-folder.ts';
import { addressTexts, flowsRelation, type TimeRange } from '../archive/flows-relation.ts';
import { sqlName, sqlTime } from '../database/sql-text.ts';
import { StoreError } from '../store-error.ts';
import type { QueryOptions } from './query-limits.ts';
import type { QueryResult } from './query-result.ts';
import type { QueryRunner } from './query-runner.ts';

/**
 * A condition on the columns of the archive. Whoever makes one writes nothing into `sql` but names of columns, operators
 * and numbers; texts go to `texts`, and a `?` stands for each.
 */
export interface FlowCondition {
  readonly sql: string;
  readonly texts: readonly string[];
}

/** Which flows: those that started in the time. */
export interface FlowSelection extends TimeRange, QueryOptions {
  readonly condition?: FlowCondition;
}

/** What sums are ordered by, and named. */
export type FlowMeasure = 'flows' | 'packets' | 'octets';

export interface FlowsQuery extends FlowSelection {
  /** Columns of the archive, and `source`, `destination`, `exporter`: addresses as text. */
  readonly columns: readonly string[];
  /** Flows, in the order of their starts. Left out: all, in no order. */
  readonly limit?: number;
  /** Which come first. Default `earliest`. */
  readonly order?: 'earliest' | 'latest';
  /** Flows left out at the beginning. Default 0. */
  readonly offset?: number;
}

export interface TopFlowsQuery extends FlowSelection {
  /** Columns as of a {@link FlowsQuery}: flows with the same values are a group. */
  readonly by: readonly string[];
  readonly orderBy: FlowMeasure;
  /** Groups, the largest first. */
  readonly limit: number;
  /** Whether packets and octets are times the sampling rate. Default `raw`. */
  readonly counts?: 'raw' | 'scaled';
}

export interface TimeLineQuery extends FlowSelection {
  /** Width of a bucket in milliseconds; buckets begin at its multiples since 1970. */
  readonly bucketMs: number;
  readonly counts?: 'raw' | 'scaled';
}

export interface FlowTotalsQuery extends FlowSelection {
  readonly counts?: 'raw' | 'scaled';
}

/** Questions about flows that need no SQL of whoever asks. They reject as `query` of the store. */
export interface FlowQueries {
  flows(query: FlowsQuery): Promise<QueryResult>;
  /** The columns asked for, then flows, packets, octets. */
  topFlows(query: TopFlowsQuery): Promise<QueryResult>;
  /** Start of the bucket in milliseconds since 1970, flows, packets, octets; buckets without flows are left out. */
  timeLine(query: TimeLineQuery): Promise<QueryResult>;
  /** One row: flows, packets, octets. */
  flowTotals(query: FlowTotalsQuery): Promise<QueryResult>;
  /** From the first hour of the archive to the end of the last; undefined: there are no flows. */
  flowSpan(): Promise<Required<TimeRange> | undefined>;
}

const hourMs = 3_600_000;

/** Behind the start, so that flows of one moment keep their places from one question to the next. */
const tieBreakers =
  'sourceIPv4Address, destinationIPv4Address, sourceTransportPort, destinationTransportPort, octetDeltaCount';

export function createFlowQueries(
  directory: string,
  deps: { readonly runner: QueryRunner; columnNames(): Promise<ReadonlySet<string>> },
): FlowQueries {
  const check = async (columns: readonly string[]): Promise<void> => {
    const known = await deps.columnNames();
    for (const name of columns) {
      if (known.has(name) || Object.hasOwn(addressTexts, name)) continue;
      const all = [...Object.keys(addressTexts), ...known].join(', ');
      throw new StoreError(
        'STORE_QUERY_FAILED',
        `flows have no column ${JSON.stringify(name)}; they have: ${all}`,
      );
    }
  };

  const run = async (selection: FlowSelection, sql: (from: string) => string): Promise<QueryResult> => {
    const { fromMs, toMs, condition, ...options } = selection;
    const tests = [
      ...(fromMs === undefined ? [] : [`flowStartMilliseconds >= ${sqlTime(fromMs)}`]),
      ...(toMs === undefined ? [] : [`flowStartMilliseconds < ${sqlTime(toMs)}`]),
      ...(condition === undefined ? [] : [`(${condition.sql})`]),
    ];
    const where = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`;
    const from = `${await flowsRelation(directory, selection)}${where}`;
    return deps.runner.run(sql(from), condition?.texts ?? [], options);
  };

  return {
    async flows({ columns, limit, order: first = 'earliest', offset = 0, ...selection }) {
      await check(columns);
      const direction = first === 'latest' ? ' DESC' : '';
      const skipped = offset === 0 ? '' : ` OFFSET ${wholeNumber(offset)}`;
      const order =
        limit === undefined
          ? ''
          : ` ORDER BY flowStartMilliseconds${direction}, ${tieBreakers} LIMIT ${wholeNumber(limit)}${skipped}`;
      const list = columns.map((name) => `${textOf(name)} AS ${sqlName(name)}`).join(', ');
      return run(selection, (from) => `SELECT ${list} FROM ${from}${order}`);
    },
    async topFlows({ by, orderBy, limit, counts, ...selection }) {
      await check(by);
      // Groups are of stored values; only those that remain become text.
      const stored = [...new Set(by.flatMap(storedColumns))].map(sqlName).join(', ');
      const texts = by.map((name) => `${textOf(name)} AS ${sqlName(name)}`).join(', ');
      return run(
        selection,
        (from) =>
          `SELECT ${texts}, flows, packets, octets FROM (
             SELECT ${stored}, ${sums(counts)} FROM ${from} GROUP BY ${stored}
             ORDER BY ${orderBy} DESC, ${stored} LIMIT ${wholeNumber(limit)}
           ) ORDER BY ${orderBy} DESC, ${by.map(sqlName).join(', ')}`,
      );
    },
    flowTotals: ({ counts, ...selection }) => run(selection, (from) => `SELECT ${sums(counts)} FROM ${from}`),
    async flowSpan() {
      const hours = await listHours(directory);
      const [first] = hours;
      const last = hours.at(-1);
      if (first === undefined || last === undefined) return undefined;
      return { fromMs: first.startMs, toMs: last.startMs + hourMs };
    },
    timeLine: async ({ bucketMs, counts, ...selection }) => {
      const width = wholeNumber(bucketMs);
      return run(
        selection,
        (from) =>
          `SELECT epoch_ms(flowStartMilliseconds) // ${width} * ${width} AS bucketMs, ${sums(counts)}
           FROM ${from} GROUP BY bucketMs ORDER BY bucketMs`,
      );
    },
  };
}

const addressColumns = {
  source: ['sourceIPv4Address', 'sourceIPv6Address'],
  destination: ['destinationIPv4Address', 'destinationIPv6Address'],
  exporter: ['exporterIPv4Address', 'exporterIPv6Address'],
} as const;

const isAddressText = (name: string): name is keyof typeof addressTexts => Object.hasOwn(addressTexts, name);

const storedColumns = (name: string): readonly string[] =>
  isAddressText(name) ? addressColumns[name] : [name];

const textOf = (name: string): string => (isAddressText(name) ? addressTexts[name] : sqlName(name));

function sums(counts: 'raw' | 'scaled' = 'raw'): string {
  const times = counts === 'scaled' ? ' * coalesce(nullif(samplingInterval, 0), 1)' : '';
  return `count(*) AS flows, coalesce(sum(packetDeltaCount${times}), 0)::HUGEINT AS packets,
    coalesce(sum(octetDeltaCount${times}), 0)::HUGEINT AS octets`;
}

function wholeNumber(value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new StoreError('STORE_QUERY_FAILED', `a whole number above 0 is wanted, not ${value}`);
}
