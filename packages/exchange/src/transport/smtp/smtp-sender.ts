import { connect, type Socket } from 'node:net';
import nodemailer, { type NodemailerError, type SMTPPoolOptions, type Transporter } from 'nodemailer';
import type { Clock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import type { OutgoingDocument, SendReceipt } from '../transport.ts';
import { isMailAddress } from './mail-address.ts';
import type { SmtpDkimConfig, SmtpRelayConfig } from './smtp-config.ts';
import { writeMail } from './write-mail.ts';

/** Shorter than any relay's patience (RFC 5321, section 4.5.3.2.7: five minutes), long enough for a burst. */
const keptConnectionMs = 5_000;

export interface SmtpSender {
  /** @throws ExchangeError `EXCHANGE_SEND_FAILED`. */
  send(document: OutgoingDocument): Promise<SendReceipt>;
  /** Ends every attempt in flight. */
  stop(): void;
}

/** Hands mail to a relay, on a few connections that are kept for a moment. */
export function createSmtpSender(
  from: string,
  relay: SmtpRelayConfig,
  deps: { readonly clock: Clock; readonly dkim?: SmtpDkimConfig },
): SmtpSender {
  const { dkim } = deps;
  const connectTimeoutMs = relay.connectTimeoutMs ?? 10_000;
  const idleTimeoutMs = relay.idleTimeoutMs ?? 60_000;
  const sockets = new Set<Socket>();
  const options: SMTPPoolOptions & { pool: true } = {
    pool: true,
    maxConnections: relay.maxConnections ?? 2,
    idleTimeout: keptConnectionMs,
    // A kept connection that the relay closes at the moment of use costs one more attempt, not the mail.
    maxRequeues: 1,
    host: relay.host,
    port: relay.port,
    secure: relay.secure ?? false,
    ignoreTLS: relay.ignoreTls ?? (isLoopback(relay.host) && relay.requireTls !== true),
    requireTLS: relay.requireTls ?? false,
    // A STARTTLS that fails is no reason to wait, where nothing but the mail would be seen.
    opportunisticTLS: relay.requireTls !== true && relay.auth === undefined,
    ...(relay.name === undefined ? {} : { name: relay.name }),
    ...(dkim === undefined
      ? {}
      : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
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
  // A pool that was closed stays so; the next mail after stop() makes another.
  let pool: Transporter | undefined;

  return {
    async send(document) {
      const { to } = document;
      checkMailAddress(to.address);
      try {
        pool ??= nodemailer.createTransport(options);
        const { response } = await pool.sendMail({
          envelope: { from, to: [to.address] },
          // Of what comes back the header is enough, where the relay knows how to send no more (RFC 3461).
          dsn: { ret: 'HDRS', notify: ['FAILURE', 'DELAY'] },
          raw: await writeMail(document, from, new Date(deps.clock.now())),
        });
        return { transport: 'smtp', atMs: deps.clock.now(), response };
      } catch (cause) {
        throw sendFailure(relay, cause as NodemailerError);
      }
    },
    stop() {
      for (const socket of sockets) socket.destroy(new Error('stopped'));
      pool?.close();
      pool = undefined;
    },
  };
}

/** @throws ExchangeError `EXCHANGE_SEND_FAILED`, permanent. */
export function checkMailAddress(address: string): void {
  if (isMailAddress(address)) return;
  throw new ExchangeError('EXCHANGE_SEND_FAILED', `"${address}" is not a plain mail address`, {
    permanent: true,
  });
}

function sendFailure({ host, port }: SmtpRelayConfig, cause: NodemailerError): ExchangeError {
  // 5xx about the sender, the recipient or the mail stays so; 5xx about the connection or a password is a matter of
  // configuration, and the mail has a chance after it is mended.
  const permanent =
    (cause.code === 'EENVELOPE' || cause.code === 'EMESSAGE') && (cause.responseCode ?? 0) >= 500;
  return new ExchangeError(
    'EXCHANGE_SEND_FAILED',
    `${host}:${port} did not take the mail: ${cause.message}`,
    {
      permanent,
      cause,
    },
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.[0-9.]+$/.test(host);
}
