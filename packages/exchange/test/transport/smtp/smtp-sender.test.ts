import { afterEach, describe, expect, it } from 'vitest';
import { createSmtpTransport, type IncomingDocument, type OutgoingDocument } from '../../../src/index.ts';
import { tickingClock } from '../../two-networks.ts';
import { ScriptedRelay } from './scripted-relay.ts';

const document: OutgoingDocument = {
  to: { transport: 'smtp', address: 'flex@isp-b.example' },
  summary: { subject: '[JSON] alert scan (isp-a.example #17)', text: 'Something happened.\n.\nSo it is.\n' },
  attachment: {
    name: 'isp-a.example-17.json',
    mediaType: 'application/json',
    bytes: Uint8Array.of(0, 13, 10, 255),
  },
  reference: { sender: 'isp-a.example', id: '17' },
};

function senderTo(port: number, relay: { connectTimeoutMs?: number; idleTimeoutMs?: number } = {}) {
  return createSmtpTransport(
    { from: 'flex@isp-a.example', relay: { host: '127.0.0.1', port, ...relay } },
    { clock: tickingClock(), onDocument: async (_document: IncomingDocument) => {} },
  );
}

describe('the way out by SMTP', () => {
  let relay: ScriptedRelay;

  afterEach(() => relay.stop());

  async function send(
    outgoing: OutgoingDocument,
    replies: ConstructorParameters<typeof ScriptedRelay>[0] = {},
  ): Promise<string> {
    relay = new ScriptedRelay(replies);
    const transport = senderTo(await relay.start());
    await transport.send(outgoing);
    await transport.stop();
    return relay.heard.find((part) => part.includes('\r\n')) ?? '';
  }

  it('writes a mail that says what it is', async () => {
    const mail = await send(document);
    const [headers] = mail.split('\r\n\r\n', 1);
    expect(
      headers!
        .split('\r\n')
        .sort()
        .join('\n')
        .replace(/--_\S+"/, '--_boundary"'),
    ).toMatchInlineSnapshot(`
      "Auto-Submitted: auto-generated
      Content-Type: multipart/mixed; boundary="--_boundary"
      Date: Sun, 01 Mar 2026 12:00:00 +0000
      From: flex@isp-a.example
      MIME-Version: 1.0
      Message-ID: <flex.17@isp-a.example>
      Subject: [JSON] alert scan (isp-a.example #17)
      To: flex@isp-b.example"
    `);
    expect(relay.heard.slice(0, 4).map((line) => line.replace(/^EHLO .*/, 'EHLO'))).toEqual([
      'EHLO',
      'MAIL FROM:<flex@isp-a.example>',
      'RCPT TO:<flex@isp-b.example>',
      'DATA',
    ]);
  });

  it('puts the text first and the message after it, byte for byte', async () => {
    const mail = await send(document);
    const text = mail.indexOf('Something happened.');
    const attachment = mail.indexOf(Buffer.from(document.attachment.bytes).toString('base64'));
    expect(text).toBeGreaterThan(0);
    expect(attachment).toBeGreaterThan(text);
    expect(mail).toMatch(/Content-Type: application\/json; name=isp-a\.example-17\.json/);
  });

  it('names the message that it answers', async () => {
    const mail = await send({ ...document, inReplyTo: { sender: 'isp-b.example', id: '4' } });
    expect(mail).toContain('\r\nIn-Reply-To: <flex.4@isp-b.example>\r\n');
    expect(mail).toContain('\r\nReferences: <flex.4@isp-b.example>\r\n');
    expect(mail).toMatch(/^Auto-Submitted: auto-replied\r$/m);
  });

  it('lets nobody write headers', async () => {
    const evil = 'x\r\nBcc: everybody@example.org\r\n\r\nhello\u2028\u0000';
    const mail = await send({
      ...document,
      summary: { subject: evil, text: evil },
      attachment: { ...document.attachment, name: evil },
      reference: { sender: evil, id: evil },
      inReplyTo: { sender: evil, id: evil },
    });
    const [headers] = mail.split('\r\n\r\n', 1);
    const names = headers!
      .split('\r\n')
      .filter((line) => !/^[ \t]/.test(line))
      .map((line) => line.replace(/:.*/, ''));
    expect(names.sort()).toEqual([
      'Auto-Submitted',
      'Content-Type',
      'Date',
      'From',
      'In-Reply-To',
      'MIME-Version',
      'Message-ID',
      'References',
      'Subject',
      'To',
    ]);
    expect(relay.heard.filter((line) => /^RCPT/.test(line))).toHaveLength(1);
  });

  it.each(['a@b, c@d', '<a@b>', 'a@b\r\nRCPT TO:<c@d>', '"a b"@c', 'a', '@b', 'a@', 'a@-b.example'])(
    'sends nothing to %j',
    async (address) => {
      relay = new ScriptedRelay();
      const transport = senderTo(await relay.start());
      const attempt = transport.send({ ...document, to: { transport: 'smtp', address } });
      await expect(attempt).rejects.toMatchObject({ code: 'EXCHANGE_SEND_FAILED', permanent: true });
      expect(relay.heard).toEqual([]);
    },
  );

  it.each([
    ['the recipient for good', { RCPT: '550 no such user' }, true],
    ['the recipient for now', { RCPT: '450 greylisted' }, false],
    ['the mail for good', { end: '554 spam' }, true],
    ['the mail for now', { end: '451 disk full' }, false],
    ['everybody', { greeting: '554 go away' }, false],
  ])('tells when the relay refuses %s', async (_what, replies, permanent) => {
    await expect(send(document, replies)).rejects.toMatchObject({ code: 'EXCHANGE_SEND_FAILED', permanent });
  });

  it('tells when nobody listens', async () => {
    relay = new ScriptedRelay();
    await relay.start();
    // Port 1 is tcpmux, which nobody serves.
    await expect(senderTo(1).send(document)).rejects.toMatchObject({ permanent: false });
  });

  it('gives up on a relay that does not speak', async () => {
    relay = new ScriptedRelay({ greeting: null });
    const transport = senderTo(await relay.start(), { connectTimeoutMs: 50 });
    await expect(transport.send(document)).rejects.toMatchObject({ permanent: false });
  });

  it('ends an attempt in flight when it stops', async () => {
    relay = new ScriptedRelay({ greeting: null });
    const transport = senderTo(await relay.start());
    const attempt = transport.send(document);
    const failed = expect(attempt).rejects.toMatchObject({ code: 'EXCHANGE_SEND_FAILED', permanent: false });
    await relay.connected();
    await transport.stop();
    await failed;
  });

  it('sends nothing in the clear where TLS is required', async () => {
    relay = new ScriptedRelay();
    const port = await relay.start();
    const transport = createSmtpTransport(
      { from: 'flex@isp-a.example', relay: { host: '127.0.0.1', port, requireTls: true } },
      { onDocument: async () => {} },
    );
    await expect(transport.send(document)).rejects.toMatchObject({ permanent: false });
    expect(relay.heard.filter((line) => /^MAIL/.test(line))).toEqual([]);
  });

  it('keeps its connection for the next mail, and starts afresh after a stop', async () => {
    relay = new ScriptedRelay();
    const transport = senderTo(await relay.start());
    const greetings = () => relay.heard.filter((line) => /^EHLO/.test(line)).length;
    await transport.send(document);
    await transport.send(document);
    expect(greetings()).toBe(1);
    await transport.stop();
    await transport.start();
    await transport.send(document);
    expect(greetings()).toBe(2);
    await transport.stop();
  });

  it('cannot send without a relay', async () => {
    relay = new ScriptedRelay();
    await relay.start();
    const transport = createSmtpTransport({ from: 'flex@isp-a.example' }, { onDocument: async () => {} });
    await expect(transport.send(document)).rejects.toThrow(/neither a relay/);
  });

  it('starts with plain addresses only', async () => {
    relay = new ScriptedRelay();
    await relay.start();
    expect(() => createSmtpTransport({ from: 'A <a@b>' }, { onDocument: async () => {} })).toThrow(
      /plain mail address/,
    );
  });
});
