import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

export interface MailHub {
  readonly port: number;
  /** Where the mail of each recipient goes. */
  readonly portOf: Map<string, number>;
  stop(): Promise<void>;
}

/** A mail server on loopback that hands each mail on to its recipient's, or not at all. */
export async function startMailHub(): Promise<MailHub> {
  const portOf = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo[0]!.address;
        const next = createTransport({ host: '127.0.0.1', port: portOf.get(to), ignoreTLS: true });
        next
          .sendMail({ envelope: { from, to }, raw: Buffer.concat(chunks) })
          .then(() => callback(), callback)
          .finally(() => next.close());
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the hub has no port');
  return {
    port: address.port,
    portOf,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
