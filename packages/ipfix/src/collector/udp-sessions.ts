import type { Clock } from '../clock/clock.ts';
import { IpfixError } from '../ipfix-error.ts';
import type { CollectorDeps, MessageSink, MutableCollectorStats } from './collector.ts';

export interface UdpSessionsConfig {
  /** Exporters (address and port) heard at a time. */
  readonly maxSessions: number;
  /** Forgets an exporter that is silent for so long, milliseconds. */
  readonly sessionIdleMs: number;
}

export interface UdpSessionsDeps extends CollectorDeps {
  readonly clock: Clock;
  readonly stats: MutableCollectorStats;
  /** Told of sessions that are over because their exporter is silent. */
  onIdle?(session: UdpSession): void;
}

/** What is known of one exporter that speaks UDP. */
export interface UdpSession {
  readonly address: string;
  readonly port: number;
  readonly sink: MessageSink;
  /** When its last datagram came, by the clock; set by whoever takes it. */
  heardMs: number;
}

/** The exporters that are heard at a time, since UDP itself knows no sessions. */
export interface UdpSessions {
  /** The session of an exporter, opened when it is first heard of; undefined above the limit. */
  of(address: string, port: number): UdpSession | undefined;
  /** Begins to look for idle sessions. */
  start(): void;
  /** Ends all sessions. */
  stop(): void;
}

export function createUdpSessions(
  { maxSessions, sessionIdleMs }: UdpSessionsConfig,
  { openSession, clock, stats, onIdle }: UdpSessionsDeps,
): UdpSessions {
  const sessions = new Map<string, UdpSession>();
  /** Exporters turned away since the last look for idle sessions, so that each is counted once. */
  const refused = new Set<string>();
  let stopped = new AbortController();

  function end(key: string, session: UdpSession, issue?: IpfixError): void {
    sessions.delete(key);
    stats.openSessions--;
    if (issue !== undefined) stats.failedSessions++;
    session.sink.end?.(issue);
  }

  /** Ends idle sessions, looking for them ten times in the idle time. */
  async function sweep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await clock.sleep(sessionIdleMs / 10, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      refused.clear();
      const silentSince = clock.now() - sessionIdleMs;
      for (const [key, session] of sessions) {
        if (session.heardMs > silentSince) continue;
        const message = `nothing came from the exporter for ${sessionIdleMs} ms`;
        end(key, session, new IpfixError('IPFIX_IDLE', message));
        onIdle?.(session);
      }
    }
  }

  return {
    of(address, port) {
      const key = `${address} ${port}`;
      const known = sessions.get(key);
      if (known !== undefined) return known;
      if (sessions.size >= maxSessions) {
        // A flood of made-up senders must not cost memory, so that no more than these are told apart.
        if (refused.size < maxSessions && !refused.has(key)) {
          refused.add(key);
          stats.refusedSessions++;
        }
        return undefined;
      }
      const sink = openSession({ transport: 'udp', address, port });
      const session = { address, port, sink, heardMs: clock.now() };
      sessions.set(key, session);
      stats.sessions++;
      stats.openSessions++;
      return session;
    },
    start() {
      stopped = new AbortController();
      void sweep(stopped.signal);
    },
    stop() {
      stopped.abort();
      for (const [key, session] of [...sessions]) end(key, session);
    },
  };
}
