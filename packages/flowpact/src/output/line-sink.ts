/** Where lines go. `write` never blocks; a caller that makes many lines awaits `ready` between batches. */
export interface LineSink {
  /** Queues a line, given without its line break. */
  write(line: string): void;
  /** Whether so much is queued that a caller who cannot wait should drop. */
  readonly full: boolean;
  /** Lines given that will never arrive: the receiver was slow or away, or they did not fit. */
  readonly dropped: number;
  /** Resolves when what is queued is small enough to go on. */
  ready(): Promise<void>;
  /** False once nobody reads any more (a closed pipe): the caller should stop. */
  readonly open: boolean;
  /** Sends what is queued and ends. Rejects where not all could be written. */
  close(): Promise<void>;
}

/** Queued text beyond which `ready` waits and a stream is written to at once. */
export const flushLength = 1 << 16;

/** What names a sink on the command line, for `--help`. */
export const lineSinkSyntax =
  '-, FILE, udp://HOST:PORT, tcp://HOST:PORT, or tcp-listen://HOST:PORT for clients that connect';
