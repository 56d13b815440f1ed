import { createHash } from 'node:crypto';
import type { MessageRef } from '@flowpact/event';

/**
 * `Message-ID` of the mail that carries a message: `<flex.17@isp-a.example>`. It follows from the reference alone, so
 * every attempt to send a message bears the same, and a reply can name it. A sender whose name is no domain is
 * replaced by its hash under `.invalid` (RFC 2606).
 */
export function mailMessageId({ sender, id }: MessageRef): string {
  const domain = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(sender) && sender.length <= 200;
  const number = /^-?[0-9]{1,100}$/.test(id) ? id : hash(id);
  return `<flex.${number}@${domain ? sender : `${hash(sender)}.invalid`}>`;
}

/**
 * The message that a mail of ours carries, by its `Message-ID`; undefined for any other mail. `flowpact.`: of a report by
 * mail, which is named by `@flowpact/formats`.
 */
export function referenceOfMessageId(messageId: string): MessageRef | undefined {
  const [, id, sender] =
    /^<(?:flex|flowpact)\.(0|-?[1-9][0-9]{0,153})@([A-Za-z0-9.-]{1,200})>$/.exec(messageId.trim()) ?? [];
  return id === undefined || sender === undefined ? undefined : { sender, id };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
