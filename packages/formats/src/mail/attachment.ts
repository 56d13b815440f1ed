import type { Message } from '@flowpact/event';
import type { Json } from '../model/message-json.ts';
import { asText } from '../model/values.ts';

/** What travels beside a report, as it came. */
export interface Attachment {
  /** Lower case, without parameters. */
  readonly mediaType: string;
  readonly charset: string | undefined;
  readonly fileName: string | undefined;
  readonly content: Uint8Array;
}

/**
 * In the model, an attachment is a property of octets called `attachment:`, its media type, `:` and its file name:
 * `attachment:text/plain; charset=utf-8:logfile.txt`.
 */
export function attachmentProperty({ mediaType, charset, fileName, content }: Attachment): Json {
  const parameter = charset === undefined || !charsetPattern.test(charset) ? '' : `; charset=${charset}`;
  return {
    name: `attachment:${mediaType}${parameter}:${asText(fileName ?? '')}`,
    value: { $octets: Buffer.from(content).toString('hex') },
  };
}

/** The properties of an event that are attachments. */
export function attachmentsOf({ event }: Message): readonly Attachment[] {
  return (event.additional ?? []).flatMap(({ name, value }) => {
    const [, mediaType, charset, fileName] = namePattern.exec(name) ?? [];
    if (mediaType === undefined || !(value instanceof Uint8Array)) return [];
    return [{ mediaType, charset, fileName: fileName || undefined, content: value }];
  });
}

export function isAttachmentProperty(name: string): boolean {
  return namePattern.test(name);
}

const charsetPattern = /^[A-Za-z0-9._-]{1,40}$/;
const namePattern =
  /^attachment:([a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*)(?:; charset=([A-Za-z0-9._-]{1,40}))?:(.{0,200})$/u;
