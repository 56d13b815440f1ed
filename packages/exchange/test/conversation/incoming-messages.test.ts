import { describe, expect, it } from 'vitest';
import { createMemoryJournal, createMemoryNetwork, type IncomingDocument } from '../../src/index.ts';
import { exampleEvent } from '../example-event.ts';
import { jsonCodec } from '../json-codec.ts';
import { partnerNamed } from '../two-networks.ts';
import { a, b, c, documentOf, end, messageFrom, started } from './exchange-end.ts';

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
