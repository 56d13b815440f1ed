import type { Outcome } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { createMemoryNetwork } from '../../src/index.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';
import { a, b, documentOf, messageFrom, started, transportWith } from './exchange-end.ts';

describe('a conversation', () => {
  it('goes from alert to request to feedback', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    const other = await started(b, [a], {
      network,
      deps: { decide: ({ kind }): Outcome => ({ status: kind === 'request' ? 'applied' : 'received' }) },
    });
    const alert = await one.exchange.alert(exampleEvent(), b);
    await one.log.next('received');
    const request = await one.exchange.request(
      exampleEvent(),
      [{ action: 'block', lifetimeSeconds: 3600 }],
      b,
      { inReplyTo: { sender: a, id: alert.id } },
    );
    await one.log.next('received', 2);
    await one.exchange.settled();
    expect(one.exchange.conversations()).toMatchObject([
      {
        partner: b,
        status: 'answered',
        root: { sender: a, id: alert.id },
        turns: [
          { kind: 'alert', direction: 'out', delivery: 'sent' },
          { kind: 'feedback', direction: 'in', outcome: { status: 'received' } },
          { kind: 'request', direction: 'out', asks: ['block'], reference: { sender: a, id: request.id } },
          { kind: 'feedback', direction: 'in', outcome: { status: 'applied' } },
        ],
      },
    ]);
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('has the answer of a person where the machine has none', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    const other = await started(b, [a], { network, deps: { decide: () => undefined } });
    await one.exchange.alert(exampleEvent(), b);
    const { message } = await other.log.next('received');
    await other.exchange.settled();
    expect(other.log.of('answered')).toEqual([]);
    expect(await other.journal.unhandled()).toEqual([]);
    expect(other.exchange.conversations()).toMatchObject([{ status: 'open' }]);
    await other.exchange.feedback(message, { status: 'falsePositive', reason: 'our own scanner' });
    const answer = await one.log.next('received');
    expect(answer.message.conversation?.outcome).toEqual({
      status: 'falsePositive',
      reason: 'our own scanner',
    });
    expect(answer.message.event.flows).toBeUndefined();
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('does not answer answers', async () => {
    const { exchange, bring, log, journal } = await started(a, [b], {
      deps: { decide: () => ({ status: 'accepted' }) },
    });
    await bring(
      documentOf(messageFrom(b, { kind: 'feedback', conversation: { outcome: { status: 'received' } } })),
    );
    await exchange.settled();
    expect(log.events.map(({ kind }) => kind)).toEqual(['received']);
    expect(await journal.pending()).toEqual([]);
    expect(await journal.unhandled()).toEqual([]);
    await exchange.stop();
  });

  it('tells the partner that a message came where the decision fails', async () => {
    const { exchange, bring, log } = await started(a, [b], {
      deps: {
        decide: () => {
          throw new Error('no policy');
        },
      },
    });
    await bring(documentOf(messageFrom(b)));
    const answered = await log.next('answered');
    expect(answered.message.conversation?.outcome).toEqual({ status: 'received' });
    expect(log.of('handlingFailed')).toMatchObject([{ partner: b, reason: 'no policy' }]);
    await exchange.stop();
  });

  it('goes on where an observer fails', async () => {
    const { exchange, bring, journal } = await started(a, [b], {
      deps: {
        decide: () => undefined,
        onEvent: () => {
          throw new Error('disk full');
        },
      },
    });
    await bring(documentOf(messageFrom(b)));
    await exchange.settled();
    expect(await journal.unhandled()).toEqual([]);
    await exchange.stop();
  });

  it('stays within its memory, the quiet ones leaving first', async () => {
    const { exchange, bring, log } = await started(a, [b], {
      config: { limits: { maxConversations: 2, maxTurns: 3 } },
      deps: { decide: () => undefined },
    });
    const [first, second, third] = [messageFrom(b), messageFrom(b), messageFrom(b)] as const;
    for (const message of [first, second]) await bring(documentOf(message));
    for (let i = 0; i < 4; i++) {
      const inReplyTo = { sender: b, id: first.id };
      await bring(documentOf(messageFrom(b, { kind: 'feedback', conversation: { inReplyTo } })));
    }
    await bring(documentOf(third));
    expect(log.of('conversationClosed')).toMatchObject([{ root: { sender: b, id: second.id }, partner: b }]);
    const [kept, last] = exchange.conversations();
    // Its sender's own words are no answer to it.
    expect(kept).toMatchObject({ root: { id: first.id }, droppedTurns: 2, status: 'open' });
    expect(kept!.turns).toHaveLength(3);
    expect(kept!.turns[0]).toMatchObject({ reference: { id: first.id } });
    expect(last).toMatchObject({ root: { id: third.id } });
    await exchange.stop();
  });
});

describe('what becomes of a message', () => {
  it('is told where nobody answers it in time', async () => {
    let nowMs = 1_000_000;
    const deps = { clock: { now: () => nowMs }, transports: [() => transportWith()] };
    const one = await started(a, [b], { config: { limits: { answerWithinMs: 5 } }, deps });
    const { id } = await one.exchange.alert(exampleEvent(), b);
    await one.exchange.settled();
    expect(one.log.of('overdue')).toEqual([]);
    nowMs += 5;
    const reference = { sender: a, id };
    expect(await one.log.next('overdue')).toMatchObject({ partner: b, reference, root: reference });
    expect(one.exchange.conversations()).toMatchObject([{ status: 'overdue' }]);
    await one.exchange.stop();
  });

  it('is that it is withdrawn, by its sender alone', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    const other = await started(b, [a], { network });
    const alert = await one.exchange.alert(exampleEvent(), b);
    await one.log.next('received');
    const withdrawal = await one.exchange.withdraw(alert, b, 'it was a test');
    await other.log.next('received', 2);
    await other.exchange.settled();
    const superseded = {
      reference: { sender: a, id: alert.id },
      supersededBy: { sender: a, id: withdrawal.id },
    };
    for (const { exchange } of [one, other]) {
      expect(exchange.conversations()).toMatchObject([
        {
          status: 'withdrawn',
          turns: [superseded, {}, { outcome: { status: 'withdrawn', reason: 'it was a test' } }],
        },
      ]);
    }
    expect(one.log.of('received')).toHaveLength(1);
    await expect(other.exchange.withdraw(alert, a)).rejects.toMatchObject({
      code: 'EXCHANGE_FOREIGN_CONVERSATION',
      permanent: true,
    });
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('is nothing where its withdrawal has come before it', async () => {
    let decided = 0;
    const decide = (): Outcome => {
      decided++;
      return { status: 'applied' };
    };
    const { exchange, bring, log } = await started(a, [b], { deps: { decide } });
    const request = messageFrom(b, { kind: 'request', conversation: { asks: [{ action: 'block' }] } });
    const own = { sender: b, id: request.id };
    const outcome: Outcome = { status: 'withdrawn' };
    await bring(documentOf(messageFrom(b, { kind: 'feedback', conversation: { inReplyTo: own, outcome } })));
    await bring(documentOf(request));
    await exchange.settled();
    expect(decided).toBe(0);
    expect(log.of('answered')).toMatchObject([
      { message: { conversation: { outcome: { status: 'withdrawn' } } } },
    ]);
    await exchange.stop();
  });

  it('is nothing where it has expired before it came', async () => {
    const nowMs = exampleMs;
    const decide = (): Outcome => ({ status: 'applied' });
    const { exchange, bring, log } = await started(a, [b], { deps: { decide, clock: { now: () => nowMs } } });
    for (const expiresMs of [nowMs, nowMs + 1]) {
      await bring(documentOf(messageFrom(b, { kind: 'request', conversation: { expiresMs } })));
    }
    await exchange.settled();
    const statuses = log.of('answered').map(({ message }) => message.conversation?.outcome?.status);
    expect(statuses).toEqual(['expired', 'applied']);
    await exchange.stop();
  });

  it('is counted where partners call it a false positive', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    const other = await started(b, [a], { network, deps: { decide: () => ({ status: 'falsePositive' }) } });
    for (let i = 1; i <= 2; i++) {
      await one.exchange.alert(exampleEvent(), b);
      await one.log.next('received', i);
    }
    expect(one.exchange.falsePositives()).toMatchObject([
      { rule: 'ssh.epl#BruteForce', partner: b, count: 2 },
    ]);
    expect(other.exchange.falsePositives()).toEqual([]);
    await one.exchange.stop();
    await other.exchange.stop();
  });
});
