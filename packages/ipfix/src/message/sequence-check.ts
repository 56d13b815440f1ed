import type { DecodeIssue } from './decode-issue.ts';
import type { MutableDecoderStats } from './decoder-stats.ts';
import type { MessageHeader } from './message-header.ts';
import type { ObservationDomain } from './observation-domain.ts';

/**
 * Compares a message's sequence number with the expected one (RFC 7011 section 3.1). A step ahead by less than
 * half the number space is a loss; anything else went back: datagrams overtook each other, or the exporter
 * started again.
 */
export function checkSequence(
  header: MessageHeader,
  domain: ObservationDomain,
  stats: MutableDecoderStats,
  report: (issue: DecodeIssue) => void,
): void {
  const expected = domain.nextSequenceNumber;
  if (expected === undefined || expected === header.sequenceNumber) return;
  const lost = (header.sequenceNumber - expected) >>> 0;
  if (lost >= 2 ** 31) {
    stats.sequenceResets++;
    domain.stats.sequenceResets++;
    return;
  }
  stats.sequenceGaps++;
  stats.lostRecords += lost;
  domain.stats.sequenceGaps++;
  domain.stats.lostRecords += lost;
  report({
    code: 'IPFIX_SEQUENCE_GAP',
    message: `${lost} records lost: sequence number ${header.sequenceNumber} instead of ${expected}`,
    observationDomainId: domain.id,
    offset: 8,
  });
}
