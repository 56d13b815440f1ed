import type { MessageRef } from '@flowpact/event';
import type { ConversationState, Exchange, ExchangeEvent, Partner } from '@flowpact/exchange';
import { ApiError } from '../http/api/api-error.ts';
import type {
  Conversation,
  ConversationQuery,
  Outbox,
  Partner as PartnerView,
} from '../http/api/schema/exchange-schema.ts';
import type { Page } from '../http/api/schema/paging.ts';
import { endpointText } from './event-list.ts';

export interface ExchangeViewConfig {
  readonly partners: readonly Partner[];
  /** Messages whose sources are remembered; the oldest leave first. Default 10,000. */
  readonly maxMessages?: number;
}

/** What an exchange has done, for people to see. */
export interface ExchangeView {
  onEvent(event: ExchangeEvent): void;
  partners(): readonly PartnerView[];
  conversations(query: ConversationQuery, exchange: Exchange): Page<Conversation>;
  outbox(exchange: Exchange): Promise<Outbox>;
  readonly sent: number;
  readonly received: number;
}

type Waiting = Outbox['items'][number];

const maxListed = 100;
const maxSources = 16;

export function createExchangeView({ partners, maxMessages = 10_000 }: ExchangeViewConfig): ExchangeView {
  const counts = new Map<string, { sent: number; received: number; failed: number; lastHeardMs?: number }>();
  const waiting = new Map<string, Waiting>();
  const sources = new Map<string, readonly string[]>();
  let sent = 0;
  let received = 0;
  const countsOf = (partner: string) => {
    const known = counts.get(partner) ?? { sent: 0, received: 0, failed: 0 };
    counts.set(partner, known);
    return known;
  };

  return {
    get sent() {
      return sent;
    },
    get received() {
      return received;
    },
    onEvent(event) {
      if ('message' in event) {
        const { message } = event;
        const about = (message.event.sources ?? []).slice(0, maxSources).map(endpointText);
        sources.set(keyOf({ sender: message.sender.name, id: message.id }), about);
        if (sources.size > maxMessages) sources.delete(sources.keys().next().value!);
      }
      switch (event.kind) {
        case 'queued':
        case 'answered': {
          const reference = { sender: event.message.sender.name, id: event.message.id };
          const { partner, bytes: octets, atMs } = event;
          waiting.set(keyOf(reference), { reference, partner, language: '', octets, atMs, state: 'waiting' });
          return;
        }
        case 'sent':
          sent++;
          countsOf(event.partner).sent++;
          waiting.delete(keyOf({ sender: event.message.sender.name, id: event.message.id }));
          return;
        case 'sendFailed':
          if (!event.permanent) return;
          countsOf(event.partner).failed++;
          waiting.delete(keyOf(event.reference));
          return;
        case 'received': {
          received++;
          const ofPartner = countsOf(event.partner);
          ofPartner.received++;
          ofPartner.lastHeardMs = event.atMs;
          return;
        }
        default:
          return;
      }
    },
    partners: () =>
      partners.map((partner) => {
        const { name } = partner.party;
        const isSigned = (partner.unsigned ?? 'refuse') === 'refuse' && partner.party.keyId !== undefined;
        return partnerView(partner, {
          ...countsOf(name),
          isSigned,
          waiting: [...waiting.values()].filter((each) => each.partner === name).length,
        });
      }),
    conversations({ cursor, limit, partner, status, attacker }, exchange) {
      const all = exchange
        .conversations()
        .map((state) => conversationView(state, sources.get(keyOf(state.root)) ?? []));
      const found = all
        .reverse()
        .filter(
          (each) =>
            (partner === undefined || each.partner === partner) &&
            (status === undefined || each.status === status) &&
            (attacker === undefined || each.about.includes(attacker)),
        );
      const start = cursor === undefined ? 0 : positionAfter(found, cursor);
      const items = found.slice(start, start + limit);
      const last = items.at(-1);
      const isLast = start + limit >= found.length || last === undefined;
      return { items, ...(isLast ? {} : { next: keyOf(last.root) }) };
    },
    async outbox(exchange) {
      const dead = await exchange.deadLetters();
      return {
        waiting: waiting.size,
        failed: dead.length,
        items: [
          ...[...waiting.values()].slice(0, maxListed),
          ...dead.slice(0, maxListed).map(
            ({ entry, failure }): Waiting => ({
              reference: entry.reference,
              partner: entry.partner,
              language: entry.language,
              octets: entry.bytes.length,
              atMs: entry.atMs,
              state: 'failed',
              reason: failure.reason,
            }),
          ),
        ],
      };
    },
  };
}

/** A conversation as the API tells it. @param about Sources of the event that it is about */
export function conversationView(state: ConversationState, about: readonly string[]): Conversation {
  return {
    partner: state.partner,
    root: state.root,
    status: state.status,
    about,
    turns: state.turns.map((turn) => ({
      reference: turn.reference,
      kind: turn.kind,
      direction: turn.direction,
      ...(turn.direction === 'out' ? { delivery: turn.delivery } : {}),
      eventType: turn.eventType,
      ...(turn.rule === undefined ? {} : { rule: turn.rule }),
      subject: turn.subject,
      asks: turn.asks,
      ...(turn.outcome === undefined ? {} : { outcome: turn.outcome }),
      atMs: turn.atMs,
    })),
    droppedTurns: state.droppedTurns,
  };
}

/** A partner as the API tells it. */
export function partnerView(
  { party, languages, routes, addressSpace = [] }: Partner,
  counts: Pick<PartnerView, 'isSigned' | 'sent' | 'received' | 'waiting' | 'failed' | 'lastHeardMs'>,
): PartnerView {
  return {
    name: party.name,
    ...(party.asn === undefined ? {} : { asn: party.asn }),
    ...(party.contact === undefined ? {} : { contact: party.contact }),
    languages,
    routes: routes.map(({ transport, address }) => ({ transport, address })),
    addressSpace,
    ...counts,
  };
}

/** Those that went quiet move towards the end of the list: the page goes on behind the last one shown. */
function positionAfter(conversations: readonly Conversation[], cursor: string): number {
  const at = conversations.findIndex(({ root }) => keyOf(root) === cursor);
  if (at < 0) throw new ApiError('API_BAD_REQUEST', 'the conversation that the cursor names is gone');
  return at + 1;
}

const keyOf = ({ sender, id }: MessageRef) => JSON.stringify([sender, id]);
