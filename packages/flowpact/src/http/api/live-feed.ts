import { ApiError } from './api-error.ts';
import type { ApiSource } from './api-source.ts';
import type { ResponseFeed } from './response-feed.ts';
import type { Detection } from './schema/detection-schema.ts';
import type { EventSummary } from './schema/event-schema.ts';
import type { Tick } from './schema/tick-schema.ts';

/** One reader of the feed. */
export interface FeedClient {
  write(text: string): void;
  end(): void;
  /** Octets that were written and have not left. */
  readonly waitingOctets: number;
}

export interface LiveFeedConfig {
  readonly maxStreams: number;
  readonly maxStreamBacklogOctets: number;
  readonly maxSample: number;
  readonly mayChange: boolean;
}

/**
 * Tells every reader, once a period, how things are and what was detected since: all of it as numbers, of the
 * detections themselves the latest few. So a reader has the same work at 1 detection a second and at 100,000.
 */
export interface LiveFeed {
  /** Returns what closes it. @throws ApiError `API_TOO_MANY`. */
  open(client: FeedClient): () => void;
  /** One period is over. Resolves when it is written. */
  tick(): Promise<void>;
  readonly clients: number;
  stop(): void;
}

export interface LiveFeedDeps {
  readonly source: ApiSource;
  /** Left out where no response is configured. */
  readonly response?: ResponseFeed;
}

export function createLiveFeed(config: LiveFeedConfig, { source, response }: LiveFeedDeps): LiveFeed {
  const { maxStreams, maxStreamBacklogOctets, maxSample, mayChange } = config;
  const missed = new Map<FeedClient, number>();
  let detections = 0;
  let sample: Detection[] = [];
  let events: EventSummary[] = [];
  let omittedEvents = 0;

  const unsubscribe = source.subscribe({
    onDetections(rows) {
      detections += rows.length;
      sample = [...sample, ...rows.slice(-maxSample)].slice(-maxSample);
    },
    onEvent(event) {
      events.push(event);
      if (events.length <= maxSample) return;
      events.shift();
      omittedEvents++;
    },
  });

  return {
    get clients() {
      return missed.size;
    },
    open(client) {
      if (missed.size >= maxStreams) {
        throw new ApiError('API_TOO_MANY', `${maxStreams} streams are open: close one of them`);
      }
      missed.set(client, 0);
      return () => void missed.delete(client);
    },
    async tick() {
      const news = { detections, sample: sample.toReversed(), events: events.toReversed(), omittedEvents };
      const mitigations = response?.takeChanged() ?? [];
      detections = 0;
      sample = [];
      events = [];
      omittedEvents = 0;
      if (missed.size === 0) return;
      const status = {
        ...(await source.status()),
        mayChange,
        ...(response === undefined ? {} : { response: response.status() }),
      };
      const textOf = (missedTicks: number) =>
        `event: tick\ndata: ${JSON.stringify({ status, ...news, mitigations, missedTicks } satisfies Tick)}\n\n`;
      // Nearly all readers have missed nothing: they get the same text.
      const usual = textOf(0);
      for (const [client, missedTicks] of missed) {
        if (client.waitingOctets > maxStreamBacklogOctets) {
          missed.set(client, missedTicks + 1);
          continue;
        }
        client.write(missedTicks === 0 ? usual : textOf(missedTicks));
        missed.set(client, 0);
      }
    },
    stop() {
      unsubscribe();
      response?.stop();
      for (const client of missed.keys()) client.end();
      missed.clear();
    },
  };
}
