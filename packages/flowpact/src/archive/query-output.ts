import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { QueryResult, QueryValue } from '@flowpact/store';

export type QueryFormat = 'table' | 'json' | 'csv';

/** Writes an answer: a table with aligned columns, JSON lines, or CSV (RFC 4180). Ends early where nobody reads on. */
export async function writeQueryResult(
  result: QueryResult,
  format: QueryFormat,
  output: Writable,
): Promise<void> {
  const names = result.columns.map(({ name }) => name);
  switch (format) {
    case 'table':
      return writeTable(result, names, output);
    case 'json':
      return writeLines(result, output, (row) =>
        JSON.stringify(Object.fromEntries(row.map((value, i) => [names[i], jsonValue(value)]))),
      );
    case 'csv':
      output.write(`${names.map(csvCell).join(',')}\n`);
      return writeLines(result, output, (row) =>
        row.map((value) => (value === null ? '' : csvCell(text(value)))).join(','),
      );
    default:
      return format satisfies never;
  }
}

async function writeLines(
  { batches }: QueryResult,
  output: Writable,
  line: (row: readonly QueryValue[]) => string,
): Promise<void> {
  for await (const rows of batches) {
    if (!output.writable) return;
    const lines = rows.map((row) => `${line(row)}\n`).join('');
    if (!output.write(lines) && output.writable) {
      await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => undefined);
    }
  }
}

async function writeTable({ batches, columns }: QueryResult, names: readonly string[], output: Writable) {
  const cells: string[][] = [];
  for await (const rows of batches) {
    for (const row of rows) cells.push(row.map((value) => (value === null ? '-' : cell(text(value)))));
  }
  const widths = names.map((name, i) =>
    cells.reduce((width, row) => Math.max(width, row[i].length), name.length),
  );
  const isNumber = columns.map(({ type }) =>
    /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL)/.test(type),
  );
  for (const row of [names, ...cells]) {
    const line = row.map((each, i) => (isNumber[i] ? each.padStart(widths[i]) : each.padEnd(widths[i])));
    output.write(`${line.join('  ').trimEnd()}\n`);
  }
}

/** A value as one text: octets in hexadecimal, lists and structures as JSON. */
function text(value: QueryValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'object' ? JSON.stringify(jsonValue(value)) : String(value);
}

/** JSON has neither octets nor integers beyond 2^53-1: both become text. */
function jsonValue(value: QueryValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, jsonValue(each)]));
  }
  return value;
}

const csvCell = (content: string) =>
  /[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;

/** Control characters, which could move a terminal's cursor, become `?`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const cell = (content: string) => content.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
