import { isIP } from 'node:net';
import { evidenceOf, type Row } from '@flowpact/epl';
import type { Detector as DetectorName, Endpoint, SecurityEvent, Totals } from '@flowpact/event';
import type { Detections } from './detector.ts';
import { evidenceTable } from './evidence-table.ts';
import type { FlowField } from './flow-fields.ts';
import { maxEvidenceLimit, type SecurityEventMapping } from './security-event-annotation.ts';

/** Targets listed in an event; the evidence has the rest. */
const maxTargets = 256;

/**
 * The security events that the rows of one delivery stand for: one for each source, so that an attack on five hosts
 * is one event with five targets. The flows that made the statement fire travel along.
 */
export function securityEventsOf(
  { statement, timeMs, rows }: Detections,
  mapping: SecurityEventMapping,
  flowFields: readonly FlowField[],
  detectorName: DetectorName,
): SecurityEvent[] {
  const rowsBySource = new Map<unknown, Row[]>();
  for (const row of rows) {
    const source = mapping.source === undefined ? undefined : row[mapping.source];
    const others = rowsBySource.get(source);
    if (others === undefined) rowsBySource.set(source, [row]);
    else others.push(row);
  }
  return [...rowsBySource.values()].map((rowsOfSource) =>
    securityEvent(rowsOfSource, timeMs, mapping, flowFields, { ...detectorName, rule: statement.name }),
  );
}

function securityEvent(
  rows: readonly Row[],
  timeMs: number,
  mapping: SecurityEventMapping,
  flowFields: readonly FlowField[],
  detector: DetectorName,
): SecurityEvent {
  const flows = [...new Set(rows.flatMap(evidenceOf))].slice(0, maxEvidenceLimit);
  const evidence = (element: string): unknown[] => {
    const field = flowFields.find(({ elements }) => elements.some(({ name }) => name === element));
    return field === undefined ? [] : flows.map((flow) => (flow as Record<string, unknown>)[field.property]);
  };
  const [first] = rows;
  const source = cellOf(first, mapping.source);
  const starts = evidence('flowStartMilliseconds').filter(isTime);
  const ends = evidence('flowEndMilliseconds').filter(isTime);
  const targets =
    mapping.target === undefined
      ? [...evidence('destinationIPv4Address'), ...evidence('destinationIPv6Address')]
      : rows.map((row) => cellOf(row, mapping.target));
  const service = serviceOf(first, mapping);
  const totals = totalsOf(rows, mapping);

  return {
    type: mapping.type,
    startMs: starts.length > 0 ? starts.reduce((a, b) => Math.min(a, b)) : timeMs,
    endMs: ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : timeMs,
    detector,
    ...(mapping.classifications.length > 0 ? { classifications: mapping.classifications } : {}),
    ...(mapping.severity === undefined ? {} : { severity: mapping.severity }),
    ...(mapping.confidence === undefined ? {} : { confidence: mapping.confidence }),
    ...(isText(source) ? { sources: [endpoint(source)] } : {}),
    ...(targets.some(isText)
      ? {
          targets: [...new Set(targets.filter(isText))]
            .slice(0, maxTargets)
            .map((text) => ({ ...endpoint(text), ...service })),
        }
      : {}),
    ...(totals === undefined ? {} : { totals }),
    ...(mapping.tlp === undefined ? {} : { tlp: mapping.tlp }),
    ...(mapping.text === undefined ? {} : { text: fillIn(mapping.text, first) }),
    flowSource: { protocol: 'ipfix', version: 10 },
    ...(flows.length > 0 ? { flows: evidenceTable(flows, flowFields) } : {}),
  };
}

function cellOf(row: Row, column: string | undefined): unknown {
  return column === undefined ? undefined : row[column];
}

/** An address where the text is one, else a name. */
function endpoint(text: string): Endpoint {
  return isIP(text) === 0 ? { name: text } : { address: text };
}

function serviceOf(
  row: Row,
  { protocol, targetPort }: SecurityEventMapping,
): Pick<Endpoint, 'protocol' | 'ports'> {
  const number = typeof protocol === 'string' ? cellOf(row, protocol) : protocol;
  const port = cellOf(row, targetPort);
  return {
    ...(isWithin(number, 255) ? { protocol: number } : {}),
    ...(isWithin(port, 65535) ? { ports: [{ low: port }] } : {}),
  };
}

/** The sums over the rows, of those counts that every row has. */
function totalsOf(rows: readonly Row[], mapping: SecurityEventMapping): Totals | undefined {
  const totals: Record<string, number | bigint> = {};
  for (const name of ['flows', 'packets', 'octets'] as const) {
    const counts = rows.map((row) => cellOf(row, mapping[name]));
    if (!counts.every(isCount)) continue;
    const sum = counts.reduce<bigint>((a, b) => a + BigInt(b), 0n);
    totals[name] = sum <= Number.MAX_SAFE_INTEGER ? Number(sum) : sum;
  }
  return Object.keys(totals).length === 0 ? undefined : totals;
}

/** `{Column}` → the row's value; braces around anything else stay. */
function fillIn(text: string, row: Row): string {
  return text.replace(/\{([^{}]+)\}/g, (braces, name) =>
    Object.hasOwn(row, name) ? String(row[name]) : braces,
  );
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTime = (value: unknown): value is number => Number.isSafeInteger(value);
const isWithin = (value: unknown, high: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= high;
const isCount = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' ? value >= 0n : Number.isSafeInteger(value) && (value as number) >= 0;
