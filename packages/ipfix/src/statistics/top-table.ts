import type { FieldValue } from '../record/field-value.ts';
import { hexText } from '../record/string-text.ts';
import type { TopOrder, TopStatistics } from './top-statistics.ts';

export interface TopTableConfig {
  /** As given to the statistics. */
  readonly by: readonly string[];
  /** Default `octets`. */
  readonly order?: TopOrder;
}

const columns: readonly TopOrder[] = ['flows', 'packets', 'octets'];

/** The rows of a top-N statistic as lines of text with a heading, numbers to the right, and what was left out. */
export function topTable(statistics: TopStatistics, { by, order = 'octets' }: TopTableConfig): string[] {
  const rows = statistics.rows();
  const totals = statistics.totals();
  const share = (amount: number, name: TopOrder) =>
    totals[name] === 0 ? '' : ` (${((100 * amount) / totals[name]).toFixed(1)}%)`;
  const table = [
    [...by, ...columns.map((name) => (name === order ? `${name} ↓` : name))],
    ...rows.map((row) => [
      ...row.key.map(keyText),
      ...columns.map((name) => {
        const isAtMost = name === order && row.overcount > 0;
        return `${isAtMost ? '≤ ' : ''}${row[name]}${share(row[name], name)}`;
      }),
    ]),
  ];
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  const lines = table.map((cells) =>
    cells
      .map((cell, i) => (i < by.length ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  const { flows, packets, octets, groups, replacedGroups, recordsWithoutKey } = totals;
  lines.push(
    '',
    `total: ${counted(flows, 'flow')}, ${counted(packets, 'packet')}, ${counted(octets, 'octet')} in ${counted(groups, 'group')}`,
  );
  if (replacedGroups > 0) {
    lines.push(
      `given up for larger ones: ${counted(replacedGroups, 'group')}; numbers with ≤ are upper bounds`,
    );
  }
  if (recordsWithoutKey > 0)
    lines.push(`without any of these fields: ${counted(recordsWithoutKey, 'record')}`);
  return lines;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A value as a cell: control characters, which could move a terminal's cursor, become `?`. */
function keyText(value: FieldValue | null): string {
  if (value === null) return '-';
  if (value instanceof Uint8Array) return hexText(value, 0, value.length);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
