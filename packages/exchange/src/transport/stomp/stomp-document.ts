import type { IMessage } from '@stomp/stompjs';
import { isProtected, parseContentType } from '../../mime/mime-entity.ts';
import type { IncomingDocument, OutgoingDocument } from '../transport.ts';

/** Where the answer goes: the sender's own destination. Like the envelope of a mail it proves nothing. */
const fromHeader = 'flowpact-from';
/** The name of the document: equal in every attempt to send it. */
const referenceHeader = 'flowpact-reference';
const subjectHeader = 'flowpact-subject';
const fileHeader = 'flowpact-file';

/** Header values that brokers carry unchanged: no control characters (STOMP 1.2 escapes them, JMS may not), and short. */
const headerValue = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, 500);

/** A destination as it may stand in a header. Brokers differ in what they allow beyond that. */
export const isDestination = (text: string): boolean => text.length <= 500 && /^[^\s\p{Cc}]+$/u.test(text);

/** The headers of SEND, without the receipt. */
export function headersOf(document: OutgoingDocument, from: string): Record<string, string> {
  const { attachment, summary, reference, entity } = document;
  return {
    'content-type': entity?.contentType ?? attachment.mediaType,
    persistent: 'true',
    [fromHeader]: from,
    [referenceHeader]: headerValue(`${reference.sender} ${reference.id}`),
    [subjectHeader]: headerValue(summary.subject),
    ...(entity === undefined && { [fileHeader]: headerValue(attachment.name) }),
  };
}

export function bodyOf({ attachment, entity }: OutgoingDocument): Uint8Array {
  return entity?.body ?? attachment.bytes;
}

/** The document of a MESSAGE. */
export function documentOf(destination: string, { headers, binaryBody }: IMessage): IncomingDocument {
  const from = headers[fromHeader];
  const name = headers[fileHeader];
  const contentType = headers['content-type'] ?? 'application/octet-stream';
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const type = parseContentType(contentType);
  const isWhole = type !== undefined && isProtected(type);
  return {
    transport: 'stomp',
    ...(from !== undefined && { envelopeFrom: from }),
    envelopeTo: [destination],
    ...(headers[subjectHeader] !== undefined && { text: headers[subjectHeader] }),
    ...(isWhole
      ? { attachments: [], entity: { contentType, body: binaryBody } }
      : { attachments: [{ ...(name !== undefined && { name }), mediaType, bytes: binaryBody }] }),
  };
}
