import type { SecurityEvent } from '@flowpact/event';
import { ApiError } from './api-error.ts';
import type { ApiSource } from './api-source.ts';
import { evidenceCells } from './evidence-cells.ts';
import type { Detection } from './schema/detection-schema.ts';
import type { Incident } from './schema/incident-schema.ts';

const maxDetections = 1000;
const maxEvents = 20;
const maxConversations = 20;
const maxTimes = 200;
const maxTargets = 256;
const maxUrls = 8;
const maxEvidence = 500;

/** Puts together what is known of one attacker. @throws ApiError `API_NOT_FOUND` where that is nothing. */
export async function incidentOf(attacker: string, source: ApiSource): Promise<Incident> {
  const [found, events, conversations, modules] = await Promise.all([
    source.detections({ attacker, limit: maxDetections, sort: 'time', order: 'descending' }),
    source.events({ attacker, limit: maxEvents }),
    source.conversations({ attacker, limit: maxConversations }),
    source.modules(),
  ]);
  const detections = found.items.toReversed();
  if (detections.length === 0 && events.items.length === 0) {
    throw new ApiError('API_NOT_FOUND', `nothing is known of ${attacker}: what there was may be too old`);
  }
  const [latest] = events.items;
  const event = latest === undefined ? undefined : (await source.event(latest.id))?.event;
  const timesMs = [
    ...detections.map(({ timeMs }) => timeMs),
    ...events.items.flatMap(({ startMs, detectedMs }) => [startMs ?? detectedMs, detectedMs]),
  ];
  const textOf = ({ module, statement }: Detection) =>
    modules.find((each) => each.module === module)?.statements.find((each) => each.statement === statement)
      ?.text ?? '';

  return {
    attacker,
    firstMs: timesMs.reduce((a, b) => Math.min(a, b)),
    lastMs: timesMs.reduce((a, b) => Math.max(a, b)),
    detections: detections.length,
    isCut: found.next !== undefined || events.next !== undefined,
    stages: stagesOf(detections, textOf),
    targets: targetsOf(detections, event),
    events: events.items,
    conversations: conversations.items,
    evidence: evidenceCells(event, maxEvidence),
  };
}

function stagesOf(
  detections: readonly Detection[],
  textOf: (detection: Detection) => string,
): Incident['stages'] {
  const groups = new Map<string, Detection[]>();
  for (const detection of detections) {
    const key = JSON.stringify([detection.module, detection.statement]);
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [detection]);
    else rows.push(detection);
  }
  return [...groups.values()].map((rows) => {
    const [first] = rows;
    const counts = rows.flatMap(({ count }) => count ?? []);
    return {
      statement: first.statement,
      module: first.module,
      kind: first.kind,
      text: textOf(first),
      rows: rows.length,
      timesMs: [...new Set(rows.map(({ timeMs }) => timeMs))].sort((a, b) => a - b).slice(-maxTimes),
      ...(counts.length === 0 ? {} : { maximumCount: counts.reduce((a, b) => Math.max(a, b)) }),
    };
  });
}

/** Those that rows name, then those that only the event's flows do. */
function targetsOf(detections: readonly Detection[], event: SecurityEvent | undefined): Incident['targets'] {
  const targets = new Map<string, { rows: number; statements: Set<string>; urls: Set<string> }>();
  const targetOf = (name: string) => {
    const target = targets.get(name) ?? { rows: 0, statements: new Set(), urls: new Set() };
    targets.set(name, target);
    return target;
  };
  for (const { target: name, statement, url } of detections) {
    if (name === undefined) continue;
    const target = targetOf(name);
    target.rows++;
    target.statements.add(statement);
    if (url !== undefined && target.urls.size < maxUrls) target.urls.add(url);
  }
  for (const { address, name } of event?.targets ?? []) {
    const text = address ?? name;
    if (text !== undefined) targetOf(text);
  }
  return [...targets]
    .map(([target, { rows, statements, urls }]) => ({
      target,
      rows,
      statements: [...statements],
      urls: [...urls],
    }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, maxTargets);
}
