import { ExchangeError } from '../../exchange-error.ts';
import { takeMailApart } from '../../mime/mail-parts.ts';
import { protectedEntity } from '../../mime/mime-entity.ts';
import type { MimeLimits } from '../../mime/mime-limits.ts';
import { withoutTrace } from '../../mime/trace-fields.ts';
import type { TransportDeps } from '../transport.ts';
import { deliveryReportOf } from './delivery-report.ts';

export interface MailIntakeLimits extends MimeLimits {
  /** Relays that have passed a mail on; more is a loop (RFC 5321, section 6.3). Default 100. */
  readonly maxHops: number;
}

/** One mail and its envelope. */
export interface TakenMail {
  readonly mail: Buffer;
  /** Empty for the null sender. */
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
}

/**
 * Hands a mail over, as a document or as a report about one of ours, and resolves when it is in safe hands.
 * @throws ExchangeError `EXCHANGE_BAD_MESSAGE`, permanent, which `onRefused` is told of; or whatever the taker throws
 */
export async function takeMail(
  { mail, envelopeFrom, envelopeTo }: TakenMail,
  limits: MailIntakeLimits,
  deps: TransportDeps,
): Promise<void> {
  const parts = await takenApart(mail, limits).catch((error) => {
    deps.onRefused?.({ transport: 'smtp', envelopeFrom, error });
    throw error;
  });
  const report = deps.onDeliveryReport && deliveryReportOf(envelopeFrom, mail, parts);
  if (report !== undefined) return deps.onDeliveryReport?.(report);
  const { attachments, hops: _hops, ...rest } = parts;
  const entity = protectedEntity(mail);
  return deps.onDocument({
    transport: 'smtp',
    envelopeFrom,
    envelopeTo,
    ...rest,
    ...(entity === undefined ? { attachments, mail: withoutTrace(mail) } : { attachments: [], entity }),
  });
}

async function takenApart(mail: Buffer, limits: MailIntakeLimits): ReturnType<typeof takeMailApart> {
  const parts = await takeMailApart(mail, limits);
  if (parts.hops <= limits.maxHops) return parts;
  throw badMail(`a mail that ${parts.hops} relays have passed on: a loop`);
}

export function badMail(message: string): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_MESSAGE', message, { permanent: true });
}
