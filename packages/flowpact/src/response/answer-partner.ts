import type { Answer } from '@flowpact/exchange';
import { ExchangeError } from '@flowpact/exchange';
import type { Mitigation } from '@flowpact/response';
import type { RunningExchange } from '../exchange/running-exchange.ts';
import { FlowpactError } from '../flowpact-error.ts';
import type { Logger } from '../log/logger.ts';

/**
 * Tells the partner that asked for a mitigation, or told what it is against, what became of it. What can never be said, to a partner that is not
 * configured any more or that reads no answers, is given up with a line in the log.
 * @param exchange undefined: not running for now
 * @throws ExchangeError or FlowpactError where another attempt may succeed
 */
export async function answerPartner(
  exchange: Pick<RunningExchange, 'feedback'> | 'notConfigured' | undefined,
  { id, origin, event, turns }: Mitigation,
  answer: Answer,
  log: Logger,
): Promise<void> {
  if (origin.kind !== 'request') return;
  const { partner, reference } = origin;
  const giveUp = (reason: string) =>
    log.warn({ mitigation: id, partner, status: answer.status, reason }, 'response: the partner is not told');
  if (exchange === 'notConfigured') return giveUp('there is no exchange any more');
  if (exchange === undefined) throw new FlowpactError('FLOWPACT_NETWORK', 'the exchange is not running');
  const request = {
    ...{
      kind: origin.ownSpace === undefined ? ('request' as const) : ('alert' as const),
      id: reference.id,
      sender: { name: reference.sender },
    },
    // When it came; when it was written, nobody remembers.
    createdMs: turns[0]?.atMs ?? 0,
    event,
  };
  try {
    await exchange.feedback(request, answer);
  } catch (error) {
    const isFinal = error instanceof ExchangeError && (error.permanent || finalCodes.has(error.code));
    if (!isFinal) throw error;
    giveUp(error.message);
  }
}

const finalCodes: ReadonlySet<string> = new Set([
  'EXCHANGE_UNKNOWN_PARTNER',
  'EXCHANGE_NO_ROUTE',
  'EXCHANGE_BAD_MESSAGE',
]);
