import { connect, type Socket } from 'node:net';
import nodemailer, { type NodemailerError, type SMTPTransportOptions } from 'nodemailer';
import type { Clock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import type { OutgoingDocument, SendReceipt } from '../transport.ts';
import { isMailAddress } from './mail-address.ts';
import { mailMessageId } from './message-id.ts';
import type { SmtpRelayConfig } from './smtp-config.ts';

export interface SmtpSender {
  /** @throws ExchangeError `EXCHANGE_SEND_FAILED`. */
  send(document: OutgoingDocument): Promise<SendReceipt>;
  /** Ends every attempt in flight. */
  stop(): void;
}

/** Hands mail to a relay, each on a connection of its own. */
export function createSmtpSender(
  from: string,
  relay: SmtpRelayConfig,
  deps: { readonly clock: Clock },
): SmtpSender {
  const connectTimeoutMs = relay.connectTimeoutMs ?? 10_000;
  const idleTimeoutMs = relay.idleTimeoutMs ?? 60_000;
  const sockets = new Set<Socket>();
  const options: SMTPTransportOptions = {
    host: relay.host,
    port: relay.port,
    secure: relay.secure ?? false,
    ignoreTLS: relay.ignoreTls ?? (isLoopback(relay.host) && relay.requireTls !== true),
    requireTLS: relay.requireTls ?? false,
    tls: relay.tls,
    auth: relay.auth,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: idleTimeoutMs,
    // A mail is made of what it is given; nothing in it may name a file or a page to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
    // The sockets are ours, so that stop() can end them.
    getSocket(_options, callback) {
      const socket = connect({ host: relay.host, port: relay.port, noDelay: true });
      sockets.add(socket);
      const deadline = setTimeout(
        () => socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)),
        connectTimeoutMs,
      );
      const onError = (error: Error) => callback(error);
      socket.once('error', onError);
      // Until nodemailer listens itself, and after it has stopped to.
      socket.on('error', () => {});
      socket.once('connect', () => {
        clearTimeout(deadline);
        socket.off('error', onError);
        callback(null, { connection: socket });
      });
      socket.once('close', () => {
        clearTimeout(deadline);
        sockets.delete(socket);
      });
    },
  };
  const transporter = nodemailer.createTransport(options);

  return {
    async send({ to, summary, attachment, reference, inReplyTo }) {
      if (!isMailAddress(to.address)) {
        throw new ExchangeError('EXCHANGE_SEND_FAILED', `"${to.address}" is not a plain mail address`, {
          permanent: true,
        });
      }
      const answered = inReplyTo && mailMessageId(inReplyTo);
      try {
        const { response } = await transporter.sendMail({
          envelope: { from, to: [to.address] },
          from: { name: '', address: from },
          to: { name: '', address: to.address },
          date: new Date(deps.clock.now()),
          messageId: mailMessageId(reference),
          inReplyTo: answered,
          references: answered,
          subject: summary.subject,
          // RFC 3834, section 5: so that no vacation notice comes back.
          headers: { 'Auto-Submitted': answered === undefined ? 'auto-generated' : 'auto-replied' },
          text: summary.text,
          attachments: [
            {
              filename: attachment.name,
              contentType: attachment.mediaType,
              contentTransferEncoding: 'base64',
              content: Buffer.from(attachment.bytes),
            },
          ],
        });
        return { transport: 'smtp', atMs: deps.clock.now(), response };
      } catch (cause) {
        throw sendFailure(relay, cause as NodemailerError);
      }
    },
    stop() {
      for (const socket of sockets) socket.destroy(new Error('stopped'));
      transporter.close();
    },
  };
}

function sendFailure({ host, port }: SmtpRelayConfig, cause: NodemailerError): ExchangeError {
  // 5xx about the sender, the recipient or the mail stays so; 5xx about the connection or a password is a matter of
  // configuration, and the mail has a chance after it is mended.
  const permanent =
    (cause.code === 'EENVELOPE' || cause.code === 'EMESSAGE') && (cause.responseCode ?? 0) >= 500;
  return new ExchangeError(
    'EXCHANGE_SEND_FAILED',
    `the relay ${host}:${port} did not take the mail: ${cause.message}`,
    {
      permanent,
      cause,
    },
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.[0-9.]+$/.test(host);
}
