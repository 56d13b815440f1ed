import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { type ExchangeParts, readExchangeParts } from '../../src/exchange/exchange-parts.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const folder = temporaryFolder();
const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
const privateKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
file('dkim.pem', privateKey);
file('authority.pem', 'an authority');
file('password', 'relay secret\n');
file('imap-password', 'mailbox secret\r\n');

async function partsOf(mail: string, receive = true, further = ''): Promise<ExchangeParts> {
  file('flowpact.yaml', `exchange: {name: a.example, ${further}mail: {from: flex@a.example, ${mail}}}\n`);
  const loaded = await loadConfig(join(folder, 'flowpact.yaml'));
  return readExchangeParts(loaded, loaded.config.exchange!, { receive });
}

describe('the transport by mail', () => {
  it('logs in at a smart host, with secrets from files', async () => {
    const { smtp, exchange } = await partsOf(
      `relay: {server: 'mail.a.example:587', name: flowpact.a.example, requireTls: true, authorityFile: authority.pem,
               user: flex, passwordFile: password}`,
      true,
      'nextRouteAfterMs: 1234, ',
    );
    expect(smtp).toEqual({
      from: 'flex@a.example',
      relay: {
        ...{ host: 'mail.a.example', port: 587, name: 'flowpact.a.example' },
        ...{ secure: false, requireTls: true, tls: { ca: Buffer.from('an authority') } },
        auth: { user: 'flex', pass: 'relay secret' },
      },
    });
    expect(exchange.limits).toMatchObject({ nextRouteAfterMs: 1234 });
  });

  it('delivers directly, signed for mail systems in the domain of our address', async () => {
    const { smtp } = await partsOf(
      'direct: {name: flowpact.a.example, security: required}, dkim: {selector: flex2026, keyFile: dkim.pem}',
    );
    expect(smtp).toEqual({
      from: 'flex@a.example',
      direct: { name: 'flowpact.a.example', security: 'required', port: 25 },
      dkim: { domain: 'a.example', selector: 'flex2026', privateKey },
    });
  });

  it('reads a mailbox, unless mail is only sent', async () => {
    const mailbox = `listen: {address: '2525', maxMessagesPerMinute: 600},
      mailbox: {server: 'imap.a.example:993', user: flex, passwordFile: imap-password,
                folders: {done: Done, refused: Refused}}`;
    expect((await partsOf(mailbox)).smtp).toEqual({
      from: 'flex@a.example',
      listen: {
        ...{ host: '127.0.0.1', port: 2525, recipients: ['flex@a.example'] },
        limits: { maxMessagesPerMinute: 600 },
      },
      mailbox: {
        ...{ host: 'imap.a.example', port: 993, security: 'implicit', mailbox: 'INBOX' },
        auth: { user: 'flex', pass: 'mailbox secret' },
        folders: { done: 'Done', refused: 'Refused' },
      },
    });
    expect((await partsOf(mailbox, false)).smtp).toEqual({ from: 'flex@a.example' });
  });

  it('is refused with the place of what cannot be', async () => {
    await expect(partsOf("relay: {server: '25'}, direct: {}")).rejects.toThrow(/not both/);
    const dkim = (keyFile: string) => partsOf(`direct: {}, dkim: {selector: a, keyFile: ${keyFile}}`);
    await expect(dkim('authority.pem')).rejects.toThrow(/flowpact\.yaml:1:\d+.*is no private key/);
    await expect(dkim('missing.pem')).rejects.toThrow(/flowpact\.yaml:1:\d+.*cannot be read/);
  });
});

it('partners may read any of the formats', async () => {
  const { codecs, outgoingCodecs } = await partsOf(
    '',
    true,
    `partners: [{name: b.example, languages: [arf, misp], routes: [{transport: smtp, address: x@b.example}]}], `,
  );
  expect(codecs.map(({ language }) => language)).toEqual(['flex', 'arf', 'misp']);
  expect(outgoingCodecs).toHaveLength(12);
});
