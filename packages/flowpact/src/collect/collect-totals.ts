import type { CollectorStats, DecoderStats } from '@flowpact/ipfix';

/** What came in one run of `collect`, over all files and sessions. */
export interface CollectTotals {
  addDecoder(stats: DecoderStats): void;
  addCollector(stats: CollectorStats): void;
  /** One line for a person: what came, how much of it went out where there is a filter, and what was wrong. */
  tell(passed: number | undefined, lost: LostBehind): string;
}

/** What was lost behind the decoders. */
export interface LostBehind {
  /** Datagrams that the system dropped before they could be read. */
  readonly kernelDrops: number;
  /** Records that the output dropped. */
  readonly outputDrops: number;
}

export function createCollectTotals(): CollectTotals {
  let messages = 0;
  let records = 0;
  let lost = 0;
  let withoutTemplate = 0;
  let malformed = 0;
  let dropped = 0;
  return {
    addDecoder(stats) {
      messages += stats.messages;
      records += stats.records;
      lost += stats.lostRecords;
      withoutTemplate += stats.unknownTemplateSets - stats.recoveredSets;
      malformed += stats.malformedMessages + stats.malformedSets;
    },
    addCollector(stats) {
      dropped += stats.droppedMessages;
    },
    tell(passed, { kernelDrops, outputDrops }) {
      const troubles = [
        [lost, 'records lost on the way'],
        [withoutTemplate, 'sets whose template did not come'],
        [malformed, 'malformed messages or sets'],
        [dropped, 'datagrams dropped because the output was slow'],
        [kernelDrops, 'datagrams dropped by the system because its receive buffer was full'],
        [outputDrops, 'records dropped because the receiver was slow or away, or they did not fit'],
      ] as const;
      const told = troubles
        .filter(([count]) => count > 0)
        .map(([count, what]) => `; ${number(count)} ${what}`);
      const of = passed === undefined ? '' : `${number(passed)} of `;
      return `${of}${number(records)} flow records in ${number(messages)} messages${told.join('')}`;
    },
  };
}

const number = (count: number) => count.toLocaleString('en-US');
