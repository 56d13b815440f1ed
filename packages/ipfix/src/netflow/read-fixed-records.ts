import type { DecodeSession } from '../message/decode-session.ts';
import type { MessageHeader } from '../message/message-header.ts';
import { createKnownTemplate, type ObservationDomain } from '../message/observation-domain.ts';
import { readDataSet } from '../message/read-data-set.ts';
import { fixedTemplate } from './fixed-templates.ts';
import { netflowHeaderLengths, readRecordCount } from './netflow-header.ts';

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
  let known = domain.templates.get(version);
  if (known === undefined) {
    known = createKnownTemplate(fixedTemplate(version, domain.id), new Uint8Array(0));
    domain.templates.set(version, known);
  }
  const start = netflowHeaderLengths[version];
  const { minRecordLength } = known.template;
  const said = readRecordCount(message);
  const there = Math.floor((message.length - start) / minRecordLength);
  if (said !== (message.length - start) / minRecordLength) {
    const text = `the header says ${said} records of ${minRecordLength} octets, but ${message.length - start} octets are there`;
    session.issues.malformedMessage({ code: 'IPFIX_MESSAGE_LENGTH', message: text, offset: 2 });
  }
  const end = start + Math.min(said, there) * minRecordLength;
  return readDataSet(session, domain, known, message, start, end, header);
}
