import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSmtpTransport,
  type DeliveryReport,
  ExchangeError,
  type ImapMailboxConfig,
  type IncomingDocument,
  type RefusedDocument,
  type SmtpTransport,
  systemClock,
} from '../../../src/index.ts';
import { exampleMail } from '../smtp/example-mail.ts';
import { testCertificate } from '../smtp/test-certificate.ts';
import { Dovecot, dovecotUser, skipDovecot } from './dovecot.ts';

const folders = { done: 'Done', refused: 'Refused' };
const mail = (id: number) =>
  `Return-Path: <flex@isp-a.example>\r\nReturn-Path: <forged@isp-c.example>\r\n${exampleMail(Uint8Array.of(id))}`;

describe.skipIf(skipDovecot)(
  'a mailbox read by IMAP [apt install dovecot-imapd, as root]',
  {
    timeout: 60_000,
  },
  () => {
    let server: Dovecot;
    let transport: SmtpTransport;
    let documents: IncomingDocument[];
    let refused: RefusedDocument[];
    let reports: DeliveryReport[];
    let onDocument: (document: IncomingDocument) => Promise<void>;
    let look: () => void;

    beforeEach(async () => {
      documents = [];
      refused = [];
      reports = [];
      onDocument = async () => {};
      look = () => {};
      server = await Dovecot.create();
      await server.start();
    });

    afterEach(async () => {
      await transport.stop();
      await server.remove();
    });

    async function read(config: Partial<ImapMailboxConfig> = {}): Promise<void> {
      transport = createSmtpTransport(
        {
          from: 'flex@isp-b.example',
          mailbox: {
            host: '127.0.0.1',
            port: server.port,
            security: 'required',
            tls: { ca: testCertificate.cert },
            auth: dovecotUser,
            ...config,
            limits: { reconnectMs: 50, maxReconnectMs: 100, retryMs: 50, ...config.limits },
          },
        },
        {
          clock: systemClock,
          onDocument: async (document) => {
            documents.push(document);
            look();
            await onDocument(document);
          },
          onRefused: (document) => {
            refused.push(document);
            look();
          },
          onDeliveryReport: async (report) => {
            reports.push(report);
            look();
          },
          onMailboxState: () => look(),
        },
      );
      await transport.start();
    }

    /** Looks again whenever something has come; the server's folders are looked into in short pauses. */
    async function until(holds: () => boolean): Promise<void> {
      for (let looks = 0; !holds(); looks++) {
        if (looks === 1_000) throw new Error('it never came');
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 20);
          look = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }

    const bytesTaken = () => documents.map(({ attachments }) => attachments[0]?.bytes[0]);

    it('is emptied, and tells of what comes later', async () => {
      server.deliver('1', mail(1));
      server.deliver('2', mail(2));
      await read({ folders, limits: { maxMailsPerRound: 1 } });
      await until(() => server.mails('.Done').length === 2);
      // Idle by now, or soon: the server tells of it.
      server.deliver('3', mail(3));
      await until(() => server.mails('.Done').length === 3);
      expect(bytesTaken()).toEqual([1, 2, 3]);
      await until(() => server.mails().length === 0);
      expect(documents[0]).toMatchObject({
        transport: 'smtp',
        envelopeFrom: 'flex@isp-a.example',
        mailMessageId: '<flex.17@isp-a.example>',
      });
      expect(transport.mailbox()).toEqual({ connected: true });
    });

    it('keeps what it has taken, marked as read, where there are no folders for it', async () => {
      server.deliver('1', mail(1));
      server.deliver('2', 'From: a@b\r\nContent-Transfer-Encoding: rot13\r\n\r\nx\r\n');
      await read();
      await until(() => server.mails().filter((name) => /:2,F?S$/.test(name)).length === 2);
      expect(server.mails().map((name) => /^\d|:2,.*$/.exec(name)?.[0])).toHaveLength(2);
      expect(server.mails().find((name) => name.startsWith('2.'))).toMatch(/:2,FS$/);
      await transport.stop();
      await transport.start();
      server.deliver('3', mail(3));
      await until(() => bytesTaken().includes(3));
      expect(bytesTaken()).toEqual([1, 3]);
      expect(refused.map(({ error }) => error.code)).toEqual(['EXCHANGE_BAD_MESSAGE']);
    });

    it('marks a mail only when the document is in safe hands', async () => {
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      onDocument = () => gate;
      server.deliver('1', mail(1));
      await read({ folders });
      await until(() => documents.length === 1);
      expect(server.mails()).toHaveLength(1);
      release();
      await until(() => server.mails('.Done').length === 1);
    });

    it('comes again for what could not be taken, and takes the others meanwhile', async () => {
      let failures = 2;
      onDocument = async ({ attachments }) => {
        if (attachments[0]!.bytes[0] === 1 && failures-- > 0)
          throw new ExchangeError('EXCHANGE_FULL', 'later');
      };
      server.deliver('1', mail(1));
      server.deliver('2', mail(2));
      await read({ folders });
      await until(() => server.mails('.Done').length === 2);
      expect(bytesTaken()).toEqual([1, 2, 1, 1]);
    });

    it('puts aside what is refused, and what is too large without fetching it', async () => {
      onDocument = async () => {
        throw new ExchangeError('EXCHANGE_UNSIGNED', 'not signed', { permanent: true });
      };
      server.deliver('1', mail(1));
      server.deliver('2', mail(2) + 'x'.repeat(5_000));
      await read({ folders, limits: { maxMessageBytes: 4_000 } });
      await until(() => server.mails('.Refused').length === 2);
      expect(documents).toHaveLength(1);
      expect(refused.map(({ error }) => error.message)).toEqual(['a mail over 4000 bytes']);
      await until(() => server.mails().length === 0);
    });

    it('knows a bounce', async () => {
      const status = 'Final-Recipient: rfc822; flex@isp-b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n';
      server.deliver(
        '1',
        `Return-Path: <>\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n` +
          `Reporting-MTA: dns; x\r\n\r\n${status}\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <flex.17@isp-a.example>\r\n\r\n--x--\r\n`,
      );
      await read({ folders });
      await until(() => server.mails('.Done').length === 1);
      expect(reports).toMatchObject([{ reference: { sender: 'isp-a.example', id: '17' }, action: 'failed' }]);
    });

    it('is read on where the server was gone, and loses and repeats nothing', async () => {
      await read({ folders });
      await until(() => transport.mailbox()?.connected === true);
      server.deliver('1', mail(1));
      await until(() => server.mails('.Done').length === 1);
      await server.kill();
      await until(() => transport.mailbox()?.connected === false);
      expect(transport.mailbox()?.problem).toBeTruthy();
      server.deliver('2', mail(2));
      await server.start();
      await until(() => server.mails('.Done').length === 2);
      expect(bytesTaken()).toEqual([1, 2]);
    });

    it('is not opened without TLS where that is required, nor with another password', async () => {
      await read({ tls: {} });
      await until(() => /self-signed/.test(transport.mailbox()?.problem ?? ''));
      await transport.stop();
      await read({ auth: { user: 'flex', pass: 'another' } });
      await until(() => /Authentication failed/.test(transport.mailbox()?.problem ?? ''));
    });
  },
);

describe('a mailbox that cannot be reached', () => {
  it('does not keep the transport from starting, or from stopping', async () => {
    const transport = createSmtpTransport(
      {
        from: 'flex@isp-b.example',
        // Port 1 is tcpmux, which nobody serves.
        mailbox: { host: '127.0.0.1', port: 1, auth: dovecotUser },
      },
      { onDocument: async () => {} },
    );
    await transport.start();
    await transport.stop();
    expect(transport.mailbox()).toEqual({ connected: false });
  });
});
