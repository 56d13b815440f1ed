import type { IpfixError } from '../ipfix-error.ts';

/** Where messages come from: one transport session (RFC 7011 section 2). */
export interface ExporterAddress {
  readonly transport: 'tcp' | 'tls' | 'udp';
  readonly address: string;
  readonly port: number;
}

/** Takes the messages of one transport session; usually backed by a decoder of its own. */
export interface MessageSink {
  /** One message (TCP, TLS) or one datagram (UDP). The octets stay valid and are not written to again. */
  message(bytes: Uint8Array): void;
  /** Called once when the session is over; with an issue where it did not end by itself. */
  end?(issue?: IpfixError): void;
}

export interface CollectorDeps {
  /** Called for each new session before its first message. */
  openSession(source: ExporterAddress): MessageSink;
}

/** Counters of a collector; all but `openSessions` only grow. */
export interface CollectorStats {
  readonly openSessions: number;
  readonly sessions: number;
  /** Sessions turned away because `maxSessions` were open. */
  readonly refusedSessions: number;
  /** Connections that ended before they were secure: no TLS, no certificate or one not accepted (TLS only). */
  readonly failedHandshakes: number;
  /** Sessions that ended with an issue: garbled stream, broken connection, silence. */
  readonly failedSessions: number;
  readonly messages: number;
  readonly bytes: number;
  /** Datagrams of refused sessions and those that came while paused (UDP only). */
  readonly droppedMessages: number;
}

export type MutableCollectorStats = { -readonly [K in keyof CollectorStats]: number };

export function createCollectorStats(): MutableCollectorStats {
  return {
    openSessions: 0,
    sessions: 0,
    refusedSessions: 0,
    failedHandshakes: 0,
    failedSessions: 0,
    messages: 0,
    bytes: 0,
    droppedMessages: 0,
  };
}

/** A listening socket that hands over messages. */
export interface Collector {
  /** Binds the socket. @throws IpfixError `IPFIX_IO` where the address cannot be had. */
  start(): Promise<{ readonly address: string; readonly port: number }>;
  /** Closes the socket and ends all sessions; no sink is called afterwards. */
  stop(): Promise<void>;
  /** Stops reading: exporters with a connection slow down, UDP datagrams are dropped and counted. */
  pause(): void;
  resume(): void;
  readonly stats: CollectorStats;
}
