import type { ConnectionOptions } from 'node:tls';

/** One broker: what we send goes to our partners' destinations there, what they send comes from ours. */
export interface StompTransportConfig {
  readonly broker: StompBroker;
  /** Our own destination, in the broker's spelling (`/queue/isp-a`): it stands in what we send as the sender's address. */
  readonly address: string;
  /** Destinations to take documents from, usually the own one. Left out: nothing is received. */
  readonly subscribe?: readonly string[];
  readonly limits?: Partial<StompLimits>;
}

export interface StompBroker {
  readonly host: string;
  /** Usually 61613, with TLS 61614. */
  readonly port: number;
  /** TLS from the first byte; `true` for the system's authorities. Default: none. */
  readonly tls?: true | ConnectionOptions;
  readonly login?: string;
  readonly passcode?: string;
  /** The virtual host, header `host` of CONNECT. Default `/`. */
  readonly virtualHost?: string;
}

export interface StompLimits {
  /** Bytes of one document, and of what the broker may send before a frame is complete. Default 16 MiB. */
  readonly maxMessageBytes: number;
  /** Documents that the broker may send before the first is acknowledged. Default 10. */
  readonly prefetch: number;
  /** Heart-beats each way, milliseconds; 0: none. Default 10,000. */
  readonly heartbeatMs: number;
  /** An attempt to connect gives up after this, milliseconds. Default 10,000. */
  readonly connectTimeoutMs: number;
  /** Without a receipt of the broker within this a document counts as not sent, milliseconds. Default 30,000. */
  readonly receiptTimeoutMs: number;
  /** The first pause before connecting again, doubled each time, milliseconds. Default 500. */
  readonly reconnectMs: number;
  /** The longest pause before connecting again, milliseconds. Default 30,000. */
  readonly maxReconnectMs: number;
  /** The pause before a document that could not be taken is tried again, doubled up to 64 times it, milliseconds. Default 1,000. */
  readonly retryMs: number;
  /** Milliseconds that `stop` leaves to documents that are being taken, and to the broker's answer. Default 2,000. */
  readonly stopTimeoutMs: number;
}

export const defaultStompLimits: StompLimits = {
  maxMessageBytes: 16 * 1024 * 1024,
  prefetch: 10,
  heartbeatMs: 10_000,
  connectTimeoutMs: 10_000,
  receiptTimeoutMs: 30_000,
  reconnectMs: 500,
  maxReconnectMs: 30_000,
  retryMs: 1_000,
  stopTimeoutMs: 2_000,
};
