import type { Message } from '@flowpact/event';
import type { EventReader, ReadDocument } from '../document-format.ts';
import type { Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import { defaultFormatsLimits, type FormatsLimits } from '../formats-limits.ts';
import { jsonObjectOf } from '../json/json-documents.ts';
import { originOf, reportHeader } from '../mail/mail-origin.ts';
import { leavesOf, type MailPart } from '../mail/mail-part.ts';
import { textContent, textOf } from '../mail/mail-text.ts';
import { readMail } from '../mail/read-mail.ts';
import { eventTextOf, reportText, subjectOf } from '../mail/report-text.ts';
import { writeMail } from '../mail/write-mail.ts';
import type { Addition } from '../model/addition.ts';
import { isRecord, type Json, type JsonRecord } from '../model/message-json.ts';
import { readXarf4 } from './read-xarf4.ts';
import { writeXarf4 } from './write-xarf4.ts';
import { isXarf3 } from './xarf3-to-4.ts';

const fileName = 'xarf.json';

/** A report in the form of a feedback report, whose third part is the JSON document. */
export function writeXarf4Mail(message: Message, additions: readonly Addition[]): Uint8Array {
  const feedback = 'Feedback-Type: xarf\r\nUser-Agent: Flowpact\r\nVersion: 1\r\n';
  return writeMail(reportHeader(message, subjectOf(message)), {
    kind: 'multipart',
    subtype: 'report',
    parameters: { 'report-type': 'feedback-report' },
    parts: [
      { kind: 'leaf', mediaType: 'text/plain', charset: 'utf-8', content: textContent(reportText(message)) },
      {
        kind: 'leaf',
        mediaType: 'message/feedback-report',
        disposition: 'inline',
        content: new TextEncoder().encode(feedback),
      },
      {
        kind: 'leaf',
        mediaType: 'application/json',
        fileName,
        disposition: 'attachment',
        encoding: 'base64',
        content: writeXarf4(message, additions),
      },
    ],
  });
}

/** The mail says when, by whom and under which number it was sent; the report says everything else. */
export function readXarf4Mail(bytes: Uint8Array, limits: FormatsLimits): ReadDocument {
  const mail = readMail(bytes, limits);
  return readReport(mail, xarf4PartsOf(leavesOf(mail))[0], [], limits);
}

/** A reader for each report of a mail; what is beside them is lost with the first. */
export function xarf4MailReaders(bytes: Uint8Array, limits: FormatsLimits): readonly EventReader[] {
  const mail = readMail(bytes, limits);
  const [first, ...others] = xarf4PartsOf(leavesOf(mail));
  return [
    () => readReport(mail, first, others, limits),
    ...others.map((part) => () => readReport({ ...mail, parts: [part] }, part, [], limits)),
  ];
}

/** @throws FormatsError, also where there is no such part */
function readReport(
  mail: MailPart,
  part: MailPart | undefined,
  readBeside: readonly MailPart[],
  limits: FormatsLimits,
): ReadDocument {
  const leaves = leavesOf(mail);
  if (part === undefined) throw new FormatsError('FORMATS_OTHER_FORMAT', `the mail has no part ${fileName}`);
  const report = readXarf4(part.content, limits);
  const origin = originOf(mail);
  const tree = report.tree as JsonRecord;
  const event = tree.event as JsonRecord;
  const human = leaves.find(
    (leaf) => leaf !== part && leaf.mediaType === 'text/plain' && leaf.fileName === undefined,
  );
  const text = human && eventTextOf(textOf(human.content, human.charset));
  const others = leaves.filter(
    (leaf) => ![part, human, ...readBeside].includes(leaf) && !isFeedback(leaf) && leaf.content.length > 0,
  );
  const losses: Loss[] = [
    ...report.losses.filter(({ path }) => !(origin.isOwn && path === 'report_id')),
    ...origin.losses,
  ];
  if (
    text !== undefined &&
    isRecord(event) &&
    event.text !== undefined &&
    event.text !== text &&
    !origin.isOwn
  )
    losses.push({
      path: 'text/plain',
      effect: 'dropped',
      note: 'the text for people; that of the report is read',
    });
  for (const other of others)
    losses.push({
      path: other.mediaType,
      effect: 'dropped',
      note: `a part beside the report: ${(other.fileName ?? '').slice(0, 60)}`,
    });
  return {
    additions: report.additions,
    losses,
    tree: {
      ...tree,
      ...(origin.isOwn ? { id: origin.id, sender: { ...origin.sender } } : {}),
      createdMs: origin.createdMs ?? tree.createdMs,
      event: event.text === undefined && text !== undefined ? ({ text, ...event } as Json) : event,
    },
  };
}

function isFeedback({ mediaType }: MailPart): boolean {
  return mediaType.endsWith('/feedback-report');
}

/** By their names, or by what they say. */
export function xarf4PartsOf(leaves: readonly MailPart[]): readonly MailPart[] {
  return leaves.filter(
    (leaf) =>
      (/^application\/([a-z.-]+\+)?json$/.test(leaf.mediaType) || /\.json$/i.test(leaf.fileName ?? '')) &&
      isXarf4(leaf.content),
  );
}

/** A report of version 4, or 3, by its outermost keys. */
export function isXarf4(bytes: Uint8Array): boolean {
  const report = jsonObjectOf(bytes, defaultFormatsLimits);
  return report !== undefined && (typeof report.xarf_version === 'string' || isXarf3(report));
}
