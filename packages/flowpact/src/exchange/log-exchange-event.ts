import type { ExchangeEvent, LossReport } from '@flowpact/exchange';
import type { Logger } from '../log/logger.ts';

/** Tells what happens in the exchange: what was refused and why, what failed, what was sent and received. */
export function logExchangeEvent(log: Logger, event: ExchangeEvent): void {
  const { atMs, kind, ...rest } = event;
  const fields = Object.fromEntries(
    Object.entries(rest).flatMap(([key, value]) => {
      // Whole messages are the journal's and the store's business.
      if (key === 'message') {
        const { sender, id, kind: messageKind } = (event as Extract<ExchangeEvent, { kind: 'sent' }>).message;
        return [
          ['message', `${sender.name}/${id}`],
          ['messageKind', messageKind],
        ];
      }
      if (key === 'octets') return [];
      if (key === 'losses') {
        const { losses, additional } = value as LossReport;
        return [
          ['lost', pathsOf(losses.map(({ path }) => path))],
          ['additional', pathsOf(additional)],
        ];
      }
      return [[key, value]];
    }),
  );
  log[levelOf(event)](fields, wordsOf(kind));
}

/** Enough to see what a language lacks. */
const maxPathsTold = 20;

function pathsOf(paths: readonly string[]): readonly string[] {
  const more = paths.length - maxPathsTold;
  return more > 0 ? [...paths.slice(0, maxPathsTold), `and ${more} more`] : paths;
}

function levelOf(event: ExchangeEvent): 'debug' | 'info' | 'warn' {
  switch (event.kind) {
    case 'refused':
    case 'recorded':
    case 'sendFailed':
    case 'handlingFailed':
    case 'unanswerable':
    case 'overdue':
      return 'warn';
    case 'queued':
      return event.losses === undefined ? 'debug' : 'info';
    case 'repeat':
    case 'conversationClosed':
      return 'debug';
    case 'sent':
    case 'received':
    case 'answered':
    case 'retried':
    case 'dropped':
    case 'deliveryReport':
      return 'info';
    default:
      return event satisfies never;
  }
}

function wordsOf(kind: ExchangeEvent['kind']): string {
  switch (kind) {
    case 'queued':
      return 'message in the outbox';
    case 'sent':
      return 'message sent';
    case 'sendFailed':
      return 'message could not be sent';
    case 'deliveryReport':
      return 'a mail system reports on a message';
    case 'retried':
      return 'dead letter back in the outbox';
    case 'dropped':
      return 'dead letter dropped';
    case 'received':
      return 'message received';
    case 'repeat':
      return 'message received once more';
    case 'answered':
      return 'message answered';
    case 'unanswerable':
      return 'message cannot be answered';
    case 'recorded':
      return 'unproven message recorded';
    case 'refused':
      return 'message refused';
    case 'handlingFailed':
      return 'message could not be handled';
    case 'overdue':
      return 'no answer in time';
    case 'conversationClosed':
      return 'conversation left memory';
    default:
      return kind satisfies never;
  }
}
