import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import { printable } from '../../summary/printable.ts';
import type { TransportDeps } from '../transport.ts';
import { plainAddress } from './mail-address.ts';
import { badMail, takeMail } from './mail-intake.ts';
import { createRateLimit } from './rate-limit.ts';
import { defaultSmtpListenLimits, type SmtpListenConfig } from './smtp-config.ts';

export interface SmtpReceiver {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Where it listens; undefined while it doesn't. */
  address(): { readonly host: string; readonly port: number } | undefined;
}

/**
 * Takes mail for a few addresses, one document a mail, and answers only when the document is in safe hands.
 *
 * Replies beyond those of the protocol: 421 too many connections, too long, or stopping; 450 too many mails a minute;
 * 452 no room at the moment; 550 another recipient; 552 too large; 554 refused for good; 451 come again.
 */
export function createSmtpReceiver(
  config: SmtpListenConfig,
  deps: TransportDeps & { readonly clock: Clock },
): SmtpReceiver {
  const limits = { ...defaultSmtpListenLimits, ...config.limits };
  const recipients = new Set(config.recipients.map((address) => address.toLowerCase()));
  const rate = createRateLimit(limits.maxMessagesPerMinute, deps.clock);
  const sockets = new Set<Socket>();
  /** Sessions in which a mail is on its way or being looked at. */
  const busy = new Set<string>();
  const deadlines = new Map<string, NodeJS.Timeout>();
  let bufferedBytes = 0;
  let server: SMTPServer | undefined;

  function createServer(): SMTPServer {
    const created = new SMTPServer({
      ...config.tls,
      disabledCommands: config.tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
      // A look-up of each client's name would let the client's DNS delay us, and nobody reads the name.
      disableReverseLookup: true,
      hideSMTPUTF8: true,
      logger: false,
      size: limits.maxMessageBytes,
      rejectOversized: true,
      maxClients: limits.maxConnections,
      maxRecipients: limits.maxRecipients,
      socketTimeout: limits.idleTimeoutMs,
      closeTimeout: limits.stopTimeoutMs,
      onConnect(session, callback) {
        const deadline = setTimeout(() => closeConnection(created, session.id), limits.sessionTimeoutMs);
        deadlines.set(session.id, deadline.unref());
        callback();
      },
      onClose(session) {
        clearTimeout(deadlines.get(session.id));
        deadlines.delete(session.id);
      },
      onMailFrom(_address, session, callback) {
        if (rate.take(session.remoteAddress)) callback();
        else callback(new Reply(450, 'too many mails from your address, try again in a minute'));
      },
      onRcptTo({ address }, _session, callback) {
        if (recipients.has(plainAddress(address).toLowerCase())) callback();
        else callback(new Reply(550, 'no such recipient here'));
      },
      onData(stream, session, callback) {
        busy.add(session.id);
        receive(created, stream, session)
          .then(
            () => callback(null, 'OK: in the journal'),
            (error: unknown) => callback(replyFor(error)),
          )
          .finally(() => busy.delete(session.id));
      },
    });
    // Clients that vanish in mid-mail are reported here; the streams of their mails have been told already.
    created.on('error', () => {});
    created.server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return created;
  }

  async function receive(
    from: SMTPServer,
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
  ): Promise<void> {
    // Fixed now: the server resets the envelope for the next mail.
    const { mailFrom, rcptTo } = session.envelope;
    const envelopeFrom = mailFrom === false ? '' : plainAddress(mailFrom.address);
    const refuse = (error: ExchangeError) => deps.onRefused?.({ transport: 'smtp', envelopeFrom, error });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let verdict: Reply | undefined;
    const release = () => {
      for (const chunk of chunks) bufferedBytes -= chunk.length;
      chunks.length = 0;
    };
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > limits.maxMessageBytes) {
          if (verdict?.responseCode !== 552) refuse(badMail(`a mail over ${limits.maxMessageBytes} bytes`));
          verdict = new Reply(552, 'the mail is too large');
        } else if (bufferedBytes + chunk.length > limits.maxBufferedBytes)
          verdict ??= new Reply(452, 'no room for this mail at the moment, try again later');
        if (verdict === undefined) {
          chunks.push(chunk);
          bufferedBytes += chunk.length;
        } else {
          release();
          // SMTP has no way to stop a sender before the end of its mail but to hang up.
          if (bytes > 2 * limits.maxMessageBytes) closeConnection(from, session.id);
        }
      }
      if (verdict !== undefined) throw verdict;
      const taken = {
        mail: Buffer.concat(chunks),
        envelopeFrom,
        envelopeTo: rcptTo.map(({ address }) => plainAddress(address)),
      };
      await takeMail(taken, limits, deps);
    } finally {
      release();
    }
  }

  return {
    async start() {
      if (server !== undefined) return;
      const starting = createServer();
      await new Promise<void>((resolve, reject) => {
        starting.server.once('error', reject);
        starting.listen(config.port, config.host ?? '127.0.0.1', () => {
          starting.server.off('error', reject);
          resolve();
        });
      });
      server = starting;
    },
    async stop() {
      const stopping = server;
      if (stopping === undefined) return;
      server = undefined;
      const closed = new Promise<void>((resolve) => stopping.close(resolve));
      for (const { id } of [...stopping.connections]) {
        if (!busy.has(id)) closeConnection(stopping, id);
      }
      await closed;
      // Whoever has not hung up by now has been told to. Under TLS the server's own deadline of 5 s does this:
      // tearing the socket away beneath a handshake is not safe.
      if (config.tls === undefined) for (const socket of sockets) socket.destroy();
    },
    address() {
      const info = server?.server.address() as AddressInfo | null | undefined;
      return info ? { host: info.address, port: info.port } : undefined;
    },
  };
}

function closeConnection(server: SMTPServer, id: string): void {
  for (const connection of [...server.connections]) {
    if (connection.id === id) connection.send(421, 'closing the connection');
  }
}

/** The form in which smtp-server wants its replies. */
class Reply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** Reasons travel to the sender; what went wrong inside does not. */
function replyFor(error: unknown): Reply {
  if (error instanceof ExchangeError) {
    // RFC 5321, section 4.5.3.1.5: a reply line has 512 octets at most; ASCII, since SMTPUTF8 is not offered.
    const reason = printable(error.message, 400).replace(/[^ -~]/g, '?');
    return new Reply(error.permanent ? 554 : 451, reason);
  }
  if (error instanceof Reply) return error;
  return new Reply(451, 'cannot take this mail now, try again later');
}
