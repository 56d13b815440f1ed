import type { SecurityEvent } from '@flowpact/event';
import type {
  Detection,
  DetectionQuery,
  DetectionSummary,
  DetectionSummaryQuery,
} from '../http/api/schema/detection-schema.ts';
import type { EventQuery, EventSummary } from '../http/api/schema/event-schema.ts';
import type { Page } from '../http/api/schema/paging.ts';
import { createDetectionList } from '../watch/detection-list.ts';
import { createEventList, type KeptEvent } from '../watch/event-list.ts';

/** A detection that is to be kept. */
export interface FoundDetection {
  readonly detection: Omit<Detection, 'id'>;
  /** All that the statement's line says. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** Detections of a statement in one part of a span. */
export interface DetectionCount {
  readonly statement: string;
  readonly kind: Detection['kind'];
  readonly startMs: number;
  readonly count: number;
}

type Awaitable<T> = T | Promise<T>;

/** Where findings are kept, and asked for. */
export interface FindingMemory {
  /** Resolves when they are kept. @throws StoreError */
  addDetections(found: readonly FoundDetection[]): Promise<readonly Detection[]>;
  /** @param detectedMs When the statement fired, in the time of the flows. @throws StoreError */
  addEvent(event: SecurityEvent, detectedMs: number): Promise<EventSummary>;
  detections(query: DetectionQuery): Awaitable<Page<Detection>>;
  detectionSummary(query: DetectionSummaryQuery): Awaitable<DetectionSummary>;
  /** Those of earlier runs, by parts of so many milliseconds. */
  earlierDetections(fromMs: number, toMs: number, bucketMs: number): Promise<readonly DetectionCount[]>;
  events(query: EventQuery): Awaitable<Page<EventSummary>>;
  event(id: string): Awaitable<KeptEvent | undefined>;
}

export interface RecentFindingsConfig {
  /** Default 20,000. */
  readonly maxDetections?: number;
  /** With their flows. Default 500. */
  readonly maxEvents?: number;
}

/** The latest findings in memory, where there is no store. */
export function createRecentFindings({
  maxDetections = 20_000,
  maxEvents = 500,
}: RecentFindingsConfig = {}): FindingMemory {
  const detections = createDetectionList({ maxDetections });
  const events = createEventList({ maxEvents });
  let count = 0;
  return {
    async addDetections(found) {
      const kept = found.map(({ detection }): Detection => ({ ...detection, id: String(++count) }));
      detections.add(kept);
      return kept;
    },
    addEvent: async (event, detectedMs) => events.add(event, detectedMs),
    detections: detections.page,
    detectionSummary: detections.summary,
    earlierDetections: async () => [],
    events: events.page,
    event: events.event,
  };
}
