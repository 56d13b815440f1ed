import { once } from 'node:events';
import type { ImapFlow } from 'imapflow';
import type { Clock } from '../../clock.ts';
import type { TransportDeps } from '../transport.ts';
import { defaultImapLimits, type ImapMailboxConfig } from './imap-config.ts';
import { openMailbox } from './imap-connection.ts';
import { takeFromMailbox } from './imap-take.ts';

/** Whether the mailbox is open, and why not. */
export interface ImapState {
  readonly connected: boolean;
  readonly problem?: string;
}

export type ImapReceiverDeps = TransportDeps & {
  readonly clock: Clock;
  /** Told when the mailbox is opened and lost, and why. */
  readonly onState?: (state: ImapState) => void;
};

export interface ImapReceiver {
  /** Begins to read, and goes on for as long as it takes to reach the server. */
  start(): void;
  stop(): Promise<void>;
  state(): ImapState;
}

/**
 * Reads a mailbox: what is in it when it starts, then what comes (IDLE, RFC 2177, and a look once in a while for servers
 * that do not tell). A mail is marked only when the document is in safe hands; what a crash leaves unmarked is taken once
 * more, and known for a repeat. Nothing is remembered from one connection to the next: the marks on the server say what
 * is done, so that a mailbox that is made anew (another UIDVALIDITY, RFC 3501, section 2.3.1.1) needs no care.
 */
export function createImapReceiver(config: ImapMailboxConfig, deps: ImapReceiverDeps): ImapReceiver {
  const limits = { ...defaultImapLimits, ...config.limits };
  let running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  let state: ImapState = { connected: false };

  function setState(next: ImapState): void {
    state = next;
    deps.onState?.(next);
  }

  async function run(stop: AbortSignal): Promise<void> {
    for (let failures = 0; !stop.aborted; failures++) {
      let client: ImapFlow | undefined;
      try {
        client = await openMailbox(config, limits, stop);
        failures = 0;
        setState({ connected: true });
        await watch(client, stop);
      } catch (error) {
        if (!stop.aborted) setState({ connected: false, problem: reasonOf(error) });
      } finally {
        client?.close();
      }
      const longestMs = Math.min(limits.reconnectMs * 2 ** failures, limits.maxReconnectMs);
      await pause(longestMs * (1 - Math.random() / 2), stop);
    }
    setState({ connected: false });
  }

  /** Until the connection ends, which throws, or `stop`. */
  async function watch(client: ImapFlow, stop: AbortSignal): Promise<void> {
    // An error event rejects it, too.
    const lost = once(client, 'close').then(() => {
      throw new Error('the server has closed the connection');
    });
    lost.catch(() => {});
    let deadline: NodeJS.Timeout | undefined;
    stop.addEventListener('abort', () => {
      deadline = setTimeout(() => client.close(), limits.stopTimeoutMs);
    });
    client.once('close', () => clearTimeout(deadline));
    /** Mails that are to be left alone for now, by UID, until when. */
    const postponed = new Map<number, number>();
    while (!stop.aborted) {
      const news = new AbortController();
      const onNews = () => news.abort();
      client.on('exists', onNews);
      try {
        if (await takeFromMailbox(client, config, { ...deps, limits, postponed, stop })) continue;
        const waitMs = postponed.size > 0 ? Math.min(limits.retryMs, limits.pollMs) : limits.pollMs;
        await Promise.race([pause(waitMs, AbortSignal.any([stop, news.signal])), lost]);
      } finally {
        client.off('exists', onNews);
      }
    }
  }

  return {
    start() {
      if (running !== undefined) return;
      const stop = new AbortController();
      running = { stop, ended: run(stop.signal) };
    },
    async stop() {
      running?.stop.abort();
      await running?.ended;
      running = undefined;
    },
    state: () => state,
  };
}

/** Ends early, without an error, where it is told to. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** With what the server said, where it did: "Command failed" alone helps nobody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { responseText } = error as { readonly responseText?: unknown };
  return typeof responseText === 'string' ? `${error.message}: ${responseText}` : error.message;
}
