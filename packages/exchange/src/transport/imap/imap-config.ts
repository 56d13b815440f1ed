import type { ConnectionOptions } from 'node:tls';
import { defaultMimeLimits } from '../../mime/mime-limits.ts';
import type { MailIntakeLimits } from '../smtp/mail-intake.ts';

/** A mailbox that some mail system delivers our mail to, read by IMAP (RFC 9051, RFC 3501). */
export interface ImapMailboxConfig {
  readonly host: string;
  /** Default: 993 where TLS begins with the first byte, 143 otherwise. */
  readonly port?: number;
  /**
   * `implicit`, the default: from the first byte; `required`: STARTTLS, or no login; `opportunistic`: STARTTLS where it is
   * offered; `none`: not even then.
   */
  readonly security?: 'implicit' | 'required' | 'opportunistic' | 'none';
  /** Passed through to TLS. */
  readonly tls?: ConnectionOptions;
  readonly auth: { readonly user: string; readonly pass: string };
  /** Default `INBOX`. Of Flowpact's own: without `folders`, mail that somebody else has marked as read is never seen. */
  readonly mailbox?: string;
  /**
   * Where a mail goes that is done with; made where they are missing. Left out: it stays, with `\Seen` and, where it was
   * refused, `\Flagged`.
   */
  readonly folders?: { readonly done: string; readonly refused: string };
  readonly limits?: Partial<ImapLimits>;
}

export interface ImapLimits extends MailIntakeLimits {
  /** Bytes of one mail as it travels; a larger one is refused without being fetched. Default 20 MiB. */
  readonly maxMessageBytes: number;
  /** Mails taken in one round; the next round follows at once. Default 100. */
  readonly maxMailsPerRound: number;
  /** The mailbox is looked into at least so often, whether the server tells of new mail or not, milliseconds. Default 60,000. */
  readonly pollMs: number;
  /** A mail that could not be taken for now is left so long before it is tried again, milliseconds. Default 30,000. */
  readonly retryMs: number;
  /** The pause before a lost connection is tried again, doubled each time and shortened at random, milliseconds. Default 1,000. */
  readonly reconnectMs: number;
  /** The longest such pause, milliseconds. Default 300,000. */
  readonly maxReconnectMs: number;
  /** An attempt to connect and log in gives up after this, milliseconds. Default 10,000. */
  readonly connectTimeoutMs: number;
  /** Milliseconds that `stop` leaves to a mail that is being taken. Default 2,000. */
  readonly stopTimeoutMs: number;
}

export const defaultImapLimits: ImapLimits = {
  ...defaultMimeLimits,
  maxHops: 100,
  maxMessageBytes: 20 * 1024 * 1024,
  maxMailsPerRound: 100,
  pollMs: 60_000,
  retryMs: 30_000,
  reconnectMs: 1_000,
  maxReconnectMs: 300_000,
  connectTimeoutMs: 10_000,
  stopTimeoutMs: 2_000,
};
