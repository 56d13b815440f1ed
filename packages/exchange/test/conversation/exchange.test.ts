import type { Message, Outcome } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import {
  createExchange,
  createMemoryJournal,
  createMemoryNetwork,
  type Exchange,
  type ExchangeConfig,
  type ExchangeDeps,
  ExchangeError,
  type ExchangeJournal,
  type IncomingDocument,
  type MemoryNetwork,
  type Transport,
} from '../../src/index.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';
import { jsonCodec } from '../json-codec.ts';
import { EventLog, partnerNamed, tickingClock } from '../two-networks.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';
const c = 'isp-c.example';

interface End {
  readonly exchange: Exchange;
  readonly log: EventLog;
  readonly journal: ExchangeJournal;
  /** As if a transport had brought it. */
  readonly bring: (document: IncomingDocument) => Promise<void>;
}

/** A transport that does nothing but what it is told. */
function transportWith(changed: Partial<Transport> = {}): Transport {
  return {
    kind: 'memory',
    start: async () => {},
    stop: async () => {},
    send: async () => ({ transport: 'memory', atMs: 1 }),
    ...changed,
  };
}

function end(
  name: string,
  partners: readonly string[],
  options: { network?: MemoryNetwork; config?: Partial<ExchangeConfig>; deps?: Partial<ExchangeDeps> } = {},
): End {
  const network = options.network ?? createMemoryNetwork();
  const log = new EventLog();
  const journal = options.deps?.journal ?? createMemoryJournal();
  let bring: End['bring'] | undefined;
  const exchange = createExchange(
    {
      self: { name },
      partners: partners.map((partner) => partnerNamed(partner, 'memory')),
      ...options.config,
    },
    {
      transports: [
        (wiring) => {
          bring = wiring.onDocument;
          return network.join(`flex@${name}`)(wiring);
        },
      ],
      codecs: [jsonCodec],
      clock: tickingClock(),
      onEvent: log.onEvent,
      ...options.deps,
      journal,
    },
  );
  return { exchange, log, journal, bring: (document) => bring!(document) };
}

async function started(...args: Parameters<typeof end>): Promise<End> {
  const made = end(...args);
  await made.exchange.start();
  return made;
}

let ids = 0;
function messageFrom(name: string, changed: Partial<Message> = {}): Message {
  return {
    kind: 'alert',
    id: String(++ids),
    sender: { name },
    createdMs: 1,
    event: exampleEvent(1),
    ...changed,
  };
}

function documentOf(message: Message, from = `flex@${message.sender.name}`): IncomingDocument {
  return {
    transport: 'memory',
    envelopeFrom: from,
    envelopeTo: [],
    attachments: [{ mediaType: 'application/json', bytes: jsonCodec.encode(message) }],
  };
}

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

describe('what comes in', () => {
  async function refused(
    document: IncomingDocument,
    code: string,
    options: Parameters<typeof end>[2] = {},
  ): Promise<void> {
    const { exchange, bring, log, journal } = await started(a, [b, c], options);
    await expect(bring(document)).rejects.toMatchObject({ code, permanent: true });
    await exchange.settled();
    expect(log.events).toMatchObject([{ kind: 'refused', code, permanent: true, transport: 'memory' }]);
    expect(await journal.unhandled()).toEqual([]);
    expect(exchange.conversations()).toEqual([]);
    await exchange.stop();
  }

  it('is acted on once, however often it comes', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    const other = await started(b, [a], { network });
    await one.exchange.alert(exampleEvent(), b);
    await one.log.next('received');
    await other.exchange.settled();
    const before = other.exchange.conversations();
    await network.repeatLast(`flex@${b}`);
    await network.repeatLast(`flex@${b}`);
    await other.exchange.settled();
    expect(other.log.of('repeat')).toHaveLength(2);
    expect(other.log.of('answered')).toHaveLength(1);
    expect(other.exchange.conversations()).toEqual(before);
    expect(one.log.of('received')).toHaveLength(1);
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('is refused from an address that nobody has, before it is decoded', () => {
    let decoded = 0;
    const codec = { ...jsonCodec, decode: () => decoded++ as never };
    return refused(documentOf(messageFrom(b), 'flex@elsewhere.example'), 'EXCHANGE_UNKNOWN_PARTNER', {
      deps: { codecs: [codec] },
    }).then(() => expect(decoded).toBe(0));
  });

  it('is refused by a name that nobody has', () =>
    refused(documentOf(messageFrom('isp-x.example'), `flex@${b}`), 'EXCHANGE_UNKNOWN_PARTNER'));

  it('is refused under our own name', () =>
    refused(documentOf(messageFrom(a), `flex@${b}`), 'EXCHANGE_OWN_MESSAGE'));

  it('is refused by one partner in the name of another', () =>
    refused(documentOf(messageFrom(b), `flex@${c}`), 'EXCHANGE_SENDER_MISMATCH'));

  it('is refused where it would take back another’s words', () => {
    const conversation = { supersedes: { sender: a, id: '1' } };
    return refused(documentOf(messageFrom(b, { conversation })), 'EXCHANGE_FOREIGN_CONVERSATION');
  });

  it('is refused through a transport that the partner has no route by', () =>
    refused({ ...documentOf(messageFrom(b)), transport: 'memory' }, 'EXCHANGE_UNKNOWN_PARTNER', {
      config: { partners: [partnerNamed(b, 'smtp')] },
    }));

  it('is refused without an envelope sender, as bounces are', () =>
    refused({ ...documentOf(messageFrom(b)), envelopeFrom: '' }, 'EXCHANGE_UNKNOWN_PARTNER'));

  it('is refused without a message, and not answered', () =>
    refused(
      {
        ...documentOf(messageFrom(b)),
        text: 'I am on holidays.',
        attachments: [{ mediaType: 'image/png', name: 'x.json', bytes: Uint8Array.of(1) }],
      },
      'EXCHANGE_NO_MESSAGE',
    ));

  it('is refused with several messages', () => {
    const document = documentOf(messageFrom(b));
    return refused(
      { ...document, attachments: [...document.attachments, ...document.attachments] },
      'EXCHANGE_SEVERAL_MESSAGES',
    );
  });

  it.each([
    ['garbage', Buffer.from('garbage')],
    ['nothing', Buffer.alloc(0)],
    ['half a message', Buffer.from(jsonCodec.encode(messageFrom(b))).subarray(0, 100)],
  ])('is refused with %s for a message', (_what, bytes) =>
    refused(
      { ...documentOf(messageFrom(b)), attachments: [{ mediaType: 'application/json', bytes }] },
      'EXCHANGE_BAD_MESSAGE',
    ),
  );

  it('is refused where it is too large', () =>
    refused(documentOf(messageFrom(b)), 'EXCHANGE_BAD_MESSAGE', {
      config: { limits: { maxMessageBytes: 100 } },
    }));

  it('is refused as a reply in a conversation of others', () =>
    refused(
      documentOf(messageFrom(b, { kind: 'feedback', conversation: { inReplyTo: { sender: c, id: '1' } } })),
      'EXCHANGE_FOREIGN_CONVERSATION',
    ));

  it('is refused as a reply in our conversation with another', async () => {
    const { exchange, bring, log } = await started(a, [b, c]);
    const alert = await exchange.alert(exampleEvent(), c);
    const inReplyTo = { sender: a, id: alert.id };
    await expect(
      bring(documentOf(messageFrom(b, { kind: 'feedback', conversation: { inReplyTo } }))),
    ).rejects.toMatchObject({ code: 'EXCHANGE_FOREIGN_CONVERSATION' });
    await bring(documentOf(messageFrom(c, { kind: 'feedback', conversation: { inReplyTo } })));
    expect(log.of('received')).toHaveLength(1);
    await exchange.stop();
  });

  it('is refused where its id named another message before', async () => {
    const { exchange, bring, log } = await started(a, [b], { deps: { decide: () => undefined } });
    const message = messageFrom(b);
    await bring(documentOf(message));
    await expect(bring(documentOf({ ...message, createdMs: 2 }))).rejects.toMatchObject({
      code: 'EXCHANGE_ID_REUSED',
      permanent: true,
    });
    expect(log.of('refused')).toMatchObject([{ reference: { sender: b, id: message.id } }]);
    await exchange.stop();
  });

  it('is found by its file name where its media type was lost', async () => {
    const { exchange, bring, log } = await started(a, [b], { deps: { decide: () => undefined } });
    const document = documentOf(messageFrom(b));
    await bring({
      ...document,
      attachments: [{ ...document.attachments[0]!, mediaType: 'application/octet-stream', name: 'X.JSON' }],
    });
    expect(log.of('received')).toHaveLength(1);
    await exchange.stop();
  });

  it('is asked to come again while too much of its sender is being answered', async () => {
    let decide: (() => void) | undefined;
    const { exchange, bring, log } = await started(a, [b, c], {
      config: { limits: { maxHandledAtOnce: 1 } },
      deps: {
        decide: () =>
          new Promise((resolve) => {
            decide = () => resolve(undefined);
          }),
      },
    });
    await bring(documentOf(messageFrom(b)));
    const second = messageFrom(b);
    await expect(bring(documentOf(second))).rejects.toMatchObject({
      code: 'EXCHANGE_FULL',
      permanent: false,
    });
    decide?.();
    await exchange.settled();
    await bring(documentOf(second));
    expect(log.of('received')).toHaveLength(2);
    decide?.();
    await exchange.stop();
  });

  it('is asked to come again where the journal has no room or fails', async () => {
    const journal = createMemoryJournal({ maxUnhandled: 0 });
    const { exchange, bring } = await started(a, [b], { deps: { journal } });
    await expect(bring(documentOf(messageFrom(b)))).rejects.toMatchObject({
      code: 'EXCHANGE_FULL',
      permanent: false,
    });
    await exchange.stop();
  });

  it('is asked to come again while the exchange does not run', async () => {
    const { exchange, bring } = end(a, [b]);
    await expect(bring(documentOf(messageFrom(b)))).rejects.toMatchObject({
      code: 'EXCHANGE_NOT_RUNNING',
      permanent: false,
    });
    await exchange.stop();
  });
});

describe('what goes out', () => {
  it('is refused where it cannot be promised', async () => {
    const made = end(a, [b], {
      config: { partners: [partnerNamed(b, 'pigeon'), partnerNamed(c, 'memory', ['latin'])] },
    });
    const { exchange, journal } = made;
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_NOT_RUNNING' });
    await exchange.start();
    await expect(exchange.alert(exampleEvent(), 'x')).rejects.toMatchObject({
      code: 'EXCHANGE_UNKNOWN_PARTNER',
    });
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_NO_ROUTE' });
    await expect(exchange.alert(exampleEvent(), c)).rejects.toMatchObject({ code: 'EXCHANGE_NO_ROUTE' });
    expect(await journal.pending()).toEqual([]);
    await exchange.stop();
  });

  it('is refused where the language cannot say it or it is too large', async () => {
    const { exchange } = await started(a, [b], { config: { limits: { maxMessageBytes: 100 } } });
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_BAD_MESSAGE' });
    await exchange.stop();
    const mute = {
      ...jsonCodec,
      encode: () => {
        throw new Error('no word for it');
      },
    };
    const other = await started(a, [b], { deps: { codecs: [mute] } });
    await expect(other.exchange.alert(exampleEvent(), b)).rejects.toThrow(/no word for it/);
    await other.exchange.stop();
  });

  it('is in the journal before it is tried', async () => {
    const journal = createMemoryJournal();
    let pendingWhenSent = -1;
    const transport = transportWith({
      async send() {
        pendingWhenSent = (await journal.pending()).length;
        return { transport: 'memory', atMs: 1 };
      },
    });
    const { exchange, log } = await started(a, [b], { deps: { journal, transports: [() => transport] } });
    await exchange.alert(exampleEvent(), b);
    await log.next('sent');
    expect(pendingWhenSent).toBe(1);
    await exchange.stop();
    expect(await journal.pending()).toEqual([]);
  });

  it('goes to each partner in its order, and to no partner later for the sake of another', async () => {
    const sent: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const transport = transportWith({
      async send({ to, reference }) {
        if (to.address === `flex@${b}`) await held;
        sent.push(`${reference.id} ${to.address}`);
        return { transport: 'memory', atMs: 1 };
      },
    });
    let next = 0;
    const { exchange, log } = await started(a, [b, c], {
      deps: { transports: [() => transport], nextMessageId: () => String(++next) },
    });
    for (const to of [b, b, c, b, c]) await exchange.alert(exampleEvent(1), to);
    await log.next('sent', 2);
    expect(sent).toEqual([`3 flex@${c}`, `5 flex@${c}`]);
    release();
    await exchange.settled();
    expect(sent.slice(2)).toEqual([`1 flex@${b}`, `2 flex@${b}`, `4 flex@${b}`]);
    await exchange.stop();
  });

  it('tries again what failed for now, and no more after it has stopped', async () => {
    let attempts = 0;
    const one = await started(a, [b], {
      config: { limits: { retryMs: 2, maxRetryMs: 4 } },
      deps: {
        transports: [
          () =>
            transportWith({
              send: async () => {
                if (++attempts % 4 !== 0) throw new Error('not now');
                return { transport: 'memory', atMs: 1 };
              },
            }),
        ],
      },
    });
    await one.exchange.alert(exampleEvent(), b);
    await one.log.next('sent');
    expect(attempts).toBe(4);
    expect(one.log.of('sendFailed')).toHaveLength(3);
    expect(await one.journal.pending()).toEqual([]);
    await one.exchange.alert(exampleEvent(), b);
    await one.log.next('sendFailed', 4);
    await one.exchange.stop();
    expect(attempts).toBeLessThan(8);
  });

  it('stays in the outbox while nobody is there, and goes with the next start', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    await one.exchange.alert(exampleEvent(), b);
    expect(await one.log.next('sendFailed')).toMatchObject({
      permanent: false,
      reason: `nobody listens at flex@${b}`,
    });
    await one.exchange.stop();
    const other = await started(b, [a], { network });
    await one.exchange.start();
    await one.log.next('received');
    await one.exchange.settled();
    expect(one.exchange.conversations()).toMatchObject([
      { status: 'answered', turns: [{ delivery: 'sent' }, {}] },
    ]);
    expect(await one.journal.pending()).toEqual([]);
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('is given up where it is refused for good', async () => {
    const network = createMemoryNetwork();
    const one = await started(a, [b], { network });
    const other = await started(b, [c], { network });
    await one.exchange.alert(exampleEvent(), b);
    expect(await one.log.next('sendFailed')).toMatchObject({ permanent: true });
    await one.exchange.settled();
    expect(await one.journal.pending()).toEqual([]);
    expect(one.exchange.conversations()).toMatchObject([{ turns: [{ delivery: 'failed' }] }]);
    await one.exchange.stop();
    await other.exchange.stop();
  });

  it('waits among the dead letters, to be sent again or dropped', async () => {
    let verdict: 'refused' | 'taken' = 'refused';
    const send = async () => {
      if (verdict === 'taken') return { transport: 'memory', atMs: 1 };
      throw new ExchangeError('EXCHANGE_SEND_FAILED', 'no such mailbox', { permanent: true });
    };
    const one = await started(a, [b], { deps: { transports: [() => transportWith({ send })] } });
    const ids = [await one.exchange.alert(exampleEvent(), b), await one.exchange.alert(exampleEvent(), b)];
    const [first, second] = ids.map(({ id }) => ({ sender: a, id }));
    await one.exchange.settled();
    expect(await one.exchange.deadLetters()).toMatchObject([
      { entry: { reference: first, partner: b }, failure: { reason: 'no such mailbox', permanent: true } },
      { entry: { reference: second } },
    ]);
    verdict = 'taken';
    expect(await one.exchange.drop(second!)).toBe(true);
    expect(await one.exchange.drop(second!)).toBe(false);
    expect(await one.exchange.retry(first!)).toBe(true);
    expect(await one.exchange.retry(first!)).toBe(false);
    await one.exchange.settled();
    expect(one.log.events.slice(-3)).toMatchObject([
      { kind: 'dropped', reference: second, partner: b },
      { kind: 'retried', reference: first, partner: b },
      { kind: 'sent', message: { id: first!.id } },
    ]);
    expect(await one.exchange.deadLetters()).toEqual([]);
    expect(await one.journal.pending()).toEqual([]);
    const deliveries = one.exchange.conversations().map(({ turns }) => turns[0]);
    expect(deliveries).toMatchObject([{ delivery: 'sent' }, { delivery: 'failed' }]);
    await one.exchange.stop();
    await expect(one.exchange.deadLetters()).rejects.toMatchObject({ code: 'EXCHANGE_NOT_RUNNING' });
  });

  it('is given up where it fails for now for too long, and not before', async () => {
    let nowMs = 1_000_000;
    const send = async () => {
      throw new ExchangeError('EXCHANGE_SEND_FAILED', 'nobody there');
    };
    const deps = { clock: { now: () => nowMs }, transports: [() => transportWith({ send })] };
    const one = await started(a, [b], { config: { limits: { retryMs: 1, maxSendAgeMs: 60_000 } }, deps });
    await one.exchange.alert(exampleEvent(), b);
    nowMs += 59_999;
    await one.log.next('sendFailed', 3);
    expect(one.log.of('sendFailed').some(({ permanent }) => permanent)).toBe(false);
    nowMs += 1;
    while (!one.log.of('sendFailed').at(-1)!.permanent) {
      await one.log.next('sendFailed', one.log.of('sendFailed').length + 1);
    }
    await one.exchange.settled();
    expect(await one.exchange.deadLetters()).toMatchObject([
      { failure: { reason: 'given up, after attempts since 1970-01-01T00:16:40.000Z: nobody there' } },
    ]);
    expect(await one.journal.pending()).toEqual([]);
    await one.exchange.stop();
  });

  it('bears ids that only rise, also where the clock does not', async () => {
    const { exchange } = await started(a, [b], { deps: { clock: { now: () => 1_000 } } });
    const sent: string[] = [];
    for (let i = 0; i < 3; i++) sent.push((await exchange.alert(exampleEvent(), b)).id);
    expect(sent).toEqual(['1000', '1001', '1002']);
    await exchange.stop();
    const journal = createMemoryJournal();
    await journal.append({
      reference: { sender: a, id: '18446744073709551616' },
      partner: b,
      language: 'json',
      bytes: jsonCodec.encode(messageFrom(a)),
      atMs: 1,
    });
    const later = await started(a, [b], { deps: { journal } });
    expect((await later.exchange.alert(exampleEvent(), b)).id).toBe('18446744073709551617');
    await later.exchange.stop();
  });
});

describe('the life of an exchange', () => {
  it('does not start with a configuration that cannot work', () => {
    expect(() => end(a, [a])).toThrow(/our own name/);
    expect(() => end(a, [b, b])).toThrow(/two partners/);
    expect(() => end(a, [b], { deps: { codecs: [jsonCodec, jsonCodec] } })).toThrow(/two codecs/);
  });

  it('closes everything again where a transport does not start', async () => {
    const calls: string[] = [];
    const transport = (kind: string, fails: boolean) => () =>
      transportWith({
        kind,
        async start() {
          calls.push(`start ${kind}`);
          if (fails) throw new Error('port taken');
        },
        async stop() {
          calls.push(`stop ${kind}`);
        },
      });
    const { exchange } = end(a, [b], { deps: { transports: [transport('x', false), transport('y', true)] } });
    await expect(exchange.start()).rejects.toThrow('port taken');
    expect(calls).toEqual(['start x', 'start y', 'stop x', 'stop y']);
  });

  it('starts and stops in the order of the calls', async () => {
    const { exchange } = end(a, [b]);
    const calls = [exchange.start(), exchange.stop(), exchange.stop(), exchange.start(), exchange.start()];
    await Promise.all(calls);
    await exchange.alert(exampleEvent(), b);
    await exchange.stop();
    await expect(exchange.alert(exampleEvent(), b)).rejects.toMatchObject({ code: 'EXCHANGE_NOT_RUNNING' });
  });

  it('answers once what comes while it starts', async () => {
    const sent: string[] = [];
    let bring: End['bring'] = async () => {};
    const transport = transportWith({
      start: () => bring(documentOf(messageFrom(b))),
      async send({ reference }) {
        sent.push(reference.id);
        return { transport: 'memory', atMs: 1 };
      },
    });
    let decisions = 0;
    const { exchange, log } = end(a, [b], {
      deps: {
        transports: [
          (wiring) => {
            bring = wiring.onDocument;
            return transport;
          },
        ],
        decide: () => {
          decisions++;
          return { status: 'accepted' };
        },
      },
    });
    await exchange.start();
    await exchange.settled();
    expect(decisions).toBe(1);
    expect(sent).toHaveLength(1);
    expect(log.of('answered')).toHaveLength(1);
    await exchange.stop();
  });

  it('answers once where a decision outlives a stop', async () => {
    const decided: ((outcome: Outcome) => void)[] = [];
    const { exchange, bring, log } = await started(a, [b], {
      config: { limits: { stopTimeoutMs: 1 } },
      deps: { decide: () => new Promise<Outcome>((resolve) => decided.push(resolve)) },
    });
    await bring(documentOf(messageFrom(b)));
    await exchange.stop();
    await exchange.start();
    expect(decided).toHaveLength(2);
    for (const decide of decided) decide({ status: 'accepted' });
    await exchange.settled();
    expect(log.of('answered')).toHaveLength(1);
    await exchange.stop();
  });

  it('starts with messages in its journal that it can no longer read', async () => {
    const journal = createMemoryJournal();
    const old = { language: 'json', bytes: Uint8Array.of(1), atMs: exampleMs };
    await journal.append({ ...old, reference: { sender: a, id: '1' }, partner: b });
    await journal.remember({ ...old, reference: { sender: b, id: '1' }, partner: b });
    await journal.append({ ...old, reference: { sender: a, id: '2' }, partner: 'gone.example' });
    await journal.remember({
      ...old,
      reference: { sender: 'gone.example', id: '2' },
      partner: 'gone.example',
    });
    await journal.append({ ...old, reference: { sender: a, id: '3' }, partner: b, language: 'latin' });
    const { exchange, log } = await started(a, [b], { deps: { journal } });
    await exchange.settled();
    expect(log.of('handlingFailed')).toHaveLength(2);
    // What cannot be read will never be; what lacks its partner or its codec waits for the configuration to be mended.
    expect(log.of('sendFailed').map(({ reference, permanent }) => [reference.id, permanent])).toEqual(
      expect.arrayContaining([
        ['1', true],
        ['2', false],
        ['3', false],
      ]),
    );
    await exchange.stop();
  });

  it('closes what it can and tells what it could not', async () => {
    const journal = createMemoryJournal();
    let closed = 0;
    const transport = transportWith({ stop: () => Promise.reject(new Error('stuck')) });
    const { exchange } = await started(a, [b], {
      deps: {
        transports: [() => transport],
        journal: {
          ...journal,
          close: async () => {
            closed++;
          },
        },
      },
    });
    await expect(exchange.stop()).rejects.toThrow('stuck');
    expect(closed).toBe(1);
    await exchange.start();
    await expect(exchange.stop()).rejects.toThrow('stuck');
  });

  it('stops in a stated time, whatever is in flight', async () => {
    const never = new Promise<never>(() => {});
    const { exchange, bring, journal } = await started(a, [b], {
      config: { limits: { stopTimeoutMs: 20 } },
      deps: { decide: () => never },
    });
    await bring(documentOf(messageFrom(b)));
    await exchange.stop();
    expect(await journal.unhandled()).toHaveLength(1);
  });

  it('begins no attempt once it stops', async () => {
    let release = () => {};
    let attempts = 0;
    const transport = transportWith({
      async send() {
        attempts++;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { transport: 'memory', atMs: 1 };
      },
    });
    const { exchange, journal } = await started(a, [b], { deps: { transports: [() => transport] } });
    await exchange.alert(exampleEvent(), b);
    await exchange.alert(exampleEvent(), b);
    await new Promise(setImmediate);
    const stopped = exchange.stop();
    release();
    await stopped;
    expect(attempts).toBe(1);
    expect(await journal.pending()).toHaveLength(1);
  });
});
