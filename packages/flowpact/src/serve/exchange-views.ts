import type { RunningExchange } from '../exchange/running-exchange.ts';
import type { Outbox, Partner } from '../http/api/schema/exchange-schema.ts';
import { partnerView } from '../watch/exchange-view.ts';

/** Messages of each state that are listed. */
const maxListed = 100;

/** The partners of an exchange as the API tells them; none where there is no exchange. */
export async function partnersOf(exchange: RunningExchange | undefined): Promise<readonly Partner[]> {
  if (exchange === undefined) return [];
  const { counts } = exchange.report();
  const waiting = await exchange.waiting();
  const has = (partner: string, state: 'waiting' | 'failed') =>
    waiting.filter((each) => each.partner === partner && each.state === state).length;
  return exchange.partners.map(({ partner, isSigned }) => {
    const { name } = partner.party;
    const counted = (kind: 'sent' | 'received') =>
      counts.find((each) => each.partner === name && each.kind === kind);
    const lastHeardMs = counted('received')?.lastMs;
    return partnerView(partner, {
      isSigned,
      sent: counted('sent')?.count ?? 0,
      received: counted('received')?.count ?? 0,
      waiting: has(name, 'waiting'),
      failed: has(name, 'failed'),
      ...(lastHeardMs === undefined ? {} : { lastHeardMs }),
    });
  });
}

/** The outbox as the API tells it; empty where there is no exchange. */
export async function outboxOf(exchange: RunningExchange | undefined): Promise<Outbox> {
  const all = (await exchange?.waiting()) ?? [];
  const of = (state: 'waiting' | 'failed') => all.filter((each) => each.state === state);
  const [waiting, failed] = [of('waiting'), of('failed')];
  return {
    waiting: waiting.length,
    failed: failed.length,
    items: [...waiting.slice(0, maxListed), ...failed.slice(0, maxListed)],
  };
}
