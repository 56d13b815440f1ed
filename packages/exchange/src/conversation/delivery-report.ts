import type { MessageRef } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { ExchangeJournal, OutboxEntry } from '../journal/exchange-journal.ts';
import { printable } from '../summary/printable.ts';
import type { DeliveryReport } from '../transport/transport.ts';
import type { Outbox } from './outbox.ts';

export interface DeliveryReportDeps {
  readonly clock: Clock;
  readonly journal: ExchangeJournal;
  readonly outbox: Outbox;
  /** As in `ExchangeLimits`. */
  readonly maxSendAgeMs: number;
  /** Whether the receiver has answered the message, so that it did arrive. */
  readonly isAnswered: (reference: MessageRef) => boolean;
}

/** What a report changed. `nextRoute`: the entry is in the journal's outbox again, and is to be sent. */
export interface DeliveryReportEffect {
  readonly effect: 'deadLetter' | 'nextRoute' | 'none';
  readonly entry?: OutboxEntry;
  /** For a person. */
  readonly reason: string;
}

/**
 * Takes back what was sent and did not arrive. A report may be forged, so it counts only where it names a message that
 * we sent not long ago, to that address, and that nobody has answered; and nothing that it does is beyond repair: the
 * message takes the next route, or is a dead letter.
 */
export async function applyDeliveryReport(
  report: DeliveryReport,
  { clock, journal, outbox, maxSendAgeMs, isAnswered }: DeliveryReportDeps,
): Promise<DeliveryReportEffect> {
  const { reference, transport, recipient, action, status, diagnostic = '' } = report;
  const said = printable(`${status} ${diagnostic}`.trim(), maxReasonLength);
  const reason = `came back from ${recipient}: ${said || 'no reason given'}`;
  const none = { effect: 'none', reason } as const;
  if (action !== 'failed' || isAnswered(reference)) return none;
  const entry = await journal.findSent(reference);
  if (entry === undefined) return none;
  const fate = outbox.returned(entry, { transport, address: recipient });
  if (fate === 'unknown') return none;
  const nowMs = clock.now();
  // Between the two steps it is a dead letter, which a crash loses as little.
  await journal.markFailed(reference, { atMs: nowMs, reason, permanent: true });
  if (fate === 'nextRoute' && nowMs - entry.atMs < maxSendAgeMs) {
    const again = await journal.retry(reference, entry.atMs);
    if (again !== undefined) return { effect: 'nextRoute', entry: again, reason };
  }
  return { effect: 'deadLetter', entry, reason };
}

const maxReasonLength = 600;
