import type { Message } from '@flowpact/event';
import { attachmentsOf } from '../mail/attachment.ts';
import { isDomain } from '../mail/mail-address.ts';
import { mailDate } from '../mail/mail-date.ts';
import { reportHeader } from '../mail/mail-origin.ts';
import { textContent } from '../mail/mail-text.ts';
import { reportText, subjectOf } from '../mail/report-text.ts';
import { headerBlock, type MailHeader, type MailLeaf, writeMail } from '../mail/write-mail.ts';
import type { Addition } from '../model/addition.ts';
import { asciiJson } from '../model/ascii-json.ts';
import { withWholeFlows } from '../model/whole-flows.ts';
import { isFeedbackField } from './feedback-fields.ts';
import { feedbackTypeOf } from './feedback-type.ts';

/** One feedback report: `multipart/report` of exactly three parts (RFC 5965, section 2). */
export function writeArf(message: Message, additions: readonly Addition[]): Uint8Array {
  const subject = subjectOf(message);
  const header = reportHeader(message, subject);
  return writeMail(header, {
    kind: 'multipart',
    subtype: 'report',
    parameters: { 'report-type': 'feedback-report' },
    parts: [
      { kind: 'leaf', mediaType: 'text/plain', charset: 'utf-8', content: textContent(reportText(message)) },
      {
        kind: 'leaf',
        mediaType: 'message/feedback-report',
        content: new TextEncoder().encode(feedbackReport(message, additions)),
      },
      originalPart(message, header),
    ],
  });
}

/** Section 3: what must be there, what may be there once, what may be repeated. */
function feedbackReport(message: Message, additions: readonly Addition[]): string {
  const { event } = message;
  const source = event.sources?.[0];
  const port = source?.ports?.[0];
  const fields: (readonly [string, string | undefined])[] = [
    ['Feedback-Type', feedbackWord(message)],
    ['User-Agent', userAgent(message)],
    ['Version', '1'],
    ['Arrival-Date', event.startMs === undefined ? undefined : mailDate(event.startMs)],
    ['Source-IP', source?.address],
    ['Source-Port', port?.high === undefined ? port?.low.toString() : undefined],
    ['Reported-Domain', source?.name !== undefined && isDomain(source.name) ? source.name : undefined],
    ...(event.additional ?? [])
      .filter(isFeedbackField)
      .map(({ name, value }) => [name, value as string] as const),
    ...withWholeFlows(additions, message).map(
      ({ path, value }) => ['Flowpact-Field', `${path}${foldedJson(asciiJson(value))}`] as const,
    ),
  ];
  return fields.map(([name, value]) => (value === undefined ? '' : `${name}: ${value}\r\n`)).join('');
}

function feedbackWord({ event }: Message): string {
  const word = event.classifications?.find(({ scheme }) => scheme === 'arf')?.value;
  return word !== undefined && /^[a-z][a-z0-9-]{0,60}$/.test(word) ? word : feedbackTypeOf(event.type);
}

/** Product tokens (RFC 5965, section 3.1). */
function userAgent({ event: { detector } }: Message): string {
  const token = /^[!-.0-~]+$/;
  if (detector === undefined || !token.test(detector.name)) return ownUserAgent;
  const { name, version } = detector;
  return version !== undefined && token.test(version) ? `${name}/${version}` : name;
}

export const ownUserAgent = 'Flowpact';

/**
 * Spaces as escapes, so that whatever space is found in the field is there to fold it (RFC 5322, section 2.2.3), by us
 * or by anybody on the way.
 */
function foldedJson(json: string): string {
  return json.replaceAll(' ', '\\u0020').replace(/.{1,72}/g, '\r\n $&');
}

/** The mail that is reported, where there is one. RFC 5965 demands its header: without any, that of the alert stands in. */
function originalPart(message: Message, header: MailHeader): MailLeaf {
  const original = attachmentsOf(message).find(({ mediaType }) => isOriginal(mediaType));
  if (original !== undefined) return { kind: 'leaf', ...original };
  return {
    kind: 'leaf',
    mediaType: 'text/rfc822-headers',
    disposition: 'inline',
    content: new TextEncoder().encode(headerBlock({ ...header, [standIn]: 'yes' })),
  };
}

export function isOriginal(mediaType: string): boolean {
  return mediaType === 'message/rfc822' || mediaType === 'text/rfc822-headers';
}

/** Marks a header block that stands in for that of a mail which there is not. */
export const standIn = 'X-Flowpact-Stand-In';
