import type { Detection } from '../http/api/schema/detection-schema.ts';
import type { Traffic, TrafficQuery } from '../http/api/schema/traffic-schema.ts';
import { spanBuckets } from './span-buckets.ts';
import { partMs, type TrafficPart } from './traffic-tally.ts';

export interface TrafficHistoryConfig {
  /** Parts of five seconds that are kept; the earliest leave first. Default 17,280: a day. */
  readonly maxParts?: number;
}

/** How much there was when, by the flows' own time. */
export interface TrafficHistory {
  addFlows(parts: readonly TrafficPart[]): void;
  addDetections(detections: readonly Detection[]): void;
  /** @param sinceMs What is before it is left out; the parts are the same. */
  traffic(query: TrafficQuery, sinceMs?: number): Traffic;
  /** From here on it knows all that it was ever told; undefined before the first flow. */
  readonly completeFromMs: number | undefined;
  /** The latest end of a flow; undefined before the first. */
  readonly timeMs: number | undefined;
  readonly flows: number;
  readonly octets: number;
  /** Means over half a minute, up to ten seconds before the latest flow: exporters send flows late. */
  rates(): { readonly flowsPerSecond: number; readonly octetsPerSecond: number };
}

interface Part {
  flows: number;
  packets: number;
  octets: number;
  readonly detections: Map<string, number>;
}

const lateMs = 10_000;
const rateSpanMs = 30_000;
const defaultSpanMs = 15 * 60_000;

export function createTrafficHistory({ maxParts = 17_280 }: TrafficHistoryConfig = {}): TrafficHistory {
  const parts = new Map<number, Part>();
  const kinds = new Map<string, string>();
  let timeMs: number | undefined;
  let firstMs: number | undefined;
  let completeFromMs: number | undefined;
  let flows = 0;
  let octets = 0;

  const partAt = (atMs: number): Part => {
    const startMs = Math.floor(atMs / partMs) * partMs;
    const known = parts.get(startMs);
    if (known !== undefined) return known;
    const part = { flows: 0, packets: 0, octets: 0, detections: new Map<string, number>() };
    parts.set(startMs, part);
    if (parts.size > maxParts) {
      parts.delete([...parts.keys()].reduce((a, b) => Math.min(a, b)));
      firstMs = [...parts.keys()].reduce((a, b) => Math.min(a, b));
      completeFromMs = Math.max(completeFromMs ?? 0, firstMs);
    }
    return part;
  };

  return {
    addFlows(taken) {
      // The first flows told may be late ones of a time before: the latest of them say when this began.
      if (taken.length > 0) completeFromMs ??= taken.reduce((max, { startMs }) => Math.max(max, startMs), 0);
      for (const { startMs, endMs, ...sums } of taken) {
        flows += sums.flows;
        octets += sums.octets;
        timeMs = Math.max(timeMs ?? 0, endMs);
        firstMs = Math.min(firstMs ?? Number.POSITIVE_INFINITY, startMs);
        const part = partAt(startMs);
        part.flows += sums.flows;
        part.packets += sums.packets;
        part.octets += sums.octets;
      }
    },
    addDetections(detections) {
      for (const { timeMs: atMs, statement, kind } of detections) {
        kinds.set(statement, kind);
        const { detections: counts } = partAt(atMs);
        counts.set(statement, (counts.get(statement) ?? 0) + 1);
      }
    },
    traffic({ fromMs, toMs, buckets }, sinceMs = Number.NEGATIVE_INFINITY) {
      const endMs = toMs ?? (timeMs ?? 0) + 1;
      const span = spanBuckets(fromMs ?? Math.max(0, endMs - defaultSpanMs), endMs, buckets, partMs);
      const line = { flows: span.zeros(), packets: span.zeros(), octets: span.zeros() };
      const byStatement = new Map<string, number[]>();
      for (const [startMs, part] of parts) {
        const at = span.indexOf(startMs);
        if (at === undefined || startMs < sinceMs) continue;
        line.flows[at] += part.flows;
        line.packets[at] += part.packets;
        line.octets[at] += part.octets;
        for (const [statement, count] of part.detections) {
          const counts = byStatement.get(statement) ?? span.zeros();
          counts[at] += count;
          byStatement.set(statement, counts);
        }
      }
      const detections = [...byStatement].map(([statement, counts]) => ({
        statement,
        kind: kinds.get(statement) ?? 'other',
        counts,
      }));
      return { startMs: span.startMs, bucketMs: span.bucketMs, ...line, detections };
    },
    get completeFromMs() {
      return completeFromMs;
    },
    get timeMs() {
      return timeMs;
    },
    get flows() {
      return flows;
    },
    get octets() {
      return octets;
    },
    rates() {
      if (timeMs === undefined || firstMs === undefined) return { flowsPerSecond: 0, octetsPerSecond: 0 };
      const endMs = Math.floor((timeMs - lateMs) / partMs) * partMs;
      const startMs = Math.max(endMs - rateSpanMs, Math.floor(firstMs / partMs) * partMs);
      if (endMs <= startMs) return { flowsPerSecond: 0, octetsPerSecond: 0 };
      let sum = { flows: 0, octets: 0 };
      for (let atMs = startMs; atMs < endMs; atMs += partMs) {
        const part = parts.get(atMs);
        if (part !== undefined) sum = { flows: sum.flows + part.flows, octets: sum.octets + part.octets };
      }
      const seconds = (endMs - startMs) / 1000;
      return { flowsPerSecond: sum.flows / seconds, octetsPerSecond: sum.octets / seconds };
    },
  };
}
