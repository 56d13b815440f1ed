import type { Statement } from '@flowpact/epl';
import type { EventType } from '@flowpact/event';
import type { Cell, Detection } from '../http/api/schema/detection-schema.ts';
import { securityEventMapping } from '../pipeline/security-event-annotation.ts';

/** What the columns of a statement's rows mean. */
export interface DetectionRoles {
  readonly kind: EventType;
  readonly attacker: string | undefined;
  readonly target: string | undefined;
  readonly url: string | undefined;
  readonly count: string | undefined;
}

const names = {
  attacker: /^(?:attacker|source|src)$|sourceIPv[46]Address$/i,
  target: /^(?:destination|target|victim|dst)$|destinationIPv[46]Address$/i,
  url: /^url$|httpRequest(?:URL|Target)$/i,
  count: /(?:count|flows|attempts|requests|servers|hosts)$/i,
};

const kindsByName: readonly (readonly [RegExp, EventType])[] = [
  [/brute/i, 'bruteForce'],
  [/scan/i, 'scan'],
  [/flood|ddos/i, 'dDoS'],
  [/spam/i, 'spam'],
];

/**
 * By the statement's `@SecurityEvent`; what that does not say by the usual names, those of FlowCEP's modules among them:
 * `Attacker`, `Destination`, `URL`, `AtkCount`, and streams such as `TCPSYNscan`.
 */
export function detectionRoles(statement: Statement): DetectionRoles {
  const mapping = securityEventMapping(statement);
  const stream = statement.insertInto ?? statement.name;
  const column = (name: RegExp) =>
    statement.eventType.properties.find((property) => name.test(property.name))?.name;
  return {
    kind: mapping?.type ?? kindsByName.find(([name]) => name.test(stream))?.[1] ?? 'other',
    attacker: mapping?.source ?? column(names.attacker),
    target: mapping?.target ?? column(names.target),
    url: column(names.url),
    count: mapping?.flows ?? column(names.count),
  };
}

/** A row as a detection. */
export function detectionOf<About extends Pick<Detection, 'timeMs' | 'module' | 'statement'>>(
  row: Readonly<Record<string, unknown>>,
  roles: DetectionRoles,
  about: About,
): Omit<Detection, 'id'> & About {
  const text = (column: string | undefined) => {
    const value = column === undefined ? undefined : row[column];
    return value === undefined || value === null || value === '' ? undefined : String(value);
  };
  const count = Number(text(roles.count) ?? Number.NaN);
  return {
    ...about,
    kind: roles.kind,
    ...optional('attacker', text(roles.attacker)),
    ...optional('target', text(roles.target)),
    ...optional('url', text(roles.url)),
    ...optional('count', Number.isFinite(count) ? count : undefined),
    columns: cellsOf(row),
  };
}

/** The columns of a row as JSON can say them. */
export const cellsOf = (row: Readonly<Record<string, unknown>>): Detection['columns'] =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)]));

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'object'
    ? JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part))
    : String(value);
}
