import { type Clock, systemClock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import type { Transport, TransportDeps } from '../transport.ts';
import { isMailAddress } from './mail-address.ts';
import type { SmtpTransportConfig } from './smtp-config.ts';
import { createSmtpReceiver } from './smtp-receiver.ts';
import { createSmtpSender } from './smtp-sender.ts';

export interface SmtpTransport extends Transport {
  readonly kind: 'smtp';
  /** Where mail is taken; undefined while none is. */
  address(): { readonly host: string; readonly port: number } | undefined;
}

/**
 * Carries documents as mail: `multipart/mixed` of a summary to read and the message as an attachment.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG`.
 */
export function createSmtpTransport(
  config: SmtpTransportConfig,
  deps: TransportDeps & { readonly clock?: Clock },
): SmtpTransport {
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
  return {
    kind: 'smtp',
    async start() {
      await receiver?.start();
    },
    async stop() {
      await receiver?.stop();
      sender?.stop();
    },
    async send(document) {
      if (sender === undefined) {
        throw new ExchangeError('EXCHANGE_SEND_FAILED', 'no relay is configured to hand mail to');
      }
      return sender.send(document);
    },
    address: () => receiver?.address(),
  };
}
