import type { Endpoint, SecurityEvent } from '@flowpact/event';
import { ApiError } from '../http/api/api-error.ts';
import type { EventQuery, EventSummary } from '../http/api/schema/event-schema.ts';
import type { Page } from '../http/api/schema/paging.ts';

export interface KeptEvent {
  readonly summary: EventSummary;
  readonly event: SecurityEvent;
}

/** The latest security events, with their flows. */
export interface EventList {
  add(event: SecurityEvent, detectedMs: number): EventSummary;
  page(query: EventQuery): Page<EventSummary>;
  event(id: string): KeptEvent | undefined;
  /** Events so far. */
  readonly count: number;
}

const maxListed = 16;

export function createEventList({ maxEvents }: { readonly maxEvents: number }): EventList {
  const kept = new Map<string, KeptEvent>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(event, detectedMs) {
      const summary = eventSummary(event, String(++count), detectedMs);
      kept.set(summary.id, { summary, event });
      if (kept.size > maxEvents) kept.delete(kept.keys().next().value!);
      return summary;
    },
    page({ cursor, limit, type, attacker, fromMs = 0, toMs = Number.POSITIVE_INFINITY }) {
      const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
      if (Number.isNaN(before)) {
        throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
      }
      const found = [...kept.values()]
        .map(({ summary, event }) => ({ summary, sources: event.sources ?? [] }))
        .filter(
          ({ summary, sources }) =>
            Number(summary.id) < before &&
            summary.detectedMs >= fromMs &&
            summary.detectedMs < toMs &&
            (type === undefined || summary.type === type) &&
            (attacker === undefined || sources.some((source) => endpointText(source) === attacker)),
        )
        .map(({ summary }) => summary)
        .reverse();
      const items = found.slice(0, limit);
      return { items, ...(found.length > limit ? { next: items[items.length - 1].id } : {}) };
    },
    event: (id) => kept.get(id),
  };
}

export function eventSummary(event: SecurityEvent, id: string, detectedMs: number): EventSummary {
  const { type, startMs, endMs, severity, confidence, tlp, text, sources = [], targets = [] } = event;
  const statement = event.detector?.rule;
  return {
    ...{ id, type, detectedMs },
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(statement === undefined ? {} : { statement }),
    ...(severity === undefined ? {} : { severity }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(tlp === undefined ? {} : { tlp }),
    ...(text === undefined ? {} : { text }),
    sources: sources.slice(0, maxListed).map(endpointText),
    targets: targets.slice(0, maxListed).map(endpointText),
    targetCount: targets.length,
    flows: (event.flows?.groups ?? []).reduce((sum, { rows }) => sum + rows.length, 0),
  };
}

export function endpointText({ address, prefixLength, name, asn }: Endpoint): string {
  if (address !== undefined) return prefixLength === undefined ? address : `${address}/${prefixLength}`;
  return name ?? (asn === undefined ? '?' : `AS${asn}`);
}
