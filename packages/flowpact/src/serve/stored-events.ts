import { securityEventFromJson } from '@flowpact/event';
import { rowsOf, type Store } from '@flowpact/store';
import { ApiError } from '../http/api/api-error.ts';
import type { EventSummary } from '../http/api/schema/event-schema.ts';
import { eventSummary } from '../watch/event-list.ts';
import type { FindingMemory } from './finding-memory.ts';
import { allOf, condition, isEqual, withinSpan } from './sql-condition.ts';

type StoredEvents = Pick<FindingMemory, 'addEvent' | 'events' | 'event'>;

const wholeNumber = /^[0-9]{1,15}$/;

/** The security events of the store. */
export function createStoredEvents(
  store: Pick<Store, 'addEvents' | 'event' | 'query'>,
  { now }: { now(): number },
): StoredEvents {
  return {
    async addEvent(event, detectedMs) {
      const [number] = await store.addEvents([{ timeMs: now(), detectedMs, event }]);
      return eventSummary(event, String(number), detectedMs);
    },
    async events({ cursor, limit, type, attacker, ...span }) {
      if (cursor !== undefined && !wholeNumber.test(cursor)) {
        throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
      }
      const where = allOf([
        withinSpan('coalesce(detected, time)', span),
        isEqual('type', type),
        attacker === undefined ? undefined : condition('list_contains(sources, ?)', attacker),
        cursor === undefined ? undefined : condition('number < ?::BIGINT', cursor),
      ]);
      const rows = await rowsOf(
        await store.query(
          `SELECT number, epoch_ms(coalesce(detected, time)), event, flow_count FROM events WHERE ${where.sql}
           ORDER BY number DESC LIMIT ${limit + 1}`,
          { texts: where.texts },
        ),
      );
      const items = rows.slice(0, limit).map(
        ([number, detectedMs, event, flows]): EventSummary => ({
          ...eventSummary(securityEventFromJson(String(event)), String(number), Number(detectedMs)),
          flows: Number(flows),
        }),
      );
      return { items, ...(rows.length > limit ? { next: items[items.length - 1].id } : {}) };
    },
    async event(id) {
      const found = wholeNumber.test(id) ? await store.event(Number(id)) : undefined;
      if (found === undefined) return undefined;
      const { event, timeMs, detectedMs = timeMs } = found;
      return { event, summary: eventSummary(event, id, detectedMs) };
    },
  };
}
