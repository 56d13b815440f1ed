/** What a receiver's thread is given when it starts. */
export interface UdpReceiverSettings {
  readonly host: string;
  readonly port: number;
  readonly receiveBufferBytes: number;
  /** Exporters that it numbers at a time; datagrams of further ones are dropped and counted. */
  readonly maxExporters: number;
  /** Batches under way at most; a receiver that has so many waits, and the system keeps what comes meanwhile. */
  readonly maxBatches: number;
  /** One Int32: how many batches are under way. */
  readonly batchesUnderWay: SharedArrayBuffer;
}

/** What the collecting thread tells a receiver. */
export type ToUdpReceiver =
  /** Hears everyone; with `shared`, other receivers may take single exporters over. */
  | { readonly kind: 'listen'; readonly shared: boolean }
  /** Takes one exporter over: a socket of its own, connected to it, gets all that it sends from now on. */
  | { readonly kind: 'adopt'; readonly localPort: number; readonly address: string; readonly port: number }
  /** The exporter is silent: its number, and a socket that it has, are free again. */
  | { readonly kind: 'forget'; readonly address: string; readonly port: number }
  | { readonly kind: 'stop' };

/** An exporter and the number that stands for it in the batches of one receiver. */
export interface NumberedExporter {
  readonly number: number;
  readonly address: string;
  readonly port: number;
}

/** What a receiver tells the collecting thread. */
export type FromUdpReceiver =
  | {
      readonly kind: 'listening';
      readonly address: string;
      readonly port: number;
      readonly grantedBytes: number;
    }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'batch';
      readonly octets: Uint8Array;
      /** Exporters numbered since the last batch. */
      readonly exporters: readonly NumberedExporter[];
      /** Datagrams dropped since the last batch. */
      readonly dropped: number;
    }
  | { readonly kind: 'stopped' };
