import { type FlowColumn, type FlowValue, octetsToAddress, type SecurityEvent } from '@flowpact/event';
import { findElement } from '@flowpact/ipfix';
import { flagText } from '../../pipeline/flag-text.ts';
import type { Cell } from './schema/detection-schema.ts';
import type { Incident } from './schema/incident-schema.ts';

/** The flows of an event as cells for people: addresses as text, flags as letters. */
export function evidenceCells(event: SecurityEvent | undefined, maxRows: number): Incident['evidence'] {
  const { layout, groups = [] } = event?.flows ?? {};
  if (layout === undefined) return { columns: [], rows: [], total: 0 };
  // Groups with a layout of their own are few; their rows cannot stand below these headings.
  const rows = groups.filter((group) => group.layout === undefined).flatMap((group) => group.rows);
  return {
    columns: layout.columns.map(columnName),
    rows: rows
      .slice(0, maxRows)
      .map((row) => layout.columns.map((column, i) => cellOf(row[i] ?? null, column))),
    total: groups.reduce((sum, group) => sum + group.rows.length, 0),
  };
}

function columnName(column: FlowColumn): string {
  switch (column.kind) {
    case 'iana':
      return findElement(0, column.id)?.name ?? `ie${column.id}`;
    case 'enterprise':
      return column.name ?? findElement(column.pen, column.id)?.name ?? `${column.pen}:${column.id}`;
    case 'named':
      return column.name;
    default:
      return column satisfies never;
  }
}

const tcpControlBits = 6;

function cellOf(value: FlowValue, column: FlowColumn): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    return column.kind === 'iana' && column.id === tcpControlBits ? flagText(value) : value;
  }
  if (value instanceof Uint8Array) {
    const isAddress = value.length === 4 || value.length === 16;
    return (isAddress && octetsToAddress(value)) || Buffer.from(value).toString('hex');
  }
  return `list of ${value.length}`;
}
