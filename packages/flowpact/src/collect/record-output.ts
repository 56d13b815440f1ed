import type { RecordReader } from '@flowpact/ipfix';

/** Where the records of a collection go: lines, a table, other files, another collector. */
export interface RecordOutput {
  /** What takes the records of one file or transport session. */
  openSession(source: RecordSource): RecordOutputSession;
  /** Called after each message: what is not to wait for more goes out. */
  afterMessage(): void;
  /** False once nothing is taken any more (a closed pipe): the collection ends. */
  readonly open: boolean;
  /** Whether so much waits that datagrams should be dropped. */
  readonly full: boolean;
  /** Resolves when what waits is little enough to go on. */
  ready(): Promise<void>;
  /** Sends what waits and ends. Rejects where not all went out. */
  close(): Promise<void>;
  /** Records that went out. */
  readonly records: number;
  /** Records among them that will never arrive. */
  readonly dropped: number;
}

/** Where records come from. */
export interface RecordSource {
  /** Undefined for files of messages, which do not tell. */
  readonly exporterAddress: string | undefined;
}

export interface RecordOutputSession {
  readonly reader: RecordReader;
  end(): void;
}
