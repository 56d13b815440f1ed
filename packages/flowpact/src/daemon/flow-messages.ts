import type { ExporterAddress } from '@flowpact/ipfix';

/**
 * What goes from the collector thread to the detection thread, and from there on to the storage thread, through one
 * port each and so in order: a session before its messages, its end behind them.
 */
export type FlowMessage =
  | {
      readonly kind: 'session';
      /** Stands for the session in batches; never used again. */
      readonly session: number;
      readonly source: ExporterAddress;
    }
  | {
      /** Messages of any sessions, see `createMessageBatch`. Its memory changes hands. */
      readonly kind: 'batch';
      readonly octets: Uint8Array<ArrayBuffer>;
      /** When it was full or its time was up, milliseconds since 1970. */
      readonly atMs: number;
    }
  | {
      readonly kind: 'sessionEnd';
      readonly session: number;
      /** Where it did not end by itself. */
      readonly issue?: { readonly code: string; readonly message: string };
    };

/** What comes back by the same port: so many batches are done with, and as many more may come. */
export interface FlowCredit {
  readonly kind: 'credit';
  readonly batches: number;
}
