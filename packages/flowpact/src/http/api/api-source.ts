import type { SecurityEvent } from '@flowpact/event';
import type {
  Detection,
  DetectionQuery,
  DetectionSummary,
  DetectionSummaryQuery,
} from './schema/detection-schema.ts';
import type { EventQuery, EventSummary } from './schema/event-schema.ts';
import type { Conversation, ConversationQuery, Outbox, Partner } from './schema/exchange-schema.ts';
import type { Exporter } from './schema/exporter-schema.ts';
import type { Flow, FlowQuery, TimeLine, TimeLineQuery, Top, TopQuery } from './schema/flow-schema.ts';
import type { Module, ModuleSource } from './schema/module-schema.ts';
import type { Page } from './schema/paging.ts';
import type { Status } from './schema/status-schema.ts';
import type { Traffic, TrafficQuery } from './schema/traffic-schema.ts';

type Awaitable<T> = T | Promise<T>;

export interface ApiSubscriber {
  onDetections(detections: readonly Detection[]): void;
  onEvent(event: EventSummary): void;
}

/**
 * What the API and the page show, whatever it is kept in. Queries have passed their schemas. A cursor is the source's own text; one that it does not
 * know, and a filter that does not compile, it refuses with an {@link import('./api-error.ts').ApiError}.
 */
export interface ApiSource {
  status(): Awaitable<Omit<Status, 'mayChange' | 'response'>>;
  exporters(): Awaitable<readonly Exporter[]>;
  traffic(query: TrafficQuery): Awaitable<Traffic>;
  detections(query: DetectionQuery): Awaitable<Page<Detection>>;
  detectionSummary(query: DetectionSummaryQuery): Awaitable<DetectionSummary>;
  /** The latest first. */
  events(query: EventQuery): Awaitable<Page<EventSummary>>;
  event(id: string): Awaitable<{ readonly summary: EventSummary; readonly event: SecurityEvent } | undefined>;
  partners(): Awaitable<readonly Partner[]>;
  /** The latest first. */
  conversations(query: ConversationQuery): Awaitable<Page<Conversation>>;
  outbox(): Awaitable<Outbox>;
  modules(): Awaitable<readonly Module[]>;
  moduleSource(module: string): Awaitable<ModuleSource | undefined>;
  /** Left out: modules cannot be switched. False: there is no module of that name. */
  setModuleEnabled?(module: string, isEnabled: boolean): Awaitable<boolean>;
  /** The latest first. */
  flows(query: FlowQuery): Awaitable<Page<Flow>>;
  topFlows(query: TopQuery): Awaitable<Top>;
  flowTimeLine(query: TimeLineQuery): Awaitable<TimeLine>;
  /** Returns what ends the subscription. */
  subscribe(subscriber: ApiSubscriber): () => void;
}
