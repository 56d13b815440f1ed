import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExchangeEvent, flexCodec } from '@flowpact/exchange';
import { expect, it, onTestFinished } from 'vitest';
import { Dovecot, dovecotUser, skipDovecot } from '../../../exchange/test/transport/imap/dovecot.ts';
import { testCertificate } from '../../../exchange/test/transport/smtp/test-certificate.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { readExchangeParts } from '../../src/exchange/exchange-parts.ts';
import { openExchange } from '../../src/exchange/open-exchange.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const folder = temporaryFolder();
const bytes = flexCodec.encode({
  ...({ kind: 'alert', id: '7', sender: { name: 'b.example' }, createdMs: Date.UTC(2026, 2, 1) } as const),
  event: { type: 'other' },
});
const mail = [
  'Return-Path: <flex@b.example>',
  'From: <flex@b.example>',
  'To: <flex@a.example>',
  'Message-ID: <7@b.example>',
  'MIME-Version: 1.0',
  `Content-Type: ${flexCodec.mediaType}`,
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from(bytes).toString('base64'),
  '',
].join('\r\n');

it.skipIf(skipDovecot)(
  'a mailbox of the configuration is read (with Dovecot, and root to run it)',
  async () => {
    const dovecot = await Dovecot.create();
    onTestFinished(() => dovecot.remove());
    await dovecot.start();
    writeFileSync(join(folder, 'authority.pem'), testCertificate.cert);
    writeFileSync(join(folder, 'password'), `${dovecotUser.pass}\n`);
    const file = join(folder, 'flowpact.yaml');
    writeFileSync(
      file,
      `exchange:
  name: a.example
  partners: [{name: b.example, routes: [{transport: smtp, address: flex@b.example}]}]
  mail:
    from: flex@a.example
    mailbox:
      server: 127.0.0.1:${dovecot.port}
      security: required
      authorityFile: authority.pem
      user: ${dovecotUser.user}
      passwordFile: password
      folders: {done: Done, refused: Refused}
`,
    );
    dovecot.deliver('1', mail);
    const loaded = await loadConfig(file);
    const parts = readExchangeParts(loaded, loaded.config.exchange!, { receive: true });
    const received = await new Promise<ExchangeEvent>((resolve, reject) => {
      const { exchange } = openExchange(parts, {
        stateDirectory: folder,
        onEvent(event) {
          if (event.kind === 'received' || event.kind === 'refused') resolve(event);
        },
      });
      onTestFinished(() => exchange.stop());
      exchange.start().catch(reject);
    });
    expect(received).toMatchObject({
      kind: 'received',
      partner: 'b.example',
      message: { id: '7', event: { type: 'other' } },
    });
  },
);
