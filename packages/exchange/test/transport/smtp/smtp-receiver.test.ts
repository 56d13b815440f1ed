import { afterEach, describe, expect, it } from 'vitest';
import {
  createSmtpTransport,
  ExchangeError,
  type IncomingDocument,
  type SmtpListenLimits,
  type SmtpTransport,
} from '../../../src/index.ts';
import { tickingClock } from '../../two-networks.ts';
import { broadMail, exampleMail, mailOf, nestedMail } from './example-mail.ts';
import { RawSmtpClient } from './raw-smtp-client.ts';
import { testCertificate } from './test-certificate.ts';

const from = 'flex@isp-a.example';
const to = 'flex@isp-b.example';
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);

/** Something that one side waits at until the other opens it; `reached` tells that it waits. */
function openable() {
  let open = () => {};
  let reach = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return {
    open: () => open(),
    reached,
    get opened() {
      reach();
      return gate;
    },
  };
}

describe('the way in by SMTP', () => {
  let transport: SmtpTransport | undefined;
  const documents: IncomingDocument[] = [];

  async function start(
    limits: Partial<SmtpListenLimits> = {},
    onDocument: (document: IncomingDocument) => Promise<void> = async () => {},
  ): Promise<number> {
    documents.length = 0;
    transport = createSmtpTransport(
      { from: to, listen: { port: 0, recipients: [to], limits: { stopTimeoutMs: 200, ...limits } } },
      {
        clock: tickingClock(),
        onDocument: (document) => {
          documents.push(document);
          return onDocument(document);
        },
      },
    );
    await transport.start();
    return transport.address()!.port;
  }

  afterEach(async () => {
    await transport?.stop();
    transport = undefined;
  });

  it('hands over what a mail is made of', async () => {
    const client = await RawSmtpClient.open(await start());
    expect(await client.mail(from, to, exampleMail(bytes))).toMatch(/^250 /);
    expect(documents).toEqual([
      {
        transport: 'smtp',
        envelopeFrom: from,
        envelopeTo: [to],
        mailMessageId: '<flex.17@isp-a.example>',
        text: 'isp-a.example reports a security event.',
        attachments: [{ name: 'isp-a.example-17.json', mediaType: 'application/json', bytes }],
        mail: Buffer.from(`${exampleMail(bytes)}\r\n`),
      },
    ]);
    client.destroy();
  });

  it('acknowledges only when the document is in safe hands', async () => {
    const gate = openable();
    const client = await RawSmtpClient.open(await start({}, () => gate.opened));
    await client.begin(from, to);
    const reply = client.finish(exampleMail(bytes));
    let answered = false;
    void reply.then(() => {
      answered = true;
    });
    await gate.reached;
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    gate.open();
    expect(await reply).toMatch(/^250 /);
    client.destroy();
  });

  it.each([
    [
      '554',
      'for good',
      new ExchangeError('EXCHANGE_BAD_MESSAGE', 'no\r\n250 OK', { permanent: true }),
      '554 no 250 OK',
    ],
    ['451', 'for now', new ExchangeError('EXCHANGE_FULL', 'later'), '451 later'],
    ['451', 'for now', new Error('/secret/path'), '451 cannot take this mail now, try again later'],
  ])('answers %s where the document is refused %s', async (_code, _how, error, reply) => {
    const port = await start({}, () => Promise.reject(error));
    const client = await RawSmtpClient.open(port);
    expect(await client.mail(from, to, exampleMail(bytes))).toBe(reply);
    client.destroy();
  });

  it('takes another mail on the same connection after a refused one', async () => {
    const client = await RawSmtpClient.open(await start());
    expect(await client.mail(from, to, mailOf('!!!!'))).toMatch(/^554 /);
    expect(await client.mail(from, to, exampleMail(bytes))).toMatch(/^250 /);
    expect(documents).toHaveLength(1);
    client.destroy();
  });

  it('knows no other recipient: 550', async () => {
    const client = await RawSmtpClient.open(await start());
    await client.command('EHLO client.example');
    await client.command(`MAIL FROM:<${from}>`);
    expect(await client.command('RCPT TO:<root@isp-b.example>')).toMatch(/^550 /);
    expect(await client.command('RCPT TO:<FLEX@ISP-B.example>')).toMatch(/^250 /);
    client.destroy();
  });

  it('limits the recipients of a mail: 452', async () => {
    const client = await RawSmtpClient.open(await start({ maxRecipients: 1 }));
    await client.command('EHLO client.example');
    await client.command(`MAIL FROM:<${from}>`);
    await client.command(`RCPT TO:<${to}>`);
    expect(await client.command('RCPT TO:<other@isp-b.example>')).toMatch(/^452 /);
    client.destroy();
  });

  it('takes the null sender, of bounces, and says so', async () => {
    const client = await RawSmtpClient.open(await start());
    expect(await client.mail('', to, exampleMail(bytes))).toMatch(/^250 /);
    expect(documents[0]?.envelopeFrom).toBe('');
    client.destroy();
  });

  it('refuses a mail that is announced too large: 552', async () => {
    const client = await RawSmtpClient.open(await start({ maxMessageBytes: 10_000 }));
    await client.command('EHLO client.example');
    expect(await client.command(`MAIL FROM:<${from}> SIZE=10001`)).toMatch(/^552 /);
    client.destroy();
  });

  it('refuses a mail that turns out too large: 552', async () => {
    const client = await RawSmtpClient.open(await start({ maxMessageBytes: 10_000 }));
    expect(await client.mail(from, to, 'x'.repeat(15_000))).toMatch(/^552 /);
    expect(await client.mail(from, to, exampleMail(bytes))).toMatch(/^250 /);
    expect(documents).toHaveLength(1);
    client.destroy();
  });

  it('hangs up on a mail that does not end', async () => {
    const client = await RawSmtpClient.open(await start({ maxMessageBytes: 10_000 }));
    await client.begin(from, to);
    client.write(Buffer.alloc(50_000, 'x\r\n'));
    expect(await client.reply()).toMatch(/^421 /);
    await client.closed();
    expect(documents).toHaveLength(0);
  });

  it('has room for so much mail at a time: 452', async () => {
    const gate = openable();
    const port = await start({ maxBufferedBytes: 5_000 }, () => gate.opened);
    const first = await RawSmtpClient.open(port);
    const second = await RawSmtpClient.open(port);
    await first.begin(from, to);
    const firstReply = first.finish('x'.repeat(4_900));
    await gate.reached;
    expect(await second.mail(from, to, 'y'.repeat(4_900))).toMatch(/^452 /);
    gate.open();
    expect(await firstReply).toMatch(/^250 /);
    expect(await second.mail(from, to, 'y'.repeat(4_900))).toMatch(/^250 /);
    first.destroy();
    second.destroy();
  });

  it('forgets a mail whose sender hangs up in the middle', async () => {
    const port = await start({ maxBufferedBytes: 5_000 });
    for (let attempt = 0; attempt < 3; attempt++) {
      const client = await RawSmtpClient.open(port);
      await client.begin(from, to);
      client.write(exampleMail(bytes).slice(0, 1_500));
      client.socket.end();
      await client.closed();
    }
    // Three such mails that were not forgotten would leave no room for this one.
    const client = await RawSmtpClient.open(port);
    expect(await client.mail(from, to, exampleMail(bytes))).toMatch(/^250 /);
    expect(documents).toHaveLength(1);
    client.destroy();
  });

  it('limits the mails a minute from one address: 450', async () => {
    const client = await RawSmtpClient.open(await start({ maxMessagesPerMinute: 2 }));
    for (let i = 0; i < 2; i++) expect(await client.mail(from, to, exampleMail(bytes))).toMatch(/^250 /);
    expect(await client.command(`MAIL FROM:<${from}>`)).toMatch(/^450 /);
    client.destroy();
  });

  it('limits the connections: 421', async () => {
    const port = await start({ maxConnections: 1 });
    const first = await RawSmtpClient.open(port);
    const second = await RawSmtpClient.connect(port);
    expect(await second.reply()).toMatch(/^421 /);
    first.destroy();
    second.destroy();
  });

  it('ends a session that lasts too long: 421', async () => {
    const client = await RawSmtpClient.open(await start({ sessionTimeoutMs: 20 }));
    expect(await client.reply()).toMatch(/^421 /);
    await client.closed();
  });

  it('ends a session that is silent: 421', async () => {
    const client = await RawSmtpClient.open(await start({ idleTimeoutMs: 150 }));
    expect(await client.reply()).toMatch(/^421 /);
    await client.closed();
  });

  it('offers neither AUTH nor STARTTLS without a certificate', async () => {
    const client = await RawSmtpClient.open(await start());
    expect(await client.command('EHLO client.example')).not.toMatch(/AUTH|STARTTLS/);
    client.destroy();
  });

  it('says good-bye to idle connections when it stops', async () => {
    const client = await RawSmtpClient.open(await start({ stopTimeoutMs: 60_000 }));
    const stopped = transport!.stop();
    expect(await client.reply()).toMatch(/^421 /);
    client.destroy();
    await stopped;
    expect(transport!.address()).toBeUndefined();
  });

  it('lets a mail that is being received finish when it stops', async () => {
    const client = await RawSmtpClient.open(await start({ stopTimeoutMs: 60_000 }));
    await client.begin(from, to);
    const stopped = transport!.stop();
    expect(await client.finish(exampleMail(bytes))).toMatch(/^250 /);
    client.destroy();
    await stopped;
    expect(documents).toHaveLength(1);
  });

  it('cuts off a mail that does not finish in time when it stops', async () => {
    const client = await RawSmtpClient.open(await start({ stopTimeoutMs: 20 }));
    await client.begin(from, to);
    await transport!.stop();
    await client.closed();
    expect(documents).toHaveLength(0);
  });

  it.each([
    ['damaged base64', mailOf('AAAA!AAA')],
    ['base64 that is cut', mailOf('AAAAAAA')],
    ['an unknown transfer encoding', exampleMail(bytes).replace('base64', 'rot13')],
    ['too many parts', broadMail(40)],
    ['too many multiparts within each other', nestedMail(20)],
    ['a header that does not end', `X: ${'x'.repeat(100_000)}`],
    ['too many headers', 'X: x\r\n'.repeat(10_000)],
  ])('refuses a mail with %s: 554', async (_what, mail) => {
    const client = await RawSmtpClient.open(await start());
    expect(await client.mail(from, to, mail)).toMatch(/^554 /);
    expect(await client.mail(from, to, exampleMail(bytes))).toMatch(/^250 /);
    expect(documents).toHaveLength(1);
    client.destroy();
  });

  it('tells of a port that is taken', async () => {
    const port = await start();
    const second = createSmtpTransport(
      { from: to, listen: { port, recipients: [to] } },
      { onDocument: async () => {} },
    );
    await expect(second.start()).rejects.toThrow(/EADDRINUSE/);
    await second.stop();
  });

  it('knows addresses of internationalised domains', async () => {
    const idn = 'flex@xn--bcher-kva.example';
    transport = createSmtpTransport(
      { from: to, listen: { port: 0, recipients: [idn] } },
      {
        onDocument: async (document) => {
          documents.push(document);
        },
      },
    );
    documents.length = 0;
    await transport.start();
    const client = await RawSmtpClient.open(transport.address()!.port);
    expect(await client.mail(idn, idn, exampleMail(bytes))).toMatch(/^250 /);
    expect(documents).toMatchObject([{ envelopeFrom: idn, envelopeTo: [idn] }]);
    client.destroy();
  });

  it('takes mail under STARTTLS, and only from who trusts its certificate', async () => {
    transport = createSmtpTransport(
      { from: to, listen: { port: 0, recipients: [to], tls: testCertificate } },
      {
        onDocument: async (document) => {
          documents.push(document);
        },
      },
    );
    documents.length = 0;
    await transport.start();
    const { host, port } = transport.address()!;
    const outgoing = {
      to: { transport: 'smtp', address: to },
      summary: { subject: 'x', text: 'x' },
      attachment: { name: 'x.json', mediaType: 'application/json', bytes },
      reference: { sender: 'isp-a.example', id: '1' },
    };
    for (const [tls, sent] of [
      [{ ca: testCertificate.cert }, 1],
      [{}, 0],
    ] as const) {
      documents.length = 0;
      const sender = createSmtpTransport(
        { from, relay: { host, port, requireTls: true, tls } },
        { onDocument: async () => {} },
      );
      const attempt = sender.send(outgoing);
      if (sent === 1) await attempt;
      else await expect(attempt).rejects.toThrow(/self-signed certificate/);
      await sender.stop();
      expect(documents).toHaveLength(sent);
    }
  });
});
