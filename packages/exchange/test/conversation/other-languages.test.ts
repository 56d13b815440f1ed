import type { FormatName } from '@flowpact/formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createOpenPgpTrust,
  type ExchangeDeps,
  flexCodec,
  formatCodec,
  type IncomingDocument,
  type Trust,
} from '../../src/index.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';
import { type Forwarder, startForwarder } from '../forwarder.ts';
import { RawSmtpClient } from '../transport/smtp/raw-smtp-client.ts';
import { clockAt, keys } from '../trust/trusted-networks.ts';
import { mailNetwork, type Network, partnerNamed, tickingClock } from '../two-networks.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';

function trustBetween(self: string, other: string, encrypt: boolean): Trust {
  return createOpenPgpTrust(
    {
      self,
      keys: [{ armored: keys[self]!.privateKey }],
      partners: [{ partner: other, keys: [{ armored: keys[other]!.publicKey }], encrypt }],
    },
    { clock: clockAt(exampleMs) },
  );
}

describe('a partner with languages of its own', () => {
  const networks: Network[] = [];
  let toB: Forwarder;
  let toA: Forwarder;

  beforeEach(async () => {
    [toB, toA] = await Promise.all([startForwarder(), startForwarder()]);
  });

  afterEach(async () => {
    for (const { exchange } of networks.splice(0)) await exchange.stop();
    await Promise.all([toB.stop(), toA.stop()]);
  });

  /** A, whose partner B reads `read`, and B, to which A writes and which may answer in `answered`. */
  async function start(
    read: readonly string[],
    answered: readonly string[],
    options: { deps?: Partial<ExchangeDeps>; trust?: (self: string, other: string) => Trust } = {},
  ): Promise<{ ours: Network; theirs: Network }> {
    const names = [...new Set([...read, ...answered])].filter((name) => name !== 'flex');
    const codecs = [flexCodec, ...names.map((name) => formatCodec(name as FormatName))];
    const network = (self: string, other: string, languages: readonly string[], way: Forwarder) =>
      mailNetwork(self, other, {
        relayPort: way.port,
        config: { partners: [partnerNamed(other, 'smtp', [...languages])] },
        deps: {
          codecs,
          decide: () => ({ status: 'accepted' }),
          ...(options.trust && { trust: options.trust(self, other), clock: tickingClock() }),
          ...options.deps,
        },
      });
    const ours = network(a, b, read, toB);
    const theirs = network(b, a, answered, toA);
    networks.push(ours, theirs);
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    toB.target = theirs.smtp.address()!.port;
    toA.target = ours.smtp.address()!.port;
    return { ours, theirs };
  }

  it.each([
    'iodef2',
    'iodef1',
    'idmef',
    'idea',
    'stix',
    'misp',
    'arf',
    'xarf',
    'xarf-0.1',
    'xarf-bulk',
    'xarf4',
    'xarf4-mail',
    'flex-mail',
  ])('is told in %s, and answers in FLEX', async (language) => {
    const { ours, theirs } = await start([language, 'flex'], ['flex']);
    const alert = await ours.exchange.alert(exampleEvent(), b);
    const { message } = await theirs.log.next('received');
    expect(flexCodec.encode(message)).toEqual(flexCodec.encode(alert));
    await ours.log.next('received');
    expect(ours.exchange.conversations()).toMatchObject([{ status: 'answered', turns: [{}, {}] }]);
    const [queued] = ours.log.of('queued');
    expect(queued?.language).toBe(language);
    expect((queued?.losses?.additional.length ?? 0) > 0).toBe(language !== 'flex-mail');
  });

  it.each([
    ['signed', false],
    ['signed and encrypted', true],
  ])('gets a report by mail %s', async (_how, encrypt) => {
    const seen: IncomingDocument[] = [];
    const trust = (self: string, other: string): Trust => {
      const made = trustBetween(self, other, encrypt);
      const open: Trust['open'] = (document) => {
        if (self === b) seen.push(document);
        return made.open(document);
      };
      return { ...made, open };
    };
    const { ours, theirs } = await start(['arf', 'flex'], ['flex'], { trust });
    const alert = await ours.exchange.alert(exampleEvent(), b);
    const { message } = await theirs.log.next('received');
    expect(flexCodec.encode(message)).toEqual(flexCodec.encode(alert));
    await ours.log.next('received');
    const [document] = seen;
    const body = Buffer.from(document!.entity!.body).toString('latin1');
    expect(document!.entity!.contentType).toContain(encrypt ? 'multipart/encrypted' : 'multipart/signed');
    expect(body.includes('Content-Type: multipart/report; report-type=feedback-report')).toBe(!encrypt);
    expect(document!.mailMessageId).toBe(`<flowpact.${alert.id}@${a}>`);
  });

  it('is asked in the first of its languages that has a place for a request', async () => {
    const { ours, theirs } = await start(['idmef', 'arf', 'iodef2', 'flex'], ['flex']);
    const request = await ours.exchange.request(exampleEvent(), [{ action: 'block' }], b);
    const { message } = await theirs.log.next('received');
    expect(message).toMatchObject({ kind: 'request', id: request.id });
    expect(ours.log.of('queued')).toMatchObject([{ language: 'iodef2' }]);
  });

  it('cannot be asked in abuse reports, which is said', async () => {
    const { ours } = await start(['arf', 'xarf'], ['flex']);
    await expect(ours.exchange.request(exampleEvent(), [{ action: 'block' }], b)).rejects.toMatchObject({
      code: 'EXCHANGE_NO_ROUTE',
      message: 'isp-b.example reads arf, xarf, with no place for a request',
    });
  });

  it('is not answered in what would pass for an alert, and not waited for', async () => {
    const { ours, theirs } = await start(['arf'], ['arf']);
    await ours.exchange.alert(exampleEvent(), b);
    const { reference } = await theirs.log.next('unanswerable');
    expect(reference.sender).toBe(a);
    await theirs.exchange.settled();
    expect(theirs.log.of('answered')).toEqual([]);
    expect(ours.exchange.conversations()).toMatchObject([{ turns: [{ mayBeAnswered: false }] }]);
  });

  it('is told in plain JSON what that has words for, which names no sender to answer', async () => {
    const { ours, theirs } = await start(['json'], ['flex']);
    const alert = await ours.exchange.alert(exampleEvent(), b);
    const { reference, permanent } = await ours.log.next('sendFailed');
    expect({ reference, permanent }).toEqual({ reference: { sender: a, id: alert.id }, permanent: true });
    expect(theirs.log.of('refused')).toMatchObject([{ code: 'EXCHANGE_UNKNOWN_PARTNER' }]);
    expect(ours.log.of('queued')[0]?.losses?.losses.map(({ path }) => path)).toContain('id');
  });

  it('is told in the language that the caller asks for, and nothing is taken in it', async () => {
    const outgoingCodecs = [formatCodec('xarf4'), formatCodec('misp')];
    const { ours, theirs } = await start(['flex'], ['flex', 'arf'], { deps: { outgoingCodecs } });
    await ours.exchange.alert(exampleEvent(), b, undefined, { language: 'arf' });
    expect((await theirs.log.next('received')).message.event.type).toBe(exampleEvent().type);
    await ours.exchange.alert(exampleEvent(), b, undefined, { language: 'misp' });
    expect((await theirs.log.next('refused')).code).toBe('EXCHANGE_NO_MESSAGE');
    expect(ours.log.of('queued').map(({ language }) => language)).toEqual(['arf', 'misp']);
    await expect(ours.exchange.alert(exampleEvent(), b, {}, { language: 'klingon' })).rejects.toMatchObject({
      code: 'EXCHANGE_NO_ROUTE',
      message: 'no codec speaks klingon; there are flex, arf, xarf4, misp',
    });
  });

  it('is heard in abuse reports of tools that are not Flowpact, once, whichever way a mail took', async () => {
    const { theirs } = await start(['flex'], ['arf', 'flex']);
    const report = [
      'From: <abuse@isp-a.example>',
      'Date: Sun, 1 Mar 2026 12:00:00 +0000',
      'Subject: FW: spam',
      'Message-ID: <20260301.77@isp-a.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=feedback-report; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      'This is an abuse report for a mail from 203.0.113.7.',
      '--x',
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'User-Agent: SomeGenerator/1.0',
      'Version: 1',
      'Source-IP: 203.0.113.7',
      '',
      '--x--',
      '',
    ].join('\r\n');
    const client = await RawSmtpClient.open(theirs.smtp.address()!.port);
    for (const hop of ['relay1', 'relay2']) {
      const mail = `Received: from a by ${hop}; Sun, 1 Mar 2026 12:00:0${hop.at(-1)} +0000\r\n${report}`;
      expect(await client.mail(`flex@${a}`, `flex@${b}`, mail)).toMatch(/^250 /);
    }
    client.destroy();
    expect(theirs.log.of('received')).toMatchObject([
      {
        partner: a,
        message: { kind: 'alert', sender: { name: a }, event: { sources: [{ address: '203.0.113.7' }] } },
      },
    ]);
    expect(theirs.log.of('repeat')).toHaveLength(1);
  });
});
