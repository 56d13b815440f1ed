import type { DecodeSession } from '../message/decode-session.ts';
import type { MessageHeader } from '../message/message-header.ts';
import { createKnownTemplate, type ObservationDomain } from '../message/observation-domain.ts';
import { readDataSet } from '../message/read-data-set.ts';
import { fixedTemplate, longV1Record } from './fixed-templates.ts';
import { netflowHeaderLengths, netflowRecordLengths, readRecordCount } from './netflow-header.ts';

/**
 * Reads the records of a NetFlow v1, v5 or v7 message, as many as its header says and as are there.
 *
 * @returns their number
 */
export function readFixedRecords(
  session: DecodeSession,
  domain: ObservationDomain,
  version: 1 | 5 | 7,
  message: Uint8Array,
  header: MessageHeader,
): number | undefined {
  const start = netflowHeaderLengths[version];
  const said = readRecordCount(message);
  const left = message.length - start;
  const recordLength =
    version === 1 && left === said * longV1Record ? longV1Record : netflowRecordLengths[version];
  let known = domain.templates.get(version);
  if (known?.template.minRecordLength !== recordLength) {
    known = createKnownTemplate(fixedTemplate(version, domain.id, recordLength), new Uint8Array(0));
    domain.templates.set(version, known);
  }
  const there = Math.floor(left / recordLength);
  if (said !== left / recordLength) {
    const text = `the header says ${said} records of ${recordLength} octets, but ${left} octets are there`;
    session.issues.malformedMessage({ code: 'IPFIX_MESSAGE_LENGTH', message: text, offset: 2 });
  }
  const end = start + Math.min(said, there) * recordLength;
  return readDataSet(session, domain, known, message, start, end, header);
}
