import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { defaultMimeLimits } from '../../mime/mime-limits.ts';
import type { ImapMailboxConfig } from '../imap/imap-config.ts';
import type { MailIntakeLimits } from './mail-intake.ts';

/** A way out, a way in or two, or both. */
export interface SmtpTransportConfig {
  /** Our mail address: `From` and envelope sender. */
  readonly from: string;
  /** A smart host that mail is handed to. Without it and `direct` nothing can be sent. */
  readonly relay?: SmtpRelayConfig;
  /** Delivery to the hosts of each receiver, found by MX, instead of a smart host. */
  readonly direct?: SmtpDirectConfig;
  /** Signs what is sent, for the mail systems on the way (DKIM, RFC 6376); it proves nothing to an exchange. */
  readonly dkim?: SmtpDkimConfig;
  /** Where mail is taken; left out: nothing is received. */
  readonly listen?: SmtpListenConfig;
  /** A mailbox that mail is fetched from, instead of the listener or beside it. */
  readonly mailbox?: ImapMailboxConfig;
}

export interface SmtpDkimConfig {
  /** The domain that signs: that of `from`, as receivers want it. */
  readonly domain: string;
  /** Where the public key is published: `<selector>._domainkey.<domain>`. */
  readonly selector: string;
  /** RSA or Ed25519, PEM. */
  readonly privateKey: string;
}

export interface SmtpDirectConfig {
  /**
   * `opportunistic`, the default: TLS where the host offers it, whatever its certificate; `required`: TLS with a
   * certificate for the host's name, or no mail.
   */
  readonly security?: 'opportunistic' | 'required';
  /** What we call ourselves (EHLO): the name that our address has in the DNS. Default: the domain of `from`. */
  readonly name?: string;
  /** Default 25. */
  readonly port?: number;
  /** Passed through to TLS. */
  readonly tls?: ConnectionOptions;
  /** As in `SmtpRelayConfig`, for each host. */
  readonly maxConnections?: number;
  readonly connectTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

export interface SmtpRelayConfig {
  readonly host: string;
  readonly port: number;
  /** What we call ourselves (EHLO). Default: the name of this host. */
  readonly name?: string;
  /** TLS from the first byte. Default false: STARTTLS where the relay offers it. */
  readonly secure?: boolean;
  /**
   * No STARTTLS even where the relay offers it. Default: true for loopback addresses where no TLS is required, false
   * otherwise.
   */
  readonly ignoreTls?: boolean;
  /** No mail without TLS. Default false. */
  readonly requireTls?: boolean;
  /** Passed through to TLS. */
  readonly tls?: ConnectionOptions;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** Connections at one time. Default 2. */
  readonly maxConnections?: number;
  /** Each attempt gives up after this without a connection, milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** … and after this without a byte from the relay, milliseconds. Default 60,000. */
  readonly idleTimeoutMs?: number;
}

export interface SmtpListenConfig {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The only addresses that mail is accepted for; compared without regard to case. */
  readonly recipients: readonly string[];
  /** Offered as STARTTLS; left out: no TLS. */
  readonly tls?: TlsOptions;
  readonly limits?: Partial<SmtpListenLimits>;
}

export interface SmtpListenLimits extends MailIntakeLimits {
  /** Bytes of one mail as it travels, base64 and all. Default 20 MiB (14 MiB of attachment, roughly). */
  readonly maxMessageBytes: number;
  /** Bytes of all mails that are being received at one time; more are asked to come again. Default 64 MiB. */
  readonly maxBufferedBytes: number;
  /** Connections at one time. Default 20. */
  readonly maxConnections: number;
  /** Recipients of one mail. Default 10. */
  readonly maxRecipients: number;
  /** Mails a minute from one IP address. Default 120. */
  readonly maxMessagesPerMinute: number;
  /** Milliseconds without a byte from the client. Default 60,000. */
  readonly idleTimeoutMs: number;
  /** Milliseconds that a connection may last, whatever it does. Default 600,000. */
  readonly sessionTimeoutMs: number;
  /** Milliseconds that `stop` leaves to mails that are being received. Default 2,000. */
  readonly stopTimeoutMs: number;
}

export const defaultSmtpListenLimits: SmtpListenLimits = {
  ...defaultMimeLimits,
  maxMessageBytes: 20 * 1024 * 1024,
  maxBufferedBytes: 64 * 1024 * 1024,
  maxConnections: 20,
  maxRecipients: 10,
  maxMessagesPerMinute: 120,
  maxHops: 100,
  idleTimeoutMs: 60_000,
  sessionTimeoutMs: 600_000,
  stopTimeoutMs: 2_000,
};
