import { addressToOctets, type FlowColumn, type FlowTable, type FlowValue } from '@flowpact/event';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { columnOfWord, columnWord } from './flow-columns.ts';
import type { Json } from './message-json.ts';
import { addressOfOctets } from './network-text.ts';
import { valueOfTypedText } from './typed-text.ts';
import { asAddress } from './values.ts';

/**
 * The first group of flows as comma-separated values (RFC 4180) under the names of their columns: evidence for people
 * and their tools. Undefined where there is none. What has no such text is left out, for the additional data to say.
 */
export function flowCsv(flows: FlowTable | undefined): string | undefined {
  const group = flows?.groups[0];
  const columns = group?.layout?.columns ?? flows?.layout.columns ?? [];
  if (group === undefined || group.rows.length === 0 || columns.length === 0) return undefined;
  const lines = [
    columns.map(columnWord),
    ...group.rows.map((row) => columns.map((_, i) => cellOf(row[i] ?? null))),
  ];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function cellOf(value: FlowValue): string {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? String(value) : '';
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'string':
      return value;
    default:
      return (
        addressOfOctets(value) ?? (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '')
      );
  }
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** As many as FLEX decoders accept by default. */
const maxColumns = 4_096;

/** The table in JSON form; undefined for text whose first line does not name columns. */
export function flowsOfCsv(text: string, limits: FormatsLimits): Json | undefined {
  const [words = [], ...lines] = linesOf(text, limits);
  const columns = words.map(columnOfWord);
  if (columns.length === 0 || columns.length > maxColumns) return undefined;
  if (!columns.every((column) => column !== undefined)) return undefined;
  const rows = lines.map((cells): Json => columns.map((column, i) => flowValueOf(cells[i] ?? '', column)));
  return { layout: { columns: columns.map((column): Json => ({ ...column })) }, groups: [{ rows }] };
}

/** Addresses are octets in every column: nothing else of a flow looks like one. */
function flowValueOf(cell: string, column: FlowColumn): Json {
  if (cell === '') return null;
  const address = column.kind === 'iana' && /[.:]/.test(cell) ? asAddress(cell) : undefined;
  if (address !== undefined) return { $octets: Buffer.from(addressToOctets(address)).toString('hex') };
  if (/^-?[0-9]{1,150}$/.test(cell)) return valueOfTypedText('integer', cell);
  return /^-?[0-9.]{1,40}(e[-+]?[0-9]{1,3})?$/.test(cell) ? valueOfTypedText('real', cell) : cell;
}

function linesOf(text: string, { maxNodes }: FormatsLimits): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let line: string[] = [];
  let nodes = 0;
  let at = 0;
  while (at < text.length) {
    if (++nodes > maxNodes) {
      throw new FormatsError('FORMATS_LIMIT', `more values of flows than maxNodes, ${maxNodes}`);
    }
    const end = text[at] === '"' ? endOfQuotes(text, at) : endOfPlain(text, at);
    const cell = text.slice(at, end);
    line.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (text[end] === ',') {
      at = end + 1;
      if (at === text.length) line.push('');
      continue;
    }
    lines.push(line);
    line = [];
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

function endOfPlain(text: string, start: number): number {
  let end = start;
  while (end < text.length && !',\r\n'.includes(text[end])) end++;
  return end;
}

function endOfQuotes(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 2)) {
    if (text[quote + 1] !== '"') return quote + 1;
  }
  return text.length;
}
