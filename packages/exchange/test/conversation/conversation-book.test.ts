import { describe, expect, it } from 'vitest';
import { ConversationBook } from '../../src/conversation/conversation-book.ts';
import { exampleEvent } from '../example-event.ts';

describe('the memory of conversations', () => {
  const message = (id: string, inReplyTo?: string) => ({
    kind: inReplyTo === undefined ? ('alert' as const) : ('feedback' as const),
    id,
    sender: { name: 'isp-b.example' },
    createdMs: 1,
    event: exampleEvent(),
    ...(inReplyTo === undefined
      ? {}
      : { conversation: { inReplyTo: { sender: 'isp-b.example', id: inReplyTo } } }),
  });

  it('keeps no evidence and no long texts', () => {
    const book = new ConversationBook({ maxConversations: 10, maxTurns: 10 }, () => {});
    const outcome = { status: 'failed' as const, reason: `x\n${'y'.repeat(100_000)}` };
    book.add({ ...message('1'), conversation: { outcome } }, 'isp-b.example', 'subject', 5, 'in');
    expect(JSON.stringify(book.states()).length).toBeLessThan(1_000);
  });

  it('forgets every message of a conversation that leaves', () => {
    const closed: unknown[] = [];
    const book = new ConversationBook({ maxConversations: 1, maxTurns: 10 }, (conversation) =>
      closed.push(conversation),
    );
    book.add(message('1'), 'isp-b.example', '', 5, 'in');
    book.add(message('2', '1'), 'isp-b.example', '', 6, 'in');
    book.add(message('3'), 'isp-b.example', '', 7, 'in');
    expect(closed).toEqual([{ root: { sender: 'isp-b.example', id: '1' }, partner: 'isp-b.example' }]);
    const known = ['1', '2', '3'].map((id) => book.partnerOf({ sender: 'isp-b.example', id }));
    expect(known).toEqual([undefined, undefined, 'isp-b.example']);
  });

  it('opens a conversation for an answer to something forgotten', () => {
    const book = new ConversationBook({ maxConversations: 10, maxTurns: 10 }, () => {});
    book.add(message('9', '1'), 'isp-b.example', '', 5, 'in');
    expect(book.states()).toMatchObject([
      { root: { id: '9' }, status: 'answered', turns: [{ inReplyTo: { id: '1' } }] },
    ]);
  });

  it('marks only what we sent', () => {
    const book = new ConversationBook({ maxConversations: 10, maxTurns: 10 }, () => {});
    book.add(message('1'), 'isp-b.example', '', 5, 'in');
    book.add(message('2'), 'isp-b.example', '', 5, 'out');
    for (const id of ['1', '2', '3']) book.setDelivery({ sender: 'isp-b.example', id }, 'sent');
    const turns = book.states().flatMap((state) => state.turns);
    expect(turns.map((turn) => (turn.direction === 'out' ? turn.delivery : 'in'))).toEqual(['in', 'sent']);
  });
});
