import { createHash } from 'node:crypto';
import type { Message, Party } from '@flowpact/event';
import addressparser from 'nodemailer/lib/addressparser';
import type { Loss } from '../format.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { isDomain, isMailAddress } from './mail-address.ts';
import { mailDate, timeOfMailDate } from './mail-date.ts';
import { fieldOf, type MailPart } from './mail-part.ts';
import type { MailHeader } from './write-mail.ts';

/** Where a sender's name is no domain. Reserved by RFC 2606. */
const noDomain = 'flowpact.invalid';

/** How mail speaks of a sender: its address, and the domain that it answers for. */
export interface MailSender {
  readonly address: string;
  readonly domain: string;
}

export function mailSenderOf({ name, contact }: Party): MailSender {
  const domain = isDomain(name) ? name : noDomain;
  const address = /^mailto:(.+)$/.exec(contact ?? '')?.[1];
  return { address: address !== undefined && isMailAddress(address) ? address : `noreply@${domain}`, domain };
}

/** The header of a report that a machine sends (RFC 3834, section 5); whom to, the transport says. */
export function reportHeader({ id, sender, createdMs }: Message, subject: string): MailHeader {
  const { address, domain } = mailSenderOf(sender);
  return {
    From: address,
    Date: mailDate(createdMs),
    Subject: subject,
    'Message-ID': `<flowpact.${id}@${domain}>`,
    'Auto-Submitted': 'auto-generated',
  };
}

/** What the header of a mail says of the message. */
export interface MailOrigin {
  readonly id: string;
  readonly sender: { readonly name: string; readonly contact?: string };
  /** Of `Date`, or of the last `Received`; undefined where neither says it. */
  readonly createdMs: number | undefined;
  /** Whether Flowpact wrote it. */
  readonly isOwn: boolean;
  /** What the number does not say of the `Message-ID`. */
  readonly idLosses: readonly Loss[];
  readonly losses: readonly Loss[];
}

export function originOf(mail: MailPart): MailOrigin {
  const messageId = fieldOf(mail, 'Message-ID') ?? '';
  const [, ownId, ownDomain] = /^<flowpact\.(0|-?[1-9][0-9]*)@([^<>@\s]+)>$/.exec(messageId) ?? [];
  const id = messageIdOf(ownId ?? (messageId || createHash('sha256').update(mail.octets).digest('hex')));
  const idLosses: Loss[] = [];
  const losses: Loss[] = [];
  if (ownId === undefined) {
    if (messageId !== '')
      idLosses.push({
        path: 'Message-ID',
        effect: 'approximated',
        note: 'not a number: the id is made from it',
      });
    const names = new Set(mail.fields.map(({ name }) => name).filter((name) => !isRead(name)));
    if (names.size > 0) {
      const listed = [...names].join(', ').slice(0, 200);
      losses.push({ path: 'header', effect: 'dropped', note: `not read: ${listed}` });
    }
  }
  const party = partyOfAddress(firstAddress(mail));
  const sender = ownDomain === undefined || ownDomain === noDomain ? party : { ...party, name: ownDomain };
  return {
    id: id.id,
    sender: { ...sender, name: sender.name ?? 'unknown' },
    createdMs: createdOf(mail),
    isOwn: ownId !== undefined,
    idLosses,
    losses,
  };
}

/** An address that nobody reads is no contact. */
export function partyOfAddress(address: string | undefined): {
  readonly name?: string;
  readonly contact?: string;
} {
  if (address === undefined) return {};
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const isUnread = /^(no|do[-_.]?not)[-_.]?reply/i.test(address);
  return {
    ...(domain === noDomain ? {} : { name: domain }),
    ...(isUnread ? {} : { contact: `mailto:${address}` }),
  };
}

/** The first mail address in the text. */
export function addressOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2_000) return undefined;
  return addressparser(text, { flatten: true })
    .map(({ address }) => address.trim())
    .find(isMailAddress);
}

function firstAddress(mail: MailPart): string | undefined {
  return (
    addressOf(fieldOf(mail, 'From')) ??
    addressOf(fieldOf(mail, 'Sender')) ??
    addressOf(fieldOf(mail, 'Return-Path'))
  );
}

function createdOf(mail: MailPart): number | undefined {
  const received = fieldOf(mail, 'Received');
  return (
    timeOfMailDate(fieldOf(mail, 'Date')) ?? timeOfMailDate(received?.slice(received.lastIndexOf(';') + 1))
  );
}

/** Fields that say how the mail is made, not what it says; `From`, `Date` and `Message-ID` are read. */
function isRead(name: string): boolean {
  return /^(from|date|message-id|mime-version|content-[a-z-]+|x-x?arf|auto-submitted)$/i.test(name);
}
