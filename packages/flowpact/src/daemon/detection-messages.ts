import type { SecurityEvent } from '@flowpact/event';
import type { TrafficPart } from '../watch/traffic-tally.ts';
import type { ModuleSettings } from './module-settings.ts';
import type { ExporterSession } from './session-decoders.ts';
import type { ThreadUsage } from './thread-usage.ts';

/** What the main thread asks of the detection thread. */
export type DetectionRequests = {
  /**
   * Runs these modules and no others. One that is the same as before goes on with all that it holds; where one does not
   * run, all stays as it was.
   */
  readonly modules: { readonly ask: WantedModules; readonly answer: undefined };
  readonly report: { readonly ask: undefined; readonly answer: DetectionReport };
  readonly exporters: { readonly ask: undefined; readonly answer: readonly ExporterSession[] };
  /** Takes what is under way and ends. */
  readonly stop: { readonly ask: undefined; readonly answer: undefined };
};

export interface WantedModules {
  readonly modules: readonly ModuleSettings[];
  /** Statements, as `NAME` or `MODULE/NAME`, whose rows somebody wants beside those that are told anyway. */
  readonly rowsOf: readonly string[];
  /** Rows a second that each statement which only feeds others may tell, beside all of the others. */
  readonly stageRowsPerSecond: number;
}

/** What a statement has given out. */
export interface StatementReport {
  readonly name: string;
  readonly rows: number;
  readonly events: number;
  /** Rows of a statement that only feeds others which were not told, because they were too many. */
  readonly omittedRows: number;
  /** Engine time of the latest row, milliseconds since 1970. */
  readonly lastRowMs?: number;
  /** Events that it was given. */
  readonly eventsIn: number;
  readonly errors: number;
  /** Events and groups that it holds now. */
  readonly retained: number;
  /** Estimated from a share of the batches. */
  readonly timeSpentMs: number;
  /** It was stopped because it held too much. */
  readonly isStopped: boolean;
}

export interface ModuleReport {
  readonly name: string;
  readonly file: string;
  /** Flows that the engine has been given. */
  readonly flows: number;
  /** Flows left out because their time field was missing. */
  readonly withoutTime: number;
  /** Engine time, milliseconds since 1970; 0 before the first flow. */
  readonly timeMs: number;
  readonly statements: readonly StatementReport[];
  /** Exceptions inside its statements. */
  readonly errors: number;
}

/** How detection fares. Counters only grow, those of decoding also over sessions that have ended. */
export interface DetectionReport {
  readonly modules: readonly ModuleReport[];
  readonly sessions: number;
  readonly messages: number;
  readonly records: number;
  /** Records that were sent and never came, by their sequence numbers. */
  readonly lostRecords: number;
  readonly malformedMessages: number;
  /** Data sets that had no template when they came. */
  readonly unknownTemplateSets: number;
  /** Findings that were dropped because the main thread was slow. */
  readonly droppedFindings: number;
  /** Batches that were not archived because the archive was slow. */
  readonly droppedArchiveBatches: number;
  /** Of its thread. */
  readonly usage?: ThreadUsage;
}

/** What the detection thread found, for the main thread to act on. Each has to be acknowledged. */
export type Finding =
  | {
      readonly kind: 'event';
      readonly module: string;
      readonly statement: string;
      /** Engine time, milliseconds since 1970. */
      readonly timeMs: number;
      readonly event: SecurityEvent;
    }
  | {
      readonly kind: 'rows';
      readonly module: string;
      readonly statement: string;
      /** Whether an output without a choice of statements gets it. */
      readonly isOutput: boolean;
      /** Engine time, milliseconds since 1970. */
      readonly timeMs: number;
      /** One for each row, as `detect` prints them. */
      readonly lines: readonly string[];
    };

/** From the detection thread, beside answers and findings. */
export type DetectionTold =
  | { readonly kind: 'remark'; readonly text: string }
  /** What flowed since it was told before; from the storage thread where there is one. */
  | { readonly kind: 'traffic'; readonly parts: readonly TrafficPart[] };

/** To the detection thread: so many findings have been acted on. */
export interface FindingsTaken {
  readonly kind: 'taken';
  readonly findings: number;
}
