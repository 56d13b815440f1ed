import type { ImapFlow, ImapFlowOptions } from 'imapflow';
import type { ImapLimits, ImapMailboxConfig } from './imap-config.ts';

/** Room for what stands around a mail in a response. */
const responseOverheadBytes = 1024 * 1024;

/** Idle as soon as nothing was asked for so long, milliseconds. */
const autoIdleMs = 200;

/**
 * A connection with the mailbox open, and its folders there. Rejects with whatever is in the way; nothing is left open
 * then.
 */
export async function openMailbox(
  config: ImapMailboxConfig,
  limits: ImapLimits,
  stop: AbortSignal,
): Promise<ImapFlow> {
  // Only where it is needed: it takes longer to load than all the rest of the package.
  const imapflow = await import('imapflow');
  const client = new imapflow.ImapFlow(optionsOf(config, limits));
  const close = () => client.close();
  // What goes wrong ends the command that is under way, too, and is told by that.
  client.on('error', () => {});
  stop.addEventListener('abort', close);
  try {
    if (stop.aborted) throw new Error('stopped');
    await client.connect();
    const { done, refused } = config.folders ?? {};
    for (const folder of [done, refused]) if (folder !== undefined) await client.mailboxCreate(folder);
    const mailbox = await client.mailboxOpen(config.mailbox ?? 'INBOX');
    if (mailbox.readOnly === true) throw new Error(`the mailbox ${mailbox.path} can be read only`);
    return client;
  } catch (error) {
    client.close();
    throw error;
  } finally {
    stop.removeEventListener('abort', close);
  }
}

function optionsOf(
  { host, port, security = 'implicit', tls, auth }: ImapMailboxConfig,
  limits: ImapLimits,
): ImapFlowOptions {
  return {
    host,
    port: port ?? (security === 'implicit' ? 993 : 143),
    secure: security === 'implicit',
    ...(security === 'implicit' || security === 'opportunistic'
      ? {}
      : { doSTARTTLS: security === 'required' }),
    auth: { user: auth.user, pass: auth.pass },
    ...(tls === undefined ? {} : { tls }),
    logger: false,
    connectionTimeout: limits.connectTimeoutMs,
    greetingTimeout: limits.connectTimeoutMs,
    // IDLE is begun anew so often, which is what tells of a connection that is dead.
    maxIdleTime: limits.pollMs,
    autoIdleDelay: autoIdleMs,
    maxLiteralSize: limits.maxMessageBytes + responseOverheadBytes,
    maxResponseSize: limits.maxMessageBytes + 2 * responseOverheadBytes,
    maxLineLength: 16 * responseOverheadBytes,
  };
}
