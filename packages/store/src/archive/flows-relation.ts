import { join } from 'node:path';
import { sqlName, sqlString } from '../database/sql-text.ts';
import { type ArchiveHour, listFiles, listHours } from './archive-folder.ts';
import { readExtraColumns } from './extra-columns.ts';
import { duckdbColumnTypes, type FlowColumnDefinition, flowColumns } from './flow-columns.ts';
import { readReplacement } from './replaced-files.ts';

/** A time, both ends in milliseconds since 1970. */
export interface TimeRange {
  /** Left out: from the oldest flow on. */
  readonly fromMs?: number;
  /** Exclusive. Left out: up to the newest. */
  readonly toMs?: number;
}

const hourMs = 3_600_000;

/** SQL of a relation with the flows of these hours and perhaps others, and `date` and `hour` of each. */
export async function flowsRelation(directory: string, { fromMs, toMs }: TimeRange = {}): Promise<string> {
  const extraColumns = await readExtraColumns(directory);
  const wanted = (await listHours(directory)).filter(
    ({ startMs }) => startMs + hourMs > (fromMs ?? -Infinity) && startMs < (toMs ?? Infinity),
  );
  const paths = await pathsOf(directory, wanted);
  if (paths.length === 0) return emptyRelation([...flowColumns, ...extraColumns]);
  const options = [
    'hive_partitioning = true',
    `hive_types = {'date': DATE, 'hour': UTINYINT}`,
    // Files differ only where columns were added; to look into all of them before the query has its price.
    ...(extraColumns.length === 0 ? [] : ['union_by_name = true']),
  ];
  return `read_parquet([${paths.map(sqlString).join(', ')}], ${options.join(', ')})`;
}

/** A pattern for each hour, since DuckDB lists faster; where some of its files are replaced just now, those that are not. */
async function pathsOf(directory: string, hours: readonly ArchiveHour[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const hour of hours) {
    const files = await listFiles(directory, hour);
    // DuckDB refuses a pattern that no file matches.
    if (files.length === 0) continue;
    const isMerging = (await readReplacement(join(directory, hour.folder))) !== undefined;
    if (isMerging) paths.push(...files);
    else paths.push(join(directory, hour.folder, '*.parquet'));
  }
  return paths;
}

function emptyRelation(columns: readonly FlowColumnDefinition[]): string {
  const nulls = columns.map(({ name, type }) => `NULL::${duckdbColumnTypes[type]} AS ${sqlName(name)}`);
  return `(SELECT ${nulls.join(', ')}, NULL::DATE AS date, NULL::UTINYINT AS hour WHERE false)`;
}

const address = (version4: string, version6: string) =>
  `CASE WHEN ${version4} IS NOT NULL THEN ipv4_text(${version4}) WHEN ${version6} IS NOT NULL THEN ipv6_text(${version6}) END`;

/** Addresses of either version as text, by the names that they have in the view. */
export const addressTexts = {
  source: address('sourceIPv4Address', 'sourceIPv6Address'),
  destination: address('destinationIPv4Address', 'destinationIPv6Address'),
  exporter: address('exporterIPv4Address', 'exporterIPv6Address'),
} as const;

/** The statement that makes the view `flows` for one connection. Texts are only made in queries that name them. */
export async function flowsView(directory: string): Promise<string> {
  const columns = [...flowColumns, ...(await readExtraColumns(directory))].map(({ name }) => sqlName(name));
  const texts = Object.entries(addressTexts).map(([name, text]) => `${text} AS ${name}`);
  const listed = [...columns, ...texts, 'date', 'hour'].join(', ');
  return `CREATE OR REPLACE TEMP VIEW flows AS SELECT ${listed} FROM ${await flowsRelation(directory)}`;
}
