import type { DecoderStats } from '../message/decoder-stats.ts';

/** What was counted of one exporter's session. */
export interface SessionAccounting {
  /** What the exporter is called, such as `udp://192.0.2.1:4739`. */
  readonly exporter: string;
  readonly stats: DecoderStats;
}

/** What the protocols are called, by version. */
export const protocolNames = {
  1: 'NetFlow v1',
  5: 'NetFlow v5',
  7: 'NetFlow v7',
  9: 'NetFlow v9',
  10: 'IPFIX',
} as const;
