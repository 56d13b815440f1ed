import type { DecodeSession } from './decode-session.ts';
import type { MessageHeader } from './message-header.ts';
import type { ObservationDomain } from './observation-domain.ts';
import type { SequenceCount } from './sequence-counting.ts';

/** Offset of the sequence number in the header of each version. */
const sequenceOffsets = { 5: 16, 7: 16, 9: 12, 10: 8 } as const;

/** v9 counts messages, whatever is in them. */
const oneMessage: SequenceCount = { all: 1, data: 1 };

/**
 * Compares a message's sequence number with the expected one and counts what is missing.
 *
 * @param records of the message; undefined where they could not be counted
 */
export function checkSequence(
  { stats, issues }: DecodeSession,
  domain: ObservationDomain,
  header: MessageHeader,
  records: SequenceCount | undefined,
): void {
  const { version, sequenceNumber } = header;
  if (version === 1) return;
  const verdict = domain.sequence.track(sequenceNumber, version === 9 ? oneMessage : records);
  switch (verdict.kind) {
    case 'expected':
      return;
    case 'gap': {
      stats.sequenceGaps++;
      domain.stats.sequenceGaps++;
      addLost(domain, version === 9 ? verdict.lost : 0, verdict.lost, stats);
      const message = `${verdict.lost} ${version === 9 ? 'messages' : 'records'} lost: sequence number ${sequenceNumber} instead of ${verdict.expected}`;
      issues.report({ code: 'IPFIX_SEQUENCE_GAP', message, offset: sequenceOffsets[version] }, domain);
      return;
    }
    case 'late':
      stats.lateMessages++;
      domain.stats.lateMessages++;
      addLost(domain, version === 9 ? -verdict.recovered : 0, -verdict.recovered, stats);
      return;
    case 'repeated':
      stats.repeatedMessages++;
      domain.stats.repeatedMessages++;
      return;
    case 'recounted':
      addLost(domain, 0, -verdict.recovered, stats);
      return;
    case 'reset':
      stats.sequenceResets++;
      domain.stats.sequenceResets++;
      return;
    default:
      verdict satisfies never;
  }
}

function addLost(
  { version, stats: domain }: ObservationDomain,
  messages: number,
  records: number,
  stats: { lostRecords: number },
): void {
  const before = domain.lostRecords;
  domain.lostMessages += messages;
  domain.lostRecords =
    version === 9
      ? Math.round((domain.lostMessages * (domain.records + domain.optionsRecords)) / domain.messages)
      : before + records;
  stats.lostRecords += domain.lostRecords - before;
}
