import { type Clock, systemClock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import { createImapReceiver, type ImapState } from '../imap/imap-receiver.ts';
import type { Transport, TransportDeps } from '../transport.ts';
import { createDirectSender } from './direct-sender.ts';
import { isMailAddress } from './mail-address.ts';
import { dnsResolver, type MailResolver } from './mail-hosts.ts';
import type { SmtpTransportConfig } from './smtp-config.ts';
import { createSmtpReceiver } from './smtp-receiver.ts';
import { createSmtpSender, type SmtpSender } from './smtp-sender.ts';

export interface SmtpTransport extends Transport {
  readonly kind: 'smtp';
  /** Where mail is taken; undefined while none is. */
  address(): { readonly host: string; readonly port: number } | undefined;
  /** Of the mailbox that mail is fetched from; undefined where there is none. */
  mailbox(): ImapState | undefined;
}

export type SmtpTransportDeps = TransportDeps & {
  readonly clock?: Clock;
  /** Left out: that of `node:dns`. */
  readonly resolver?: MailResolver;
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
  const sender = createSender(config, { clock, resolver: deps.resolver ?? dnsResolver });
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
        throw new ExchangeError('EXCHANGE_SEND_FAILED', 'neither a relay nor direct delivery is configured');
      }
      return sender.send(document);
    },
    address: () => receiver?.address(),
    mailbox: () => mailbox?.state(),
  };
}

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`. */
function createSender(
  { from, relay, direct, dkim }: SmtpTransportConfig,
  deps: { readonly clock: Clock; readonly resolver: MailResolver },
): SmtpSender | undefined {
  if (relay !== undefined && direct !== undefined) {
    throw new ExchangeError('EXCHANGE_BAD_CONFIG', 'mail goes to a relay or direct, not both', {
      permanent: true,
    });
  }
  const signing = { ...deps, ...(dkim === undefined ? {} : { dkim }) };
  if (direct !== undefined) return createDirectSender(from, direct, signing);
  return relay && createSmtpSender(from, relay, signing);
}
