import type { DecodeSession } from './decode-session.ts';
import type { MessageHeader } from './message-header.ts';
import { readUint16 } from './network-byte-order.ts';
import type { ObservationDomain } from './observation-domain.ts';
import { parkDataSet, readDataSet, readParkedSets } from './read-data-set.ts';
import { firstTemplateId, type TemplateFormat } from './template-format.ts';

/** Octets of a set header (RFC 7011 section 3.3.2, RFC 3954 section 5.2). */
const setHeaderLength = 4;

/**
 * Reads the sets of an IPFIX message or the flowsets of a NetFlow v9 message from `start` to `end`.
 *
 * @returns the number of records in the data sets, or undefined where that cannot be known
 */
export function readSets(
  session: DecodeSession,
  domain: ObservationDomain,
  format: TemplateFormat,
  bytes: Uint8Array,
  start: number,
  end: number,
  header: MessageHeader,
): number | undefined {
  let records: number | undefined = 0;
  let at = start;
  while (at < end) {
    const length = end - at >= setHeaderLength ? readUint16(bytes, at + 2) : 0;
    if (length < setHeaderLength || length > end - at) {
      // A v9 message has no length; Cisco ACI and Palo Alto fill its frame with zeros.
      if (header.version === 9 && isZero(bytes, at, end)) return records;
      const message = `a set of ${length} octets where ${end - at} are left; the rest is skipped`;
      session.issues.malformedSet({ code: 'IPFIX_SET_LENGTH', message, offset: at }, domain);
      return undefined;
    }
    const setId = readUint16(bytes, at);
    const setStart = at;
    const contents = at + setHeaderLength;
    at += length;
    if (setId >= firstTemplateId) {
      const known = domain.templates.get(setId);
      if (known === undefined) {
        parkDataSet(session, domain, setId, bytes, contents, at, header, setStart);
        records = undefined;
      } else {
        const read = readDataSet(session, domain, known, bytes, contents, at, header);
        records = read === undefined || records === undefined ? undefined : records + read;
      }
    } else if (setId === format.templateSetId || setId === format.optionsTemplateSetId) {
      const kind = setId === format.templateSetId ? 'data' : 'options';
      session.store.readSet(bytes, contents, at, kind, format, domain, (known) =>
        readParkedSets(session, domain, known, header.exportTime),
      );
    } else {
      const message = `set id ${setId} is reserved; the set is skipped`;
      session.issues.malformedSet({ code: 'IPFIX_SET_RESERVED', message, offset: setStart }, domain);
    }
  }
  return records;
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}
