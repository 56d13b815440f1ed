import type { ConversationState } from '@flowpact/exchange';
import { type ConversationRecord, rowsOf, type Store } from '@flowpact/store';
import type { ExchangeMemory } from '../exchange/keep-exchange-event.ts';
import { ApiError } from '../http/api/api-error.ts';
import type { Conversation, ConversationQuery } from '../http/api/schema/exchange-schema.ts';
import type { Page } from '../http/api/schema/paging.ts';
import { conversationView } from '../watch/exchange-view.ts';
import { allOf, condition, isEqual } from './sql-condition.ts';

/** Where what is said is kept, and asked for. */
export interface ConversationMemory extends ExchangeMemory {
  /** Those that changed last first. */
  conversations(query: ConversationQuery): Promise<Page<Conversation>>;
  /** By statement; undefined where only the exchange counts them. */
  falsePositives(): Promise<ReadonlyMap<string, number> | undefined>;
}

/** All that was ever said and is kept still. */
export function createStoredConversations(store: ExchangeMemory & Pick<Store, 'query'>): ConversationMemory {
  return {
    addMessages: (records) => store.addMessages(records),
    putConversation: (record) => store.putConversation(record),
    addFalsePositives: (records) => store.addFalsePositives(records),
    async conversations({ cursor, limit, partner, status, attacker }) {
      const where = allOf([
        isEqual('partner', partner),
        isEqual('status', status),
        attacker === undefined ? undefined : condition('list_contains(about, ?)', attacker),
        cursor === undefined
          ? undefined
          : condition(
              '(time, partner, root_sender, root_id) < (make_timestamp_ms(?::BIGINT), ?, ?, ?)',
              ...parseCursor(cursor),
            ),
      ]);
      const rows = await rowsOf(
        await store.query(
          `SELECT conversation, coalesce(about, []), epoch_ms(time), partner, root_sender, root_id FROM conversations
           WHERE ${where.sql} ORDER BY time DESC, partner DESC, root_sender DESC, root_id DESC LIMIT ${limit + 1}`,
          { texts: where.texts },
        ),
      );
      const shown = rows.slice(0, limit);
      const items = shown.map(([state, about]) =>
        conversationView(JSON.parse(String(state)) as ConversationState, about as string[]),
      );
      const last = shown.at(-1);
      if (rows.length <= limit || last === undefined) return { items };
      return { items, next: cursorOf(last.slice(2)) };
    },
    async falsePositives() {
      const rows = await rowsOf(
        await store.query('SELECT rule, count(*) FROM false_positives WHERE rule IS NOT NULL GROUP BY rule'),
      );
      return new Map(rows.map(([rule, count]) => [String(rule), Number(count)]));
    },
  };
}

/** The latest conversations, where there is no store. */
export function createRecentConversations({ maxConversations = 10_000 } = {}): ConversationMemory {
  const kept = new Map<string, ConversationRecord>();
  return {
    addMessages: async () => undefined,
    addFalsePositives: async () => undefined,
    falsePositives: async () => undefined,
    async putConversation(record) {
      const { partner, root } = record;
      const key = JSON.stringify([partner, root.sender, root.id]);
      const before = kept.get(key);
      const about = before?.about?.length ? before.about : (record.about ?? []);
      kept.delete(key);
      kept.set(key, { ...record, about });
      if (kept.size > maxConversations) kept.delete(kept.keys().next().value!);
    },
    async conversations({ cursor, limit, partner, status, attacker }) {
      const found = [...kept]
        .reverse()
        .filter(
          ([, each]) =>
            (partner === undefined || each.partner === partner) &&
            (status === undefined || each.status === status) &&
            (attacker === undefined || each.about?.includes(attacker)),
        );
      const at = cursor === undefined ? -1 : found.findIndex(([key]) => key === cursor);
      if (cursor !== undefined && at < 0) {
        throw new ApiError('API_BAD_REQUEST', 'the conversation that the cursor names is gone');
      }
      const shown = found.slice(at + 1, at + 1 + limit);
      const items = shown.map(([, { conversation, about = [] }]) =>
        conversationView(conversation as ConversationState, about),
      );
      const last = shown.at(-1);
      if (at + 1 + limit >= found.length || last === undefined) return { items };
      return { items, next: last[0] };
    },
  };
}

const cursorOf = (place: readonly unknown[]) => JSON.stringify(place);

function parseCursor(cursor: string): readonly [number, string, string, string] {
  try {
    const [timeMs, ...names] = JSON.parse(cursor) as unknown[];
    const isPlace =
      typeof timeMs === 'number' && names.length === 3 && names.every((name) => typeof name === 'string');
    if (isPlace) return [timeMs, ...(names as [string, string, string])];
  } catch {
    // Told below.
  }
  throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
}
