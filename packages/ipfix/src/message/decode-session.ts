import type { OptionsReader } from '../options/options-reader.ts';
import type { DecoderLimits } from './decoder-limits.ts';
import type { MutableDecoderStats } from './decoder-stats.ts';
import type { IssueLog } from './issue-log.ts';
import type { ParkingLot } from './parking-lot.ts';
import type { RecordReader } from './record-reader.ts';
import type { TemplateStore } from './template-store.ts';

/** What the parts of one decoder share. */
export interface DecodeSession {
  readonly limits: DecoderLimits;
  readonly stats: MutableDecoderStats;
  readonly issues: IssueLog;
  readonly store: TemplateStore;
  readonly parking: ParkingLot;
  readonly reader: RecordReader;
  readonly optionsReader: OptionsReader;
}
