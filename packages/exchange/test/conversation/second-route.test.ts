import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createExchange,
  createMemoryJournal,
  type DeliveryReport,
  type Exchange,
  ExchangeError,
  type ExchangeJournal,
  type OutgoingDocument,
  systemClock,
  type TransportDeps,
} from '../../src/index.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';
import { jsonCodec } from '../json-codec.ts';
import { EventLog } from '../two-networks.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';
const minuteMs = 60_000;

/** What a transport does with a document: takes it, or throws. */
type Take = (document: OutgoingDocument) => void;

const away: Take = () => {
  throw new ExchangeError('EXCHANGE_SEND_FAILED', 'nobody there');
};
const refusing: Take = () => {
  throw new ExchangeError('EXCHANGE_SEND_FAILED', '550 no such user', { permanent: true });
};

describe('a partner with two routes', () => {
  let exchange: Exchange;
  let journal: ExchangeJournal;
  let log: EventLog;
  let deps: TransportDeps;
  /** By transport, in the order in which they came. */
  let sent: string[];
  let take: Record<'smtp' | 'stomp', Take>;

  beforeEach(async () => {
    vi.useFakeTimers({ now: exampleMs });
    sent = [];
    take = { smtp: () => {}, stomp: () => {} };
    log = new EventLog();
    journal = createMemoryJournal();
    exchange = createExchange(
      {
        self: { name: a },
        partners: [
          {
            party: { name: b },
            languages: ['json'],
            routes: [
              { transport: 'smtp', address: `flex@${b}` },
              { transport: 'stomp', address: '/queue/b' },
            ],
          },
        ],
      },
      {
        transports: (['smtp', 'stomp'] as const).map((kind) => (wiring) => {
          deps = wiring;
          return {
            kind,
            start: async () => {},
            stop: async () => {},
            async send(document) {
              take[kind](document);
              sent.push(`${kind} ${document.reference.id}`);
              return { transport: kind, atMs: 0 };
            },
          };
        }),
        codecs: [jsonCodec],
        journal,
        clock: systemClock,
        onEvent: log.onEvent,
      },
    );
    await exchange.start();
  });

  afterEach(async () => {
    await exchange.stop();
    vi.useRealTimers();
  });

  const report = (id: string, changed: Partial<DeliveryReport> = {}): DeliveryReport => ({
    transport: 'smtp',
    reference: { sender: a, id },
    recipient: `flex@${b}`,
    action: 'failed',
    status: '5.1.1',
    diagnostic: 'no such user',
    ...changed,
  });

  it('is written to by the first, for as long as that has not failed for ten minutes', async () => {
    take.smtp = away;
    const { id } = await exchange.alert(exampleEvent(), b);
    await vi.advanceTimersByTimeAsync(9 * minuteMs);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(20 * minuteMs);
    expect(sent).toEqual([`stomp ${id}`]);
    expect(await journal.pending()).toEqual([]);
    take.smtp = () => {};
    await vi.advanceTimersByTimeAsync(10 * minuteMs);
    const next = await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    expect(sent.at(-1)).toBe(`smtp ${next.id}`);
  });

  it('is written to by the second at once where the first refuses the message for good', async () => {
    take.smtp = refusing;
    const { id } = await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    expect(sent).toEqual([`stomp ${id}`]);
    expect(log.of('sendFailed')).toMatchObject([
      { permanent: false, reason: '550 no such user; the next route is tried' },
    ]);
  });

  it('is given up where both refuse the message, and a person may try both again', async () => {
    take = { smtp: refusing, stomp: refusing };
    const { id } = await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    expect(log.of('sendFailed').map(({ permanent }) => permanent)).toEqual([false, true]);
    expect(await exchange.deadLetters()).toHaveLength(1);
    take.smtp = () => {};
    await exchange.retry({ sender: a, id });
    await exchange.settled();
    expect(sent).toEqual([`smtp ${id}`]);
  });

  it('gets by the second what came back from the first, once', async () => {
    const { id } = await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    await deps.onDeliveryReport!(report(id));
    await exchange.settled();
    await deps.onDeliveryReport!(report(id));
    await exchange.settled();
    expect(log.of('deliveryReport').map(({ effect }) => effect)).toEqual(['nextRoute', 'none']);
    expect(sent).toEqual([`smtp ${id}`, `stomp ${id}`]);
    expect(exchange.conversations()).toMatchObject([{ turns: [{ delivery: 'sent' }] }]);
  });

  it('is not reached where it came back from one and the other refuses it', async () => {
    take.stomp = refusing;
    await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    await deps.onDeliveryReport!(report(log.of('sent')[0]!.message.id));
    await exchange.settled();
    expect(await exchange.deadLetters()).toMatchObject([{ failure: { reason: '550 no such user' } }]);
  });

  it('is not reached where the last route has taken it, and it came back', async () => {
    take.smtp = refusing;
    const { id } = await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    await deps.onDeliveryReport!(report(id, { transport: 'stomp', recipient: '/queue/b' }));
    expect(log.of('deliveryReport')).toMatchObject([{ effect: 'deadLetter' }]);
    const reason = 'came back from /queue/b: 5.1.1 no such user';
    expect(await exchange.deadLetters()).toMatchObject([{ failure: { reason, permanent: true } }]);
    expect(exchange.conversations()).toMatchObject([{ turns: [{ delivery: 'failed' }] }]);
  });

  it.each<[string, Partial<DeliveryReport>]>([
    ['is about somebody else’s address', { recipient: 'other@isp-c.example' }],
    ['tells of a delay', { action: 'delayed', status: '4.4.1' }],
    ['tells of success', { action: 'delivered', status: '2.0.0' }],
    ['is about nothing that was sent', { reference: { sender: a, id: '99' } }],
    ['is about another network’s message', { reference: { sender: b, id: '1' } }],
  ])('is not written to again where a report %s', async (_what, changed) => {
    const { id } = await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    await deps.onDeliveryReport!(report(id, changed));
    await exchange.settled();
    expect(log.of('deliveryReport')).toMatchObject([{ effect: 'none' }]);
    expect(sent).toEqual([`smtp ${id}`]);
    expect(await exchange.deadLetters()).toEqual([]);
  });

  it('is not written to again where it has answered: the report is forged', async () => {
    const alert = await exchange.alert(exampleEvent(), b);
    await exchange.settled();
    const feedback = jsonCodec.encode({
      kind: 'feedback',
      id: '5',
      sender: { name: b },
      createdMs: exampleMs,
      event: { type: 'scan' },
      conversation: { inReplyTo: { sender: a, id: alert.id }, outcome: { status: 'accepted' } },
    });
    await deps.onDocument({
      transport: 'smtp',
      envelopeFrom: `flex@${b}`,
      envelopeTo: [],
      attachments: [{ mediaType: jsonCodec.mediaType, bytes: feedback }],
    });
    await deps.onDeliveryReport!(report(alert.id));
    expect(log.of('deliveryReport')).toMatchObject([{ effect: 'none' }]);
  });
});
