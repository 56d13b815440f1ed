import type { Row, Statement } from '@flowpact/epl';

/**
 * A row as espercli prints it: the row's columns, then `timestamp` (engine time, ISO 8601 with the local
 * offset) and `type` (the stream that the statement inserts into, else one made of its name).
 */
export function rowLine(statement: Pick<Statement, 'name' | 'insertInto'>, timeMs: number, row: Row): string {
  return JSON.stringify(
    { ...row, timestamp: isoWithOffset(timeMs), type: statement.insertInto ?? `${statement.name}_result` },
    exactIntegers,
  );
}

/** JSON has no integers beyond 2^53 that every reader keeps; as decimal text they stay exact. */
function exactIntegers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/**
 * As Java's ISO_OFFSET_DATE_TIME writes it, which espercli uses: local time, a fraction without trailing zeros and
 * only where there is one, `Z` for no offset.
 */
export function isoWithOffset(timeMs: number): string {
  const offsetMinutes = -new Date(timeMs).getTimezoneOffset();
  const local = new Date(timeMs + offsetMinutes * 60_000).toISOString();
  const seconds = local.slice(0, 19);
  const fraction = local.slice(20, 23).replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}${offsetText(offsetMinutes)}`;
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const absolute = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}
