import type { Clock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import type { OutgoingDocument } from '../transport.ts';
import { type MailResolver, mailHostsOf } from './mail-hosts.ts';
import type { SmtpDirectConfig, SmtpDkimConfig, SmtpRelayConfig } from './smtp-config.ts';
import { checkMailAddress, createSmtpSender, type SmtpSender } from './smtp-sender.ts';

/** Hosts whose connections are kept for a moment; the one that was used least lately leaves. */
const maxHostsKept = 100;

/**
 * Delivers mail to the hosts of its receiver. Certificates of such hosts are checked where TLS is required; where it is
 * not, an unknown one is better than none (RFC 7435).
 */
export function createDirectSender(
  from: string,
  config: SmtpDirectConfig,
  deps: { readonly clock: Clock; readonly resolver: MailResolver; readonly dkim?: SmtpDkimConfig },
): SmtpSender {
  const senders = new Map<string, SmtpSender>();
  const isRequired = config.security === 'required';

  function senderTo(host: string): SmtpSender {
    const relay: SmtpRelayConfig = {
      host,
      port: config.port ?? 25,
      name: config.name ?? from.slice(from.lastIndexOf('@') + 1),
      ignoreTls: false,
      requireTls: isRequired,
      tls: { ...config.tls, ...(isRequired ? {} : { rejectUnauthorized: false }) },
      maxConnections: config.maxConnections,
      connectTimeoutMs: config.connectTimeoutMs,
      idleTimeoutMs: config.idleTimeoutMs,
    };
    const sender = senders.get(host) ?? createSmtpSender(from, relay, deps);
    senders.delete(host);
    senders.set(host, sender);
    for (const [oldest, unused] of senders) {
      if (senders.size <= maxHostsKept) break;
      senders.delete(oldest);
      unused.stop();
    }
    return sender;
  }

  return {
    async send(document: OutgoingDocument) {
      checkMailAddress(document.to.address);
      let failure: unknown;
      for (const host of await mailHostsOf(document.to.address, deps.resolver)) {
        try {
          return await senderTo(host).send(document);
        } catch (error) {
          // RFC 5321, section 5.1: the next one may take what this one could not.
          failure = error;
          if (error instanceof ExchangeError && error.permanent) break;
        }
      }
      throw failure;
    },
    stop() {
      for (const sender of senders.values()) sender.stop();
      senders.clear();
    },
  };
}
