import { createMessageBuilder, messageOverhead } from '../message/message-builder.ts';
import { longestMessage, messageHeaderLength } from '../message/message-header.ts';
import { readUint16, readUint32 } from '../message/network-byte-order.ts';

const templateSetId = 2;
const optionsTemplateSetId = 3;
const setHeaderLength = 4;

export interface AnnouncedTemplatesConfig {
  /** Octets of template records that are kept; templates beyond are not repeated. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Longest message to make of them, octets; default 65,535. A longer template has a message of its own. */
  readonly maxMessageLength?: number;
}

/**
 * Follows the templates in a stream of IPFIX messages, so that they can be announced again: at the beginning of a
 * file, and from time to time over UDP (RFC 7011 section 8.4).
 */
export interface AnnouncedTemplates {
  /** Learns the templates of a message, and forgets those it withdraws. Octets that are wrong are ignored. */
  observe(message: Uint8Array): void;
  /**
   * Messages with the templates that are known of the observation domain of `message`, to go out right before
   * it: they have its export time and sequence number, as messages without data records must.
   */
  before(message: Uint8Array): Uint8Array[];
}

interface TemplateRecord {
  readonly setId: number;
  readonly octets: Uint8Array;
}

export function createAnnouncedTemplates(config: AnnouncedTemplatesConfig = {}): AnnouncedTemplates {
  const { maxBytes = 16 * 1024 * 1024, maxMessageLength = longestMessage } = config;
  const domains = new Map<number, Map<number, TemplateRecord>>();
  let keptBytes = 0;

  function forget(templates: Map<number, TemplateRecord>, id: number): void {
    const known = templates.get(id);
    if (known === undefined) return;
    keptBytes -= known.octets.length;
    templates.delete(id);
  }

  function learn(templates: Map<number, TemplateRecord>, id: number, record: TemplateRecord): void {
    forget(templates, id);
    if (keptBytes + record.octets.length > maxBytes) return;
    keptBytes += record.octets.length;
    templates.set(id, record);
  }

  /** Reads one set of template records from `at` to `end`. */
  function readSet(bytes: Uint8Array, start: number, end: number, setId: number, domainId: number): void {
    let templates = domains.get(domainId);
    for (let at = start; end - at >= 4; ) {
      const id = readUint16(bytes, at);
      const length = templateRecordLength(bytes, at, end, setId);
      if (length === undefined) return;
      if (templates === undefined) {
        templates = new Map();
        domains.set(domainId, templates);
      }
      if (readUint16(bytes, at + 2) > 0)
        learn(templates, id, { setId, octets: bytes.slice(at, at + length) });
      // A withdrawal; that of the set's own id withdraws all (RFC 7011 section 8.1).
      else if (id !== setId) forget(templates, id);
      else for (const [known, record] of [...templates]) if (record.setId === setId) forget(templates, known);
      at += length;
    }
  }

  return {
    observe(message) {
      if (message.length < messageHeaderLength) return;
      const end = Math.min(message.length, readUint16(message, 2));
      const domainId = readUint32(message, 12);
      for (let at = messageHeaderLength; end - at >= setHeaderLength; ) {
        const setId = readUint16(message, at);
        const length = readUint16(message, at + 2);
        if (length < setHeaderLength || length > end - at) return;
        if (setId === templateSetId || setId === optionsTemplateSetId) {
          readSet(message, at + setHeaderLength, at + length, setId, domainId);
        }
        at += length;
      }
    },
    before(message) {
      const [exportTime, sequenceNumber, domainId] = [4, 8, 12].map((at) => readUint32(message, at));
      const messages: Uint8Array[] = [];
      const builder = createMessageBuilder(maxMessageLength);
      const finish = () => messages.push(builder.finish(exportTime, sequenceNumber, domainId));
      for (const { setId, octets } of domains.get(domainId)?.values() ?? []) {
        if (octets.length > longestMessage - messageOverhead) continue;
        if (!builder.isEmpty && !builder.fits(setId, octets.length)) finish();
        builder.add(setId, octets, octets.length);
      }
      if (!builder.isEmpty) finish();
      return messages;
    },
  };
}

/** Octets of the template record or withdrawal at `at`; undefined where it is not whole. */
function templateRecordLength(bytes: Uint8Array, at: number, end: number, setId: number): number | undefined {
  const fieldCount = readUint16(bytes, at + 2);
  if (fieldCount === 0) return 4;
  let next = at + (setId === optionsTemplateSetId ? 6 : 4);
  for (let i = 0; i < fieldCount; i++) {
    if (end - next < 4) return undefined;
    next += bytes[next] & 0x80 ? 8 : 4;
  }
  return next > end ? undefined : next - at;
}
