import type { CollectorStats, DecoderStats } from '@flowpact/ipfix';

/** What came in one run of `collect`, over all files and sessions. */
export interface CollectTotals {
  addDecoder(stats: DecoderStats): void;
  addCollector(stats: CollectorStats): void;
  /** A line went out. */
  countLine(): void;
  /** One line for a person: what came, and what was wrong with it. `filtered`: not all that came went out. */
  tell(filtered: boolean): string;
}

export function createCollectTotals(): CollectTotals {
  let lines = 0;
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
      withoutTemplate += stats.unknownTemplateSets;
      malformed += stats.malformedMessages + stats.malformedSets;
    },
    addCollector(stats) {
      dropped += stats.droppedMessages;
    },
    countLine() {
      lines++;
    },
    tell(filtered) {
      const troubles = [
        [lost, 'records lost on the way'],
        [withoutTemplate, 'sets without a template'],
        [malformed, 'malformed messages or sets'],
        [dropped, 'datagrams dropped because the output was slow'],
      ] as const;
      const told = troubles
        .filter(([count]) => count > 0)
        .map(([count, what]) => `; ${number(count)} ${what}`);
      const passed = filtered ? `${number(lines)} of ` : '';
      return `${passed}${number(records)} flow records in ${number(messages)} messages${told.join('')}`;
    },
  };
}

const number = (count: number) => count.toLocaleString('en-US');
