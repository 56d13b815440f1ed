import { createFlowDecoder } from '../message/decoder.ts';
import { readMessageHeader } from '../message/message-header.ts';
import { writeUint32 } from '../message/network-byte-order.ts';

/** Changes the headers of replayed messages; gives the message itself where nothing is to be changed. */
export interface HeaderRewrite {
  rewrite(message: Uint8Array): Uint8Array;
  /** The next pass over the same messages begins. */
  nextPass(): void;
}

export interface HeaderRewriteConfig {
  /** Replaces the observation domain id of all messages. */
  readonly observationDomainId?: number;
  /** Lets sequence numbers and export times go on where the pass before ended. */
  readonly shiftPasses?: boolean;
  /** Lets each message seem to leave its exporter when it is sent, and moves the times of its records as far. */
  readonly now?: boolean;
}

/** What the first pass showed of one observation domain. */
interface DomainSpan {
  readonly firstSequenceNumber: number;
  nextSequenceNumber: number;
}

export function createHeaderRewrite(config: HeaderRewriteConfig): HeaderRewrite {
  const { observationDomainId, shiftPasses = false, now = false } = config;
  /** Counts the records of each message, which is what sequence numbers grow by; it reads none. */
  const counter = createFlowDecoder({}, { reader: { compile: () => undefined } });
  const domains = new Map<number, DomainSpan>();
  let firstExportTime = Number.POSITIVE_INFINITY;
  let lastExportTime = 0;
  let pass = 0;

  const recordsOf = (domainId: number) => {
    const domain = counter.stats.domains.get(domainId);
    return domain === undefined ? 0 : domain.records + domain.optionsRecords;
  };

  /** Remembers what later passes have to be shifted by. */
  function observe(message: Uint8Array): void {
    const { observationDomainId: id, sequenceNumber, exportTime } = readMessageHeader(message);
    firstExportTime = Math.min(firstExportTime, exportTime);
    lastExportTime = Math.max(lastExportTime, exportTime);
    const before = recordsOf(id);
    counter.decode(message);
    const nextSequenceNumber = sequenceNumber + recordsOf(id) - before;
    const span = domains.get(id);
    if (span !== undefined) span.nextSequenceNumber = nextSequenceNumber;
    // The decoder keeps no more domains than its limit, and neither does this table.
    else if (counter.stats.domains.has(id)) {
      domains.set(id, { firstSequenceNumber: sequenceNumber, nextSequenceNumber });
    }
  }

  return {
    rewrite(message) {
      if (shiftPasses && pass === 0) observe(message);
      const shifted = shiftPasses && pass > 0;
      if (!shifted && observationDomainId === undefined) return message;
      const copy = message.slice();
      if (shifted) {
        const { observationDomainId: id, sequenceNumber, exportTime } = readMessageHeader(message);
        const span = domains.get(id);
        const records = span === undefined ? 0 : span.nextSequenceNumber - span.firstSequenceNumber;
        // With `now`, export times are those of sending already.
        if (!now) writeUint32(copy, 4, exportTime + pass * (lastExportTime - firstExportTime + 1));
        // The product may exceed 2^32, where only its low 32 bits count.
        writeUint32(copy, 8, (sequenceNumber + pass * records) % 0x100000000);
      }
      if (observationDomainId !== undefined) writeUint32(copy, 12, observationDomainId);
      return copy;
    },
    nextPass() {
      pass++;
    },
  };
}
