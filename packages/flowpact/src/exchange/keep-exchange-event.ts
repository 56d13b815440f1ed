import type { Message, MessageRef } from '@flowpact/event';
import type { ConversationState, ExchangeEvent } from '@flowpact/exchange';
import type { Store } from '@flowpact/store';
import { endpointText } from '../watch/event-list.ts';
import { isSameReference } from './same-reference.ts';

/** Where what was said is kept for questions; that nothing is lost on its way is the journal's business. */
export type ExchangeMemory = Pick<Store, 'addMessages' | 'putConversation' | 'addFalsePositives'>;

/**
 * Writes down what an event of the exchange changes: the message that was promised or came, where its conversation
 * stands, and what a partner calls a false positive. @throws StoreError
 */
export async function keepExchangeEvent(
  memory: ExchangeMemory,
  event: ExchangeEvent,
  conversations: () => readonly ConversationState[],
): Promise<void> {
  const reference = referenceOf(event);
  if (reference === undefined) return;
  // The latest last: what has just changed is found at once.
  const conversation = conversations().findLast(({ turns }) =>
    turns.some((turn) => isSameReference(turn.reference, reference)),
  );
  const writes: Promise<void>[] = [];
  if (conversation !== undefined) {
    const { partner, root, status } = conversation;
    const timeMs = event.atMs;
    const about = 'message' in event ? sourcesOf(event.message) : [];
    writes.push(memory.putConversation({ timeMs, partner, root, status, about, conversation }));
  }
  if (event.kind === 'queued' || event.kind === 'answered' || event.kind === 'received') {
    const { atMs: timeMs, kind, partner, language, octets, message } = event;
    const direction = kind === 'received' ? 'in' : 'out';
    writes.push(memory.addMessages([{ timeMs, direction, partner, language, bytes: octets, message }]));
    if (direction === 'in' && message.conversation?.outcome?.status === 'falsePositive') {
      const { reason } = message.conversation.outcome;
      const rule = conversation?.turns.find((turn) => turn.rule !== undefined)?.rule;
      writes.push(
        memory.addFalsePositives([
          {
            timeMs,
            partner,
            feedback: reference,
            ...(rule === undefined ? {} : { rule }),
            ...(reason === undefined ? {} : { reason }),
          },
        ]),
      );
    }
  }
  await Promise.all(writes);
}

/** Sources told of a conversation. */
const maxSources = 16;

const sourcesOf = ({ event: { sources = [] } }: Message) => sources.slice(0, maxSources).map(endpointText);

/** The message whose conversation an event changes; undefined where it changes none. */
function referenceOf(event: ExchangeEvent): MessageRef | undefined {
  switch (event.kind) {
    case 'queued':
    case 'sent':
    case 'received':
    case 'answered': {
      const { sender, id } = event.message;
      return { sender: sender.name, id };
    }
    case 'sendFailed':
    case 'retried':
    case 'dropped':
    case 'overdue':
      return event.reference;
    default:
      return undefined;
  }
}
