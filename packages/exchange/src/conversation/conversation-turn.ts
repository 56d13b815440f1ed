import type { Message, MessageRef } from '@flowpact/event';
import { printable } from '../summary/printable.ts';
import type { ConversationTurn } from './conversation-state.ts';

const maxReasonLength = 500;
const maxRuleLength = 200;
const maxAsksKept = 20;

/** What is kept of a message: no evidence, and no long text. */
export function turnOf(message: Message, subject: string, atMs: number, way: 'in' | 'out'): ConversationTurn {
  const { conversation } = message;
  const outcome = conversation?.outcome;
  const supersedes = supersededBy(message);
  const rule = message.event.detector?.rule;
  const turn = {
    reference: { sender: message.sender.name, id: message.id },
    kind: message.kind,
    ...(conversation?.inReplyTo === undefined ? {} : { inReplyTo: conversation.inReplyTo }),
    ...(supersedes === undefined ? {} : { supersedes }),
    eventType: message.event.type,
    ...(rule === undefined ? {} : { rule: printable(rule, maxRuleLength) }),
    subject,
    asks: (conversation?.asks ?? []).slice(0, maxAsksKept).map(({ action }) => action),
    ...(outcome === undefined
      ? {}
      : {
          outcome: {
            status: outcome.status,
            ...(outcome.reason === undefined ? {} : { reason: printable(outcome.reason, maxReasonLength) }),
            ...(outcome.untilMs === undefined ? {} : { untilMs: outcome.untilMs }),
          },
        }),
    createdMs: message.createdMs,
    atMs,
  };
  return way === 'in' ? { ...turn, direction: 'in' } : { ...turn, direction: 'out', delivery: 'pending' };
}

/** What counts no longer: what it says, or the message of its own that it withdraws. */
function supersededBy({ sender, conversation }: Message): MessageRef | undefined {
  const { supersedes, inReplyTo, outcome } = conversation ?? {};
  if (supersedes !== undefined) return supersedes;
  return outcome?.status === 'withdrawn' && inReplyTo?.sender === sender.name ? inReplyTo : undefined;
}
