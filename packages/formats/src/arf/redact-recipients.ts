import { createHash } from 'node:crypto';
import type { Message, Property } from '@flowpact/event';
import { fieldsOf } from '../mail/read-mail.ts';

export interface RedactionConfig {
  /** Kept secret, and kept: the same recipient then looks the same in every report. */
  readonly redactionKey: string;
  /** Of the key and the local part; default `sha256`. RFC 6590 leaves it open, and shows `sha1`. */
  readonly redactionHash?: 'sha1' | 'sha256';
}

/** Fields of a report, and of a mail, that name who got the mail. */
const reportFields = /^(original-rcpt-to|removal-recipient)$/i;
const mailFields =
  /^(to|cc|bcc|resent-to|resent-cc|resent-bcc|delivered-to|x-original-to|envelope-to|x-envelope-to|x-apparently-to|x-hmxmroriginalrecipient)$/i;

const addressPattern = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}/g;

/**
 * The message with the local parts of its recipients' addresses redacted (RFC 6590, section 3), in the fields of the
 * report and wherever they are in the attached mail.
 */
export function redactRecipients(
  message: Message,
  config: RedactionConfig,
): { readonly message: Message; readonly redacted: readonly string[] } {
  const properties = message.event.additional ?? [];
  const recipients = new Set(properties.flatMap(recipientsOf).map((address) => address.toLowerCase()));
  const redacted: string[] = [];
  const additional = properties.map((property, i): Property => {
    const value = redactedValue(property.value, recipients, config);
    if (value === property.value) return property;
    redacted.push(`event.additional[${i}].value`);
    return { ...property, value };
  });
  if (redacted.length === 0) return { message, redacted };
  return { message: { ...message, event: { ...message.event, additional } }, redacted };
}

function recipientsOf({ name, value }: Property): readonly string[] {
  if (typeof value === 'string') return reportFields.test(name) ? (value.match(addressPattern) ?? []) : [];
  if (!(value instanceof Uint8Array) || !/^attachment:(message\/rfc822|text\/rfc822-headers)/.test(name))
    return [];
  return fieldsOf(value)
    .filter((field) => mailFields.test(field.name))
    .flatMap((field) => field.value.match(addressPattern) ?? []);
}

function redactedValue(
  value: Property['value'],
  recipients: ReadonlySet<string>,
  config: RedactionConfig,
): Property['value'] {
  if (typeof value === 'string') return redactedText(value, recipients, config);
  if (!(value instanceof Uint8Array)) return value;
  const text = Buffer.from(value).toString('latin1');
  const changed = redactedText(text, recipients, config);
  return changed === text ? value : Uint8Array.from(Buffer.from(changed, 'latin1'));
}

function redactedText(text: string, recipients: ReadonlySet<string>, config: RedactionConfig): string {
  return text.replace(addressPattern, (address) =>
    recipients.has(address.toLowerCase()) ? redactedAddress(address, config) : address,
  );
}

/** `rZ8cqXWGiKHzhz1MsFRGTysHia4=@example.com`: the key before the text, hashed, in Base64. */
export function redactedAddress(
  address: string,
  { redactionKey, redactionHash = 'sha256' }: RedactionConfig,
): string {
  const at = address.lastIndexOf('@');
  const hash = createHash(redactionHash).update(redactionKey).update(address.slice(0, at));
  return `${hash.digest('base64')}${address.slice(at)}`;
}
