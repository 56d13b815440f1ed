import type { MessageRef } from '@flowpact/event';
import type { MailParts } from '../../mime/mail-parts.ts';
import { fieldOf, splitHeader } from '../../mime/mime-entity.ts';
import type { Attachment, DeliveryReport } from '../transport.ts';
import { referenceOfMessageId } from './message-id.ts';

const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;

/**
 * What a mail system reports of a mail of ours (delivery status notification, RFC 3464). Only from the null sender, as all
 * of them are sent (RFC 3464, section 2), and only where it names the mail: in what it returns of it, or as what it answers.
 * Undefined for any other mail. It proves nothing: anybody can write one.
 */
export function deliveryReportOf(
  envelopeFrom: string,
  mail: Buffer,
  { attachments }: Pick<MailParts, 'attachments'>,
): DeliveryReport | undefined {
  if (envelopeFrom !== '') return undefined;
  const status = attachments.find(({ mediaType }) => mediaType === 'message/delivery-status');
  const reference = reportedMail(attachments, mail);
  const recipient = status && firstRecipient(Buffer.from(status.bytes));
  if (recipient === undefined || reference === undefined) return undefined;
  return { transport: 'smtp', reference, ...recipient };
}

/** Our mails have one recipient each; of a report about several, the first that says what became of it. */
function firstRecipient(
  status: Buffer,
): Pick<DeliveryReport, 'recipient' | 'action' | 'status' | 'diagnostic'> | undefined {
  // Section 2.1: groups of fields, an empty line between them; the first is about the mail as a whole.
  const groups = status
    .toString('latin1')
    .split(/\r?\n\r?\n/)
    .slice(0, maxGroups);
  for (const group of groups) {
    const field = (name: string) => fieldOf(Buffer.from(`${group}\r\n`, 'latin1'), name);
    const word = field('Action')?.toLowerCase().split(/[\s(]/, 1)[0];
    const action = actions.find((known) => known === word);
    // "Original-Recipient" is what we wrote, where a relay has changed it (sections 2.3.1 and 2.3.2).
    const recipient = addressIn(field('Original-Recipient')) ?? addressIn(field('Final-Recipient'));
    if (action === undefined || recipient === undefined) continue;
    const diagnostic = field('Diagnostic-Code')?.replace(/^[\w-]+;\s*/, '');
    return {
      recipient,
      action,
      status: /^[245]\.\d{1,3}\.\d{1,3}/.exec(field('Status') ?? '')?.[0] ?? '',
      ...(diagnostic === undefined ? {} : { diagnostic: diagnostic.slice(0, maxDiagnosticLength) }),
    };
  }
  return undefined;
}

const maxGroups = 100;
const maxDiagnosticLength = 500;

/** `rfc822; flex@isp-b.example` (section 2.3.1). */
function addressIn(field: string | undefined): string | undefined {
  const [, address] = /^rfc822;\s*<?([^<>\s]{1,254})>?$/i.exec(field ?? '') ?? [];
  return address;
}

/** By the header of the returned mail (RFC 3462, section 2), else by what the report answers. */
function reportedMail(attachments: readonly Attachment[], mail: Buffer): MessageRef | undefined {
  const returned = attachments.find(
    ({ mediaType }) => mediaType === 'message/rfc822' || mediaType === 'text/rfc822-headers',
  );
  const { header } = splitHeader(mail);
  const names = [
    returned && fieldOf(splitHeader(Buffer.from(returned.bytes)).header, 'Message-ID'),
    fieldOf(header, 'In-Reply-To'),
    fieldOf(header, 'References'),
  ];
  for (const name of names) {
    const reference = referenceOfMessageId(name ?? '');
    if (reference !== undefined) return reference;
  }
  return undefined;
}
