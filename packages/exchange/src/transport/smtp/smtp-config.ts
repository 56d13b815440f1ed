import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { defaultMimeLimits } from '../../mime/mime-limits.ts';
import type { ImapMailboxConfig } from '../imap/imap-config.ts';
import type { MailIntakeLimits } from './mail-intake.ts';

/** A way out, a way in or two, or both. */
export interface SmtpTransportConfig {
  /** Our mail address: `From` and envelope sender. */
  readonly from: string;
  /** Where mail is handed over; left out: nothing can be sent. */
  readonly relay?: SmtpRelayConfig;
  /** Where mail is taken; left out: nothing is received. */
  readonly listen?: SmtpListenConfig;
  /** A mailbox that mail is fetched from, instead of the listener or beside it. */
  readonly mailbox?: ImapMailboxConfig;
}

export interface SmtpRelayConfig {
  readonly host: string;
  readonly port: number;
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
