import type { Loss } from '../format.ts';
import { fieldOf, type MailPart } from '../mail/mail-part.ts';
import { fieldsOf } from '../mail/read-mail.ts';
import { reportedAddress } from '../mail/reported-address.ts';
import { originalTypeOf } from './feedback-part.ts';

/**
 * Where a report names no source: what the receiver noted in the reported mail (`X-Originating-IP`), else the address
 * of which the text for people speaks. It is told as an approximation.
 */
export function sourceAddressOf(
  others: readonly MailPart[],
  text: string | undefined,
  losses: Loss[],
): string | undefined {
  const original = others.find(({ mediaType }) => originalTypeOf(mediaType) !== undefined);
  const noted =
    original && fieldOf({ fields: fieldsOf(original.content.subarray(0, maxHeader)) }, 'X-Originating-IP');
  const spoken = /\bIP(?:\s+address)?:?\s+\[?([0-9A-Fa-f.:]{2,45}[0-9A-Fa-f])/i.exec(
    text?.slice(0, 4_000) ?? '',
  )?.[1];
  const address = reportedAddress(noted ?? '') ?? reportedAddress(spoken ?? '');
  if (address !== undefined)
    losses.push({
      path: 'Source-IP',
      effect: 'approximated',
      note: `the report names none: ${address} is of ${noted === undefined ? 'the text' : 'X-Originating-IP'}`,
    });
  return address;
}

const maxHeader = 64 * 1024;
