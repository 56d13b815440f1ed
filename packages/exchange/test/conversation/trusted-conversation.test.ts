import type { Message, Outcome } from '@flowpact/event';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createExchange,
  createMemoryJournal,
  createMemoryNetwork,
  type Exchange,
  type ExchangeErrorCode,
  type ExchangeJournal,
  flexCodec,
  type IncomingDocument,
  type MemoryNetwork,
  type Partner,
  type Trust,
} from '../../src/index.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';
import { startForwarder } from '../forwarder.ts';
import { jsonCodec } from '../json-codec.ts';
import { nestedMail } from '../transport/smtp/example-mail.ts';
import { RawSmtpClient } from '../transport/smtp/raw-smtp-client.ts';
import { compressed } from '../trust/compressed-message.ts';
import {
  a,
  arrived,
  b,
  c,
  clockAt,
  dayMs,
  holding,
  keyOf,
  keys,
  outgoing,
  revokedKey,
  startedTrust,
  trustOf,
} from '../trust/trusted-networks.ts';
import { EventLog, mailNetwork, partnerNamed } from '../two-networks.ts';

interface End {
  readonly exchange: Exchange;
  readonly log: EventLog;
  readonly journal: ExchangeJournal;
  readonly decided: Message[];
  /** As if a transport had brought it. */
  readonly bring: (document: IncomingDocument) => Promise<void>;
}

const running: Exchange[] = [];
afterEach(async () => {
  for (const exchange of running.splice(0)) await exchange.stop();
});

/** A network among the three that believes signatures. */
async function end(
  name: string,
  options: { network?: MemoryNetwork; trust?: Trust; unsigned?: Partner['unsigned']; nowMs?: number } = {},
): Promise<End> {
  const { network = createMemoryNetwork(), unsigned = 'refuse', nowMs = exampleMs } = options;
  const log = new EventLog();
  const journal = createMemoryJournal();
  const decided: Message[] = [];
  let bring: End['bring'] | undefined;
  const exchange = createExchange(
    {
      self: { name },
      partners: [a, b, c]
        .filter((other) => other !== name)
        .map((other) => ({ ...partnerNamed(other, 'memory'), unsigned })),
    },
    {
      transports: [
        (wiring) => {
          bring = wiring.onDocument;
          return network.join(`flex@${name}`)(wiring);
        },
      ],
      codecs: [jsonCodec],
      journal,
      clock: clockAt(nowMs),
      trust: options.trust ?? trustOf(name, {}, clockAt(nowMs)),
      decide(message): Outcome {
        decided.push(message);
        return { status: 'accepted' };
      },
      onEvent: log.onEvent,
    },
  );
  running.push(exchange);
  await exchange.start();
  return { exchange, log, journal, decided, bring: (document) => bring!(document) };
}

const alertOf = (name: string, id = '7'): Message => ({
  kind: 'alert',
  id,
  sender: { name },
  createdMs: exampleMs,
  event: exampleEvent(1),
});

/** What `signer` signs for b. */
async function signedBy(
  signer: string,
  bytes: Uint8Array,
  nowMs = exampleMs,
  trust?: Trust,
): Promise<IncomingDocument> {
  const signing = trust ?? (await startedTrust(signer, {}, clockAt(nowMs)));
  return arrived(await signing.protect(outgoing(bytes), b), `flex@${signer}`);
}

function unsignedFrom(name: string, message = alertOf(name)): IncomingDocument {
  const attachments = [{ mediaType: 'application/json', bytes: jsonCodec.encode(message) }];
  return { transport: 'memory', envelopeFrom: `flex@${name}`, envelopeTo: [], attachments };
}

describe('networks that sign', () => {
  it('are acted on and answered', async () => {
    const network = createMemoryNetwork();
    const one = await end(a, { network });
    const other = await end(b, { network });
    await one.exchange.alert(exampleEvent(), b);
    expect((await one.log.next('received')).message.conversation?.outcome).toEqual({ status: 'accepted' });
    expect(other.decided).toHaveLength(1);
    await network.repeatLast(`flex@${b}`);
    expect(other.log.of('repeat')).toHaveLength(1);
    expect(other.decided).toHaveLength(1);
  });

  it('are acted on by mail, signed and encrypted, as people can read it', async () => {
    const relay = await startForwarder();
    const start = async (name: string, partner: string, relayPort: number) => {
      const partners = [{ partner, keys: [{ armored: keys[partner]!.publicKey }], encrypt: name === b }];
      const deps = { codecs: [flexCodec], trust: trustOf(name, { partners }) };
      const network = mailNetwork(name, partner, { relayPort, deps });
      running.push(network.exchange);
      await network.exchange.start();
      return network;
    };
    const one = await start(a, b, relay.port);
    const other = await start(b, a, one.smtp.address()!.port);
    relay.target = other.smtp.address()!.port;
    const alert = await one.exchange.alert(exampleEvent(50), b);
    const received = (await other.log.next('received')).message;
    expect(Buffer.compare(flexCodec.encode(received), flexCodec.encode(alert))).toBe(0);
    expect((await one.log.next('received')).message.kind).toBe('feedback');
    for (const { exchange } of [one, other]) await exchange.stop();
    await relay.stop();
  });

  it('send nothing without a key, and keep it until there is one', async () => {
    const trust = await startedTrust(a, { keys: [] });
    const one = await end(a, { trust });
    await one.exchange.alert(exampleEvent(), b);
    expect(await one.log.next('sendFailed')).toMatchObject({
      permanent: false,
      reason: expect.stringMatching(/no key of ours can sign/),
    });
    expect(await one.journal.pending()).toHaveLength(1);
  });
});

describe('an attacker', () => {
  async function refused(
    document: IncomingDocument,
    code: ExchangeErrorCode,
    reason: RegExp,
    options: Parameters<typeof end>[1] = {},
  ): Promise<void> {
    const target = await end(b, options);
    await expect(target.bring(document)).rejects.toMatchObject({ code, permanent: true });
    await target.exchange.settled();
    expect(target.log.events).toMatchObject([
      { kind: 'refused', code, reason: expect.stringMatching(reason) },
    ]);
    expect(target.decided).toEqual([]);
    expect(await target.journal.unhandled()).toEqual([]);
    expect(target.exchange.conversations()).toEqual([]);
  }

  const record = jsonCodec.encode(alertOf(a));

  it('is refused without a signature, before its message is decoded', () => {
    const document = unsignedFrom(a);
    const broken = { ...document, attachments: [{ mediaType: 'application/json', bytes: Buffer.from('{') }] };
    return refused(
      broken,
      'EXCHANGE_UNSIGNED',
      /from "flex@isp-a.example" has to be signed: it is not signed/,
    );
  });

  it('is refused with a key of its own in the name of a partner', async () => {
    const forged = await keyOf(a);
    const trust = await startedTrust(a, { keys: [{ armored: forged.privateKey }] });
    await refused(
      await signedBy(a, record, exampleMs, trust),
      'EXCHANGE_UNSIGNED',
      /no partner has the key [0-9A-F]{16}/,
    );
  });

  it('is refused where it is another partner, with that partner’s signature', async () => {
    await refused(
      await signedBy(c, record),
      'EXCHANGE_SENDER_MISMATCH',
      /"flex@isp-c.example" is not an address of isp-a.example/,
    );
    const document = { ...(await signedBy(c, record)), envelopeFrom: `flex@${a}` };
    await refused(
      document,
      'EXCHANGE_SENDER_MISMATCH',
      /isp-c.example signed it, and "flex@isp-a.example" is another/,
    );
  });

  it('is refused in the name of a partner that it shares an address with', async () => {
    const log = new EventLog();
    let bring: End['bring'] | undefined;
    const routes = [{ transport: 'memory', address: 'flex@exchange-point.example' }];
    const exchange = createExchange(
      {
        self: { name: b },
        partners: [a, c].map((name) => ({ party: { name }, languages: ['json'], routes })),
      },
      {
        transports: [
          (wiring) => {
            bring = wiring.onDocument;
            return createMemoryNetwork().join(`flex@${b}`)(wiring);
          },
        ],
        codecs: [jsonCodec],
        journal: createMemoryJournal(),
        clock: clockAt(exampleMs),
        trust: trustOf(b),
        onEvent: log.onEvent,
      },
    );
    running.push(exchange);
    await exchange.start();
    const document = { ...(await signedBy(c, record)), envelopeFrom: routes[0]!.address };
    await expect(bring!(document)).rejects.toMatchObject({ code: 'EXCHANGE_SENDER_MISMATCH' });
    expect(log.of('refused')).toMatchObject([
      { reason: 'isp-c.example signed a message that bears the name of isp-a.example' },
    ]);
  });

  it('is refused with a message that was signed long ago, though we remember it no more', async () =>
    refused(
      await signedBy(a, record, exampleMs - 8 * dayMs),
      'EXCHANGE_SIGNATURE_TIME',
      /too long ago: it may be a replay/,
    ));

  it('moves nothing with a message that we remember', async () => {
    const target = await end(b);
    const document = await signedBy(a, record);
    await target.bring(document);
    await target.bring(document);
    await target.exchange.settled();
    expect(target.log.of('repeat')).toHaveLength(1);
    expect(target.decided).toHaveLength(1);
  });

  it('is refused with a message that was told to another partner', async () => {
    const trust = await startedTrust(a);
    const toC = arrived(await trust.protect(outgoing(record), c));
    await refused(toC, 'EXCHANGE_WRONG_RECIPIENT', /signed for "isp-c.example", not for isp-b.example/);
  });

  it('is refused with a stolen key that is revoked', async () => {
    const revoked = holding(a, { armored: await revokedKey(keys[a]!, exampleMs) });
    await refused(
      await signedBy(a, record),
      'EXCHANGE_KEY_REFUSED',
      /the key [0-9A-F]{16} of isp-a.example is revoked/,
      {
        trust: trustOf(b, revoked),
      },
    );
  });

  it('is refused with a stolen key that has expired, also with its clock set back', async () => {
    const old = await keyOf(a, { lifetimeMs: 30 * dayMs });
    const thief = await startedTrust(a, { keys: [{ armored: old.privateKey }] }, clockAt(exampleMs - 60_000));
    const nowMs = exampleMs + 2 * dayMs;
    await refused(
      await signedBy(a, record, exampleMs, thief),
      'EXCHANGE_KEY_REFUSED',
      /expired at 2026-03-01T12:00:00.000Z; ask isp-a.example for its new one/,
      { trust: trustOf(b, holding(a, { armored: old.publicKey }), clockAt(nowMs)), nowMs },
    );
  });

  it('is refused with another content under a partner’s signature', async () => {
    const [whole, other] = await Promise.all([
      signedBy(a, record),
      signedBy(a, jsonCodec.encode(alertOf(a, '8'))),
    ]);
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').slice(0, 76);
    const body = Buffer.from(
      Buffer.from(whole.entity!.body)
        .toString('latin1')
        .replace(base64(record), base64(jsonCodec.encode(alertOf(a, '9')))),
      'latin1',
    );
    expect(body.equals(whole.entity!.body)).toBe(false);
    await refused(
      { ...whole, entity: { ...other.entity!, body } },
      'EXCHANGE_BAD_SIGNATURE',
      /signed without its two parts/,
    );
    await refused(
      { ...whole, entity: { ...whole.entity!, body } },
      'EXCHANGE_BAD_SIGNATURE',
      /not as isp-a.example signed it/,
    );
  });

  it('is refused with a signed part beside the message', async () => {
    const { entity } = await signedBy(a, record);
    const document: IncomingDocument = {
      ...unsignedFrom(a),
      attachments: [
        { mediaType: 'application/json', bytes: jsonCodec.encode(alertOf(a, '8')) },
        { mediaType: 'multipart/signed', bytes: entity!.body },
      ],
    };
    await refused(document, 'EXCHANGE_UNSIGNED', /it is not signed/);
  });

  it('is refused with parts too deep within each other, and with more than we would unpack', async () => {
    const nested = Buffer.from(nestedMail(20), 'latin1');
    const entity = {
      contentType: 'multipart/encrypted; boundary=b0; protocol="application/pgp-encrypted"',
      body: nested,
    };
    const document: IncomingDocument = { ...(await signedBy(a, record)), entity };
    await refused(document, 'EXCHANGE_BAD_MESSAGE', /MIME multiparts within each other/);
    await refused(
      { ...document, entity: { ...entity, body: Buffer.from('x') } },
      'EXCHANGE_UNDECRYPTABLE',
      /no encrypted part/,
    );
    const bomb = arrived(await compressed(b, 4 * 1024 * 1024));
    await refused(bomb, 'EXCHANGE_UNDECRYPTABLE', /cannot be decrypted: .*(decompress|size)/i, {
      trust: trustOf(b, { limits: { maxDecryptedBytes: 1024 * 1024 } }),
    });
  });

  it('is refused with our own message, as a loop would bring it back', async () => {
    const trust = await startedTrust(b);
    const ours = arrived(await trust.protect(outgoing(jsonCodec.encode(alertOf(b))), a), `flex@${a}`);
    await refused(ours, 'EXCHANGE_OWN_MESSAGE', /our own message came back: a loop/);
    const unsigned = { ...unsignedFrom(b), envelopeFrom: `flex@${a}` };
    await refused(unsigned, 'EXCHANGE_OWN_MESSAGE', /our own message 7 came back/, { unsigned: 'record' });
  });

  it('is refused by mail with a reply of 554, and hears nothing else', async () => {
    const limits = { maxMessageBytes: 50_000, maxHops: 3 };
    const network = mailNetwork(b, a, { listen: { limits }, deps: { trust: trustOf(b) } });
    running.push(network.exchange);
    await network.exchange.start();
    const client = await RawSmtpClient.open(network.smtp.address()!.port);
    const mail = (auto: string, content: string) =>
      client.mail(`flex@${a}`, `flex@${b}`, `From: flex@${a}\r\n${auto}${content}`);
    const json = `Content-Type: application/json\r\n\r\n${Buffer.from(record).toString()}\r\n`;
    expect(await mail('', json)).toMatch(/^554 .*has to be signed: it is not signed/);
    const vacation = 'Content-Type: text/plain\r\n\r\nOn holidays. You wrote: ...\r\n';
    expect(await mail('Auto-Submitted: auto-replied\r\n', vacation)).toMatch(/^554 .*no attachment of type/);
    expect(await mail('', nestedMail(20))).toMatch(/^554 .*MIME multiparts within each other/);
    expect(await mail('Received: by a\r\n'.repeat(4), json)).toMatch(
      /^554 .*4 relays have passed on: a loop/,
    );
    expect(await mail('', `\r\n${'x'.repeat(60_000)}`)).toMatch(/^552 /);
    client.destroy();
    await network.exchange.settled();
    expect(network.log.events).toMatchObject([
      { kind: 'refused', code: 'EXCHANGE_UNSIGNED' },
      { kind: 'refused', code: 'EXCHANGE_NO_MESSAGE' },
      { kind: 'refused', reason: expect.stringMatching(/MIME multiparts/), envelopeFrom: `flex@${a}` },
      { kind: 'refused', reason: 'a mail that 4 relays have passed on: a loop' },
      { kind: 'refused', code: 'EXCHANGE_BAD_MESSAGE', reason: 'a mail over 50000 bytes', permanent: true },
    ]);
  });
});

describe('a partner whose unsigned messages are to be recorded', () => {
  it('is shown and logged with the reason, and neither decided on nor answered', async () => {
    const target = await end(b, { unsigned: 'record' });
    await target.bring(unsignedFrom(a));
    await target.exchange.settled();
    expect(target.log.events).toMatchObject([
      { kind: 'recorded', partner: a, reason: 'it is not signed', message: { id: '7' } },
    ]);
    expect(target.exchange.recorded()).toMatchObject([
      { partner: a, reference: { sender: a, id: '7' }, kind: 'alert', atMs: exampleMs },
    ]);
    expect(target.decided).toEqual([]);
    expect(target.exchange.conversations()).toEqual([]);
    expect(await target.journal.pending()).toEqual([]);
  });

  it('loses nothing of what it signs to somebody who guesses its numbers', async () => {
    const target = await end(b, { unsigned: 'record' });
    await target.bring(unsignedFrom(a, { ...alertOf(a), createdMs: 1 }));
    await target.bring(await signedBy(a, jsonCodec.encode(alertOf(a))));
    await target.exchange.settled();
    expect(target.decided).toMatchObject([{ id: '7', createdMs: exampleMs }]);
  });

  it('is remembered with its latest only', async () => {
    const target = await end(b, { unsigned: 'record' });
    for (let id = 1; id <= 101; id++) await target.bring(unsignedFrom(a, alertOf(a, String(id))));
    const ids = target.exchange.recorded().map(({ reference }) => reference.id);
    expect(ids).toHaveLength(100);
    expect([ids[0], ids.at(-1)]).toEqual(['2', '101']);
  });

  it('is refused nevertheless with a signature that does not hold', async () => {
    const target = await end(b, { unsigned: 'record' });
    const document = await signedBy(a, jsonCodec.encode(alertOf(a)), exampleMs - 8 * dayMs);
    await expect(target.bring(document)).rejects.toMatchObject({ code: 'EXCHANGE_SIGNATURE_TIME' });
    expect(target.exchange.recorded()).toEqual([]);
  });
});
