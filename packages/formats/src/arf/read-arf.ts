import type { ReadDocument } from '../document-format.ts';
import type { Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { parseJsonText } from '../json/parse-json.ts';
import { type Attachment, attachmentProperty } from '../mail/attachment.ts';
import { timeOfMailDate } from '../mail/mail-date.ts';
import { originOf } from '../mail/mail-origin.ts';
import { fieldOf, type HeaderField, leavesOf, type MailPart } from '../mail/mail-part.ts';
import { textOf } from '../mail/mail-text.ts';
import { fieldsOf, readMail } from '../mail/read-mail.ts';
import { eventTextOf } from '../mail/report-text.ts';
import { reportedAddress } from '../mail/reported-address.ts';
import type { Addition } from '../model/addition.ts';
import { type Json, present, presentList } from '../model/message-json.ts';
import { asText, asUnsigned } from '../model/values.ts';
import { complaintOf } from './complaint.ts';
import { feedbackPartOf, originalTypeOf } from './feedback-part.ts';
import { eventTypeOf, feedbackTypeOf } from './feedback-type.ts';
import { sourceAddressOf } from './source-address.ts';
import { ownUserAgent, standIn } from './write-arf.ts';

/** A feedback report in any shape that was seen: fields in any case and order, parts missing or misnamed. */
export function readArf(bytes: Uint8Array, limits: FormatsLimits): ReadDocument {
  const mail = readMail(bytes, limits);
  const leaves = leavesOf(mail);
  const report = feedbackPartOf(leaves);
  const fields = report === undefined ? complaintOf(mail) : fieldsOf(report.content);
  if (fields === undefined) {
    throw new FormatsError('FORMATS_OTHER_FORMAT', 'the mail has no part of type message/feedback-report');
  }
  if (fields.length > limits.maxNodes) {
    throw new FormatsError('FORMATS_LIMIT', `more fields than maxNodes, ${limits.maxNodes}`);
  }
  const origin = originOf(mail);
  const losses: Loss[] = [...origin.idLosses, ...origin.losses];
  const reading = new FeedbackReading(fields, losses);
  const text = leaves.find(
    (leaf) => leaf !== report && leaf.mediaType === 'text/plain' && !leaf.isAttachment,
  );
  const others = leaves.filter((leaf) => leaf !== report && leaf !== text);
  const humanText = text && eventTextOf(textOf(text.content, text.charset));

  const type = reading.word('Feedback-Type') ?? 'other';
  const eventType = eventTypeOf(type);
  const startMs =
    reading.take('Arrival-Date', timeOfMailDate) ?? reading.take('Received-Date', timeOfMailDate);
  const address = reading.take('Source-IP', reportedAddress) ?? sourceAddressOf(others, humanText, losses);
  const port = reading.take('Source-Port', (value) => asUnsigned(value, 65535));
  const source = present({
    address,
    ports: port === undefined ? undefined : [{ low: port }],
    name: reading.take('Reported-Domain', asText),
  });
  const detector = detectorOf(reading.take('User-Agent', asText));
  const version = reading.take('Version', asText);
  if (version !== undefined && version !== '1')
    losses.push({
      path: 'Version',
      effect: 'approximated',
      note: `read like version 1, not ${version.slice(0, 40)}`,
    });
  const createdMs = origin.createdMs ?? startMs;
  if (createdMs === undefined)
    losses.push({ path: 'Date', effect: 'approximated', note: 'no date anywhere: 1970' });
  const additions = reading.additions(limits);
  const tree: Json = {
    kind: 'alert',
    id: origin.id,
    sender: { ...origin.sender },
    createdMs: createdMs ?? 0,
    event: {
      ...present({
        startMs,
        detector,
        classifications:
          type === feedbackTypeOf(eventType) ? undefined : [{ scheme: 'arf', value: asText(type) }],
        sources: source === undefined ? undefined : [source],
        text: humanText,
        additional: presentList([...reading.properties(), ...others.flatMap(attachmentOf)]),
      }),
      type: eventType,
    },
  };
  return { tree, additions, losses };
}

/** `name/version`, as User-Agent fields have it; text of another form is the name. */
function detectorOf(userAgent: string | undefined): Json | undefined {
  if (userAgent === undefined || userAgent === ownUserAgent) return undefined;
  const [, name, version] = /^([^/\s]+)\/([^/\s]+)$/.exec(userAgent) ?? [];
  return name === undefined ? { name: userAgent } : { name, version };
}

function attachmentOf(part: MailPart): readonly Json[] {
  const mediaType = originalTypeOf(part.mediaType) ?? part.mediaType;
  if (part.content.length === 0) return [];
  if (mediaType === 'text/rfc822-headers' && fieldOf({ fields: fieldsOf(part.content) }, standIn)) return [];
  const attachment: Attachment = { ...part, mediaType };
  return [attachmentProperty(attachment)];
}

/** The fields of a report, each of which is taken once; the others are properties of the event. */
class FeedbackReading {
  readonly #left: HeaderField[];
  readonly #losses: Loss[];

  constructor(fields: readonly HeaderField[], losses: Loss[]) {
    this.#left = [...fields];
    this.#losses = losses;
  }

  /** The first field of this name; one that `read` does not understand is reported as lost. */
  take<T>(name: string, read: (value: string) => T | undefined): T | undefined {
    const at = this.#left.findIndex((field) => field.name.toLowerCase() === name.toLowerCase());
    if (at < 0) return undefined;
    const [{ value }] = this.#left.splice(at, 1);
    if (value === '') return undefined;
    const result = read(value);
    if (result === undefined)
      this.#losses.push({
        path: name,
        effect: 'dropped',
        note: `not read: ${JSON.stringify(value.slice(0, 60))}`,
      });
    return result;
  }

  /** In lower case, without a comment after it. */
  word(name: string): string | undefined {
    return this.take(name, (value) => /^[^\s;(]+/.exec(value.toLowerCase())?.[0]);
  }

  additions(limits: FormatsLimits): readonly Addition[] {
    const ours = this.#left.filter(({ name }) => name.toLowerCase() === 'flowpact-field');
    return ours.map(({ value }) => {
      const path = /^\S*/.exec(value)?.[0] ?? '';
      return { path, value: parseJsonText(value.slice(path.length).replace(/\s+/g, ''), limits) };
    });
  }

  properties(): readonly Json[] {
    return this.#left
      .filter(({ name, value }) => name.toLowerCase() !== 'flowpact-field' && value !== '')
      .map(({ name, value }) => ({ name, value: asText(value) }));
  }
}
