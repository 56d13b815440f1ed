import { rowsOf, type Store } from '@flowpact/store';
import type { Traffic, TrafficQuery } from '../http/api/schema/traffic-schema.ts';
import { spanBuckets } from '../watch/span-buckets.ts';
import type { TrafficHistory } from '../watch/traffic-history.ts';
import type { FindingMemory } from './finding-memory.ts';
import { withinSpan } from './sql-condition.ts';

/** What flowed in one minute. */
export interface TrafficMinute {
  readonly startMs: number;
  readonly flows: number;
  readonly packets: number;
  readonly octets: number;
}

/** What flowed before this process began to count. */
export interface EarlierTraffic {
  minutes(fromMs: number, toMs: number): Promise<readonly TrafficMinute[]>;
  /** Start of the last minute with flows. */
  latestMs(): Promise<number | undefined>;
}

const minuteMs = 60_000;
const shownSpanMs = 15 * minuteMs;

export function createEarlierTraffic(store: Pick<Store, 'query'>): EarlierTraffic {
  return {
    async minutes(fromMs, toMs) {
      const where = withinSpan('minute', { fromMs, toMs });
      const rows = await rowsOf(
        await store.query(
          `SELECT epoch_ms(minute), sum(flows)::DOUBLE, sum(packets)::DOUBLE, sum(octets)::DOUBLE
           FROM traffic WHERE ${where.sql} GROUP BY minute`,
          { texts: where.texts, maxRows: 1_000_000 },
        ),
      );
      return rows.map((row) => {
        const [startMs, flows, packets, octets] = row.map(Number);
        return { startMs, flows, packets, octets };
      });
    },
    async latestMs() {
      const [[latest]] = await rowsOf(await store.query('SELECT epoch_ms(max(minute)) FROM traffic'));
      return latest === null ? undefined : Number(latest);
    },
  };
}

export interface TrafficFacts {
  readonly history: TrafficHistory;
  readonly findings: Pick<FindingMemory, 'earlierDetections'>;
  readonly earlier: EarlierTraffic | undefined;
}

/** Flows and detections over time: what this process has counted, and before that what is in the tables. */
export async function trafficOf(
  { fromMs, toMs, buckets }: TrafficQuery,
  { history, findings, earlier }: TrafficFacts,
): Promise<Traffic> {
  const endMs = toMs ?? (history.timeMs ?? (await earlier?.latestMs()) ?? 0) + 1;
  const query = { fromMs: fromMs ?? Math.max(0, endMs - shownSpanMs), toMs: endMs, buckets };
  const sinceMs = history.completeFromMs ?? endMs;
  if (earlier === undefined || query.fromMs >= sinceMs) return history.traffic(query);
  const recent = history.traffic(query, sinceMs);
  const { bucketMs } = recent;
  const span = spanBuckets(query.fromMs, endMs, buckets, bucketMs);
  const lastMs = Math.min(sinceMs, endMs);

  // Minutes are spread over the parts that they have in common with them.
  const steps = Math.max(1, Math.ceil(minuteMs / bucketMs));
  for (const { startMs, ...sums } of await earlier.minutes(query.fromMs - minuteMs, lastMs)) {
    for (let step = 0; step < steps; step++) {
      const at = span.indexOf(startMs + (step * minuteMs) / steps);
      if (at === undefined) continue;
      for (const key of ['flows', 'packets', 'octets'] as const) {
        (recent[key] as number[])[at] += Math.round(sums[key] / steps);
      }
    }
  }
  const byStatement = new Map(recent.detections.map((each) => [each.statement, each]));
  for (const found of await findings.earlierDetections(query.fromMs, lastMs, bucketMs)) {
    const at = span.indexOf(found.startMs);
    if (at === undefined) continue;
    const line = byStatement.get(found.statement) ?? {
      ...{ statement: found.statement, kind: found.kind, counts: span.zeros() },
    };
    byStatement.set(found.statement, line);
    (line.counts as number[])[at] += found.count;
  }
  return { ...recent, detections: [...byStatement.values()] };
}
