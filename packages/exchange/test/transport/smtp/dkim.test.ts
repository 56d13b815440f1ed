import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createSmtpTransport, formatCodec, type OutgoingDocument } from '../../../src/index.ts';
import { exampleEvent, exampleMs } from '../../example-event.ts';
import { tickingClock } from '../../two-networks.ts';
import { ScriptedRelay } from './scripted-relay.ts';

/** Whether the first DKIM-Signature holds (RFC 6376, section 3.4: relaxed/relaxed), as a receiver would look. */
function dkimHolds(mail: string, publicKey: string): boolean {
  const [head, ...rest] = mail.split('\r\n\r\n');
  const fields = head!.split(/\r\n(?![ \t])/);
  const signature = fields.find((field) => /^dkim-signature:/i.test(field))!;
  const tags = new Map(
    signature
      .replace(/^[^:]*:/, '')
      .split(';')
      .map((tag) => [tag.split('=', 1)[0]!.trim(), tag.replace(/^[^=]*=/, '').replace(/\s/g, '')] as const),
  );
  const body = rest
    .join('\r\n\r\n')
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
    .join('\r\n');
  const canonicalBody = `${body.replace(/(\r\n)*$/, '')}\r\n`;
  if (createHash('sha256').update(canonicalBody).digest('base64') !== tags.get('bh')) return false;
  const relaxed = (field: string) => {
    const name = field.split(':', 1)[0]!;
    const value = field
      .slice(name.length + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim();
    return `${name.trim().toLowerCase()}:${value}`;
  };
  const signed = tags
    .get('h')!
    .split(':')
    .flatMap(
      (name) => fields.findLast((field) => field.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? [],
    );
  const input = [...signed.map(relaxed), relaxed(signature.replace(/(\bb=)[^;]*$/, '$1'))].join('\r\n');
  return createVerify('RSA-SHA256').update(input).verify(publicKey, tags.get('b')!, 'base64');
}

describe('a mail that is signed by DKIM', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  let relay: ScriptedRelay;
  afterEach(() => relay.stop());

  const json: OutgoingDocument['attachment'] = {
    name: 'x.json',
    mediaType: 'application/json',
    bytes: Buffer.from('{}'),
  };
  const arf: OutgoingDocument['attachment'] = {
    name: 'x.eml',
    mediaType: 'message/rfc822',
    bytes: formatCodec('arf').encode({
      kind: 'alert',
      id: '17',
      sender: { name: 'isp-a.example' },
      createdMs: exampleMs,
      event: exampleEvent(),
    }),
  };

  it.each([
    ['of a summary and an attachment', json],
    ['that is a report itself', arf],
  ])('%s holds where it arrives, and not where somebody has changed it', async (_what, attachment) => {
    relay = new ScriptedRelay();
    const transport = createSmtpTransport(
      {
        from: 'flex@isp-a.example',
        relay: { host: '127.0.0.1', port: await relay.start() },
        dkim: { domain: 'isp-a.example', selector: 'flex2026', privateKey },
      },
      { clock: tickingClock(), onDocument: async () => {} },
    );
    await transport.send({
      to: { transport: 'smtp', address: 'flex@isp-b.example' },
      summary: { subject: 'alert', text: 'A  text \r\nwith lines.\r\n' },
      attachment,
      reference: { sender: 'isp-a.example', id: '17' },
    });
    await transport.stop();
    const mail = relay.heard.find((part) => part.includes('\r\n'))!.replace(/\r\n\.\./g, '\r\n.');
    expect(mail).toMatch(/^DKIM-Signature: .*d=isp-a\.example;/m);
    expect(mail.replace(/\r\n\s+/g, ' ')).toMatch(/\bs=flex2026;/);
    expect(dkimHolds(`${mail}\r\n`, publicKey)).toBe(true);
    expect(dkimHolds(`${mail.replace('isp-b.example', 'isp-c.example')}\r\n`, publicKey)).toBe(false);
  });
});
