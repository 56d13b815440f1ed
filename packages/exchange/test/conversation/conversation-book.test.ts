import type { Message, OutcomeStatus } from '@flowpact/event';
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
    const book = new ConversationBook(
      { maxConversations: 10, maxTurns: 10, answerWithinMs: 1_000 },
      () => {},
    );
    const outcome = { status: 'failed' as const, reason: `x\n${'y'.repeat(100_000)}` };
    book.add({ ...message('1'), conversation: { outcome } }, 'isp-b.example', 'subject', 5, 'in');
    expect(JSON.stringify(book.states(5)).length).toBeLessThan(1_000);
  });

  it('forgets every message of a conversation that leaves', () => {
    const closed: unknown[] = [];
    const book = new ConversationBook(
      { maxConversations: 1, maxTurns: 10, answerWithinMs: 1_000 },
      (conversation) => closed.push(conversation),
    );
    book.add(message('1'), 'isp-b.example', '', 5, 'in');
    book.add(message('2', '1'), 'isp-b.example', '', 6, 'in');
    book.add(message('3'), 'isp-b.example', '', 7, 'in');
    expect(closed).toEqual([{ root: { sender: 'isp-b.example', id: '1' }, partner: 'isp-b.example' }]);
    const known = ['1', '2', '3'].map((id) => book.partnerOf({ sender: 'isp-b.example', id }));
    expect(known).toEqual([undefined, undefined, 'isp-b.example']);
  });

  it('opens a conversation for an answer to something forgotten', () => {
    const book = new ConversationBook(
      { maxConversations: 10, maxTurns: 10, answerWithinMs: 1_000 },
      () => {},
    );
    book.add(message('9', '1'), 'isp-b.example', '', 5, 'in');
    expect(book.states(5)).toMatchObject([
      { root: { id: '9' }, status: 'answered', turns: [{ inReplyTo: { id: '1' } }] },
    ]);
  });

  it('marks only what we sent', () => {
    const book = new ConversationBook(
      { maxConversations: 10, maxTurns: 10, answerWithinMs: 1_000 },
      () => {},
    );
    book.add(message('1'), 'isp-b.example', '', 5, 'in');
    book.add(message('2'), 'isp-b.example', '', 5, 'out');
    for (const id of ['1', '2', '3']) book.setDelivery({ sender: 'isp-b.example', id }, 'sent');
    const turns = book.states(5).flatMap((state) => state.turns);
    expect(turns.map((turn) => (turn.direction === 'out' ? turn.delivery : 'in'))).toEqual(['in', 'sent']);
  });

  describe('what counts', () => {
    const partner = 'isp-b.example';
    const book = () =>
      new ConversationBook({ maxConversations: 10, maxTurns: 10, answerWithinMs: 1_000 }, () => {});
    const reference = (id: string, sender = 'isp-a.example') => ({ sender, id });
    const said = (
      kind: Message['kind'],
      id: string,
      conversation: Message['conversation'] = {},
      sender = 'isp-a.example',
    ): Message => ({ kind, id, sender: { name: sender }, createdMs: 1, event: exampleEvent(), conversation });
    const statuses = (of: ConversationBook, nowMs = 5) => of.states(nowMs).map(({ status }) => status);

    it('is overdue where our question has no answer in time, and is told once', () => {
      const memory = book();
      memory.add(said('alert', '1'), partner, '', 10, 'out');
      memory.add(said('alert', '2', {}, partner), partner, '', 10, 'in');
      memory.add(said('alert', '3'), partner, '', 10, 'out');
      memory.setDelivery(reference('3'), 'failed');
      expect(memory.nextDueMs()).toBe(1_010);
      expect(memory.takeOverdue(1_009)).toEqual([]);
      expect(statuses(memory, 1_009)).toEqual(['open', 'open', 'open']);
      expect(memory.takeOverdue(1_010)).toEqual([
        { reference: reference('1'), root: reference('1'), partner },
      ]);
      expect(memory.takeOverdue(1_011)).toEqual([]);
      expect(memory.nextDueMs()).toBeUndefined();
      expect(statuses(memory, 1_010)).toEqual(['overdue', 'open', 'open']);
      memory.add(said('feedback', '9', { inReplyTo: reference('1') }, partner), partner, '', 2_000, 'in');
      expect(statuses(memory, 2_000).sort()).toEqual(['answered', 'open', 'open']);
    });

    it('is answered by the other side and about the question only', () => {
      const memory = book();
      memory.add(said('alert', '1'), partner, '', 1, 'out');
      memory.add(said('request', '2', { inReplyTo: reference('1') }), partner, '', 2, 'out');
      memory.add(said('feedback', '7', { inReplyTo: reference('1') }, partner), partner, '', 3, 'in');
      memory.add(said('feedback', '3', { inReplyTo: reference('2') }), partner, '', 4, 'out');
      expect(statuses(memory)).toEqual(['open']);
      memory.add(said('feedback', '8', { inReplyTo: reference('2') }, partner), partner, '', 5, 'in');
      expect(statuses(memory)).toEqual(['answered']);
    });

    it('is an update in the place of what it supersedes', () => {
      const memory = book();
      memory.add(said('alert', '1'), partner, '', 1, 'out');
      memory.add(said('alert', '2', { supersedes: reference('1') }), partner, '', 2, 'out');
      const [state] = memory.states(5);
      expect(state).toMatchObject({
        status: 'open',
        root: { id: '1' },
        turns: [{ supersededBy: reference('2') }, { supersedes: reference('1') }],
      });
      memory.add(said('feedback', '7', { inReplyTo: reference('1') }, partner), partner, '', 3, 'in');
      expect(statuses(memory)).toEqual(['open']);
      memory.add(said('feedback', '8', { inReplyTo: reference('2') }, partner), partner, '', 3, 'in');
      expect(statuses(memory)).toEqual(['answered']);
    });

    it.each([
      ['that says what it supersedes', { supersedes: reference('1'), inReplyTo: reference('1') }],
      ['that only answers its own message', { inReplyTo: reference('1') }],
    ])('is nothing after a withdrawal %s, in whatever order they come', (_how, place) => {
      const withdrawal = said('feedback', '2', { ...place, outcome: { status: 'withdrawn' } });
      for (const messages of [
        [said('alert', '1'), withdrawal],
        [withdrawal, said('alert', '1')],
      ]) {
        const memory = book();
        for (const message of messages) memory.add(message, partner, '', 1, 'in');
        expect(statuses(memory)).toEqual(['withdrawn']);
        expect(memory.supersededBy(reference('1'))).toEqual(reference('2'));
      }
      const memory = book();
      memory.add(withdrawal, partner, '', 1, 'in');
      expect(statuses(memory)).toEqual(['withdrawn']);
    });

    it('is forgotten with the conversation, what took its place included', () => {
      const memory = new ConversationBook({ maxConversations: 1, maxTurns: 2, answerWithinMs: 1 }, () => {});
      memory.add(said('alert', '1'), partner, '', 1, 'out');
      memory.add(said('alert', '2', { supersedes: reference('1') }), partner, '', 1, 'out');
      memory.add(said('alert', '5'), partner, '', 1, 'out');
      expect(memory.supersededBy(reference('1'))).toBeUndefined();
    });
  });

  it('tells a false positive of a statement once for each alert', () => {
    const book = new ConversationBook({ maxConversations: 10, maxTurns: 10, answerWithinMs: 1 }, () => {});
    const ours = { ...message('1'), sender: { name: 'isp-a.example' } };
    const says = (
      id: string,
      to: string,
      sender = 'isp-a.example',
      status: OutcomeStatus = 'falsePositive',
    ) =>
      book.add(
        { ...message(id, to), conversation: { inReplyTo: { sender, id: to }, outcome: { status } } },
        'isp-b.example',
        '',
        5,
        'in',
      );
    expect(book.add(ours, 'isp-b.example', '', 5, 'out')).toBeUndefined();
    expect(says('2', '1', undefined, 'accepted')).toBeUndefined();
    expect(says('3', '1')).toEqual({ rule: 'ssh.epl#BruteForce' });
    expect(says('4', '1')).toBeUndefined();
    // Of something of its own, and of an alert that memory has lost.
    expect(says('5', '2', 'isp-b.example')).toBeUndefined();
    expect(says('6', '99')).toEqual({ rule: 'ssh.epl#BruteForce' });
  });
});
