import type { ImapFlow } from 'imapflow';
import type { Clock } from '../../clock.ts';
import { ExchangeError } from '../../exchange-error.ts';
import { headerFields, splitHeader } from '../../mime/mime-entity.ts';
import { plainAddress } from '../smtp/mail-address.ts';
import { badMail, takeMail } from '../smtp/mail-intake.ts';
import type { TransportDeps } from '../transport.ts';
import type { ImapLimits, ImapMailboxConfig } from './imap-config.ts';

export interface ImapTakeDeps extends TransportDeps {
  readonly clock: Clock;
  readonly limits: ImapLimits;
  /** Mails that are to be left alone for now, by UID, until when; kept up to date. */
  readonly postponed: Map<number, number>;
  readonly stop: AbortSignal;
}

/**
 * Takes what waits in the open mailbox, the oldest first, one after the other, and marks each when it is done with.
 * Rejects where the connection fails. True: there is more.
 */
export async function takeFromMailbox(
  client: ImapFlow,
  config: ImapMailboxConfig,
  deps: ImapTakeDeps,
): Promise<boolean> {
  const { limits, postponed, clock, stop } = deps;
  const query = config.folders === undefined ? { seen: false } : { deleted: false };
  const found = await client.search(query, { uid: true });
  const uids = Array.isArray(found) ? [...found].sort((x, y) => x - y) : [];
  const present = new Set(uids);
  for (const uid of postponed.keys()) if (!present.has(uid)) postponed.delete(uid);
  const due = uids.filter((uid) => (postponed.get(uid) ?? 0) <= clock.now());
  for (const uid of due.slice(0, limits.maxMailsPerRound)) {
    if (stop.aborted) return false;
    const verdict = await takeOne(client, uid, deps);
    if (verdict === 'later') postponed.set(uid, clock.now() + limits.retryMs);
    else {
      postponed.delete(uid);
      await mark(client, uid, config, verdict);
    }
  }
  return due.length > limits.maxMailsPerRound;
}

async function takeOne(
  client: ImapFlow,
  uid: number,
  deps: ImapTakeDeps,
): Promise<'done' | 'refused' | 'later'> {
  const { limits } = deps;
  const message = { uid: true } as const;
  const head = await client.fetchOne(String(uid), { uid: true, size: true }, message);
  // Somebody has removed it.
  if (head === false) return 'done';
  if ((head.size ?? 0) > limits.maxMessageBytes) {
    return refuse(deps, badMail(`a mail over ${limits.maxMessageBytes} bytes`));
  }
  const fetched = await client.fetchOne(String(uid), { uid: true, source: true }, message);
  if (fetched === false || fetched.source === undefined) return 'done';
  const mail = fetched.source;
  try {
    await takeMail({ mail, envelopeFrom: returnPathOf(mail), envelopeTo: [] }, limits, deps);
    return 'done';
  } catch (error) {
    return error instanceof ExchangeError && error.permanent ? 'refused' : 'later';
  }
}

function refuse(deps: ImapTakeDeps, error: ExchangeError): 'refused' {
  deps.onRefused?.({ transport: 'smtp', error });
  return 'refused';
}

/** By UID, which no other mail of this mailbox ever has. */
async function mark(
  client: ImapFlow,
  uid: number,
  { folders }: ImapMailboxConfig,
  verdict: 'done' | 'refused',
): Promise<void> {
  const message = { uid: true } as const;
  if (folders !== undefined) {
    await client.messageMove(String(uid), folders[verdict], message);
    return;
  }
  const flags = verdict === 'refused' ? ['\\Seen', '\\Flagged'] : ['\\Seen'];
  await client.messageFlagsAdd(String(uid), flags, message);
}

/**
 * The envelope sender, as the mail system wrote it down when it delivered the mail: the topmost, since a sender could have
 * written others (RFC 5321, section 4.4). Where it did not, `From` has to do. Like every envelope it proves nothing.
 */
function returnPathOf(mail: Buffer): string {
  const fields = headerFields(splitHeader(mail).header);
  const textOf = (name: string) => {
    const field = fields.find((known) => known.name.toLowerCase() === name);
    return field?.text
      .slice(field.text.indexOf(':') + 1)
      .replace(/\s+/g, ' ')
      .trim();
  };
  const path = textOf('return-path');
  if (path !== undefined) return plainAddress(path.replace(/^<|>$/g, ''));
  const from = textOf('from') ?? '';
  return plainAddress(/<([^<>\s]+)>$/.exec(from)?.[1] ?? from);
}
