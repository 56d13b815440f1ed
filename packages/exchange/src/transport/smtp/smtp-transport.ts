import { type Clock, systemClock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import { createImapReceiver, type ImapState } from '../imap/imap-receiver.ts';
import type { Transport, TransportDeps } from '../transport.ts';
import { isMailAddress } from './mail-address.ts';
import type { SmtpTransportConfig } from './smtp-config.ts';
import { createSmtpReceiver } from './smtp-receiver.ts';
import { createSmtpSender } from './smtp-sender.ts';

export interface SmtpTransport extends Transport {
  readonly kind: 'smtp';
  /** Where mail is taken; undefined while none is. */
  address(): { readonly host: string; readonly port: number } | undefined;
  /** Of the mailbox that mail is fetched from; undefined where there is none. */
  mailbox(): ImapState | undefined;
}

export type SmtpTransportDeps = TransportDeps & {
  readonly clock?: Clock;
  /** Told when the mailbox is opened and lost, and why. */
  readonly onMailboxState?: (state: ImapState) => void;
};

/**
 * Carries documents as mail: `multipart/mixed` of a summary to read and the message as an attachment.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG`.
 */
export function createSmtpTransport(config: SmtpTransportConfig, deps: SmtpTransportDeps): SmtpTransport {
  for (const address of [config.from, ...(config.listen?.recipients ?? [])]) {
    if (!isMailAddress(address)) {
      throw new ExchangeError('EXCHANGE_BAD_CONFIG', `"${address}" is not a plain mail address`, {
        permanent: true,
      });
    }
  }
  const clock = deps.clock ?? systemClock;
  const sender = config.relay && createSmtpSender(config.from, config.relay, { clock });
  const receiver = config.listen && createSmtpReceiver(config.listen, { ...deps, clock });
  const onState = deps.onMailboxState;
  const mailbox = config.mailbox && createImapReceiver(config.mailbox, { ...deps, clock, onState });
  return {
    kind: 'smtp',
    async start() {
      await receiver?.start();
      mailbox?.start();
    },
    async stop() {
      await Promise.all([receiver?.stop(), mailbox?.stop()]);
      sender?.stop();
    },
    async send(document) {
      if (sender === undefined) {
        throw new ExchangeError('EXCHANGE_SEND_FAILED', 'no relay is configured to hand mail to');
      }
      return sender.send(document);
    },
    address: () => receiver?.address(),
    mailbox: () => mailbox?.state(),
  };
}
