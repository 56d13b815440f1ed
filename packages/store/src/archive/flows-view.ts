import { join } from 'node:path';
import { sqlName, sqlString } from '../database/sql-text.ts';
import { hasFiles } from './archive-folder.ts';
import { duckdbColumnTypes, type FlowColumnDefinition, flowColumns } from './flow-columns.ts';

const address = (version4: string, version6: string) =>
  `CASE WHEN "${version4}" IS NOT NULL THEN ipv4_text("${version4}") WHEN "${version6}" IS NOT NULL THEN ipv6_text("${version6}") END`;

/** Addresses of either version as text: computed only in queries that name them. */
const texts = `${address('sourceIPv4Address', 'sourceIPv6Address')} AS source,
  ${address('destinationIPv4Address', 'destinationIPv6Address')} AS destination,
  ${address('exporterIPv4Address', 'exporterIPv6Address')} AS exporter`;

/** The relation that reads these files, or none: every column of the archive, and its `date` and `hour`. */
export function flowsRelation(
  paths: string,
  extraColumns: readonly FlowColumnDefinition[],
  isEmpty: boolean,
): string {
  const columns = [...flowColumns, ...extraColumns];
  if (isEmpty) {
    const nulls = columns.map(({ name, type }) => `NULL::${duckdbColumnTypes[type]} AS ${sqlName(name)}`);
    return `(SELECT ${nulls.join(', ')}, NULL::DATE AS date, NULL::UTINYINT AS hour WHERE false)`;
  }
  const options = [
    'hive_partitioning = true',
    `hive_types = {'date': DATE, 'hour': UTINYINT}`,
    // Files may differ only where columns were added; reading the footers of all has its price.
    ...(extraColumns.length === 0 ? [] : ['union_by_name = true']),
  ];
  return `read_parquet(${paths}, ${options.join(', ')})`;
}

/** The statement that makes the view `flows` for one connection. */
export async function flowsView(
  directory: string,
  extraColumns: readonly FlowColumnDefinition[],
): Promise<string> {
  const paths = sqlString(join(directory, 'date=*', 'hour=*', '*.parquet'));
  const relation = flowsRelation(paths, extraColumns, !(await hasFiles(directory)));
  const names = [...flowColumns, ...extraColumns].map(({ name }) => sqlName(name)).join(', ');
  return `CREATE OR REPLACE TEMP VIEW flows AS SELECT ${names}, ${texts}, date, hour FROM ${relation}`;
}
