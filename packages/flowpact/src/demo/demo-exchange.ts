import {
  createExchange,
  createFileJournal,
  createSmtpTransport,
  type Decide,
  type Exchange,
  type ExchangeEvent,
  flexCodec,
} from '@flowpact/exchange';
import { type DemoNetwork, owns, partnerOf } from './network.ts';

export interface DemoExchangeConfig {
  readonly self: DemoNetwork;
  readonly other: DemoNetwork;
  /** Where we take mail. */
  readonly port: number;
  /** Where the other takes mail. */
  readonly otherPort: number;
  readonly journalDirectory: string;
}

/** One network's end of the conversation: FLEX by mail to and from the other. */
export function createDemoExchange(
  { self, other, port, otherPort, journalDirectory }: DemoExchangeConfig,
  deps: { onEvent(event: ExchangeEvent): void },
): Exchange {
  return createExchange(
    { self: self.party, partners: [partnerOf(other)] },
    {
      transports: [
        (transportDeps) =>
          createSmtpTransport(
            {
              from: self.mailbox,
              relay: { host: '127.0.0.1', port: otherPort },
              listen: { host: '127.0.0.1', port, recipients: [self.mailbox] },
            },
            transportDeps,
          ),
      ],
      codecs: [flexCodec],
      journal: createFileJournal({ directory: journalDirectory }),
      clock: { now: Date.now },
      decide: decideFor(self),
      onEvent: deps.onEvent,
    },
  );
}

/** Accepts what concerns our own addresses, rejects the rest: nobody else's customers are ours to act on. */
function decideFor(self: DemoNetwork): Decide {
  return ({ kind, event }) => {
    if (kind === 'feedback') return undefined;
    const sources = (event.sources ?? []).flatMap(({ address }) => address ?? []);
    const foreign = sources.filter((address) => !owns(self, address));
    return sources.length > 0 && foreign.length === 0
      ? { status: 'accepted', reason: `${sources.join(', ')} is ours; its owner has been told` }
      : { status: 'rejected', reason: `not ours: ${foreign.join(', ') || 'no source given'}` };
  };
}
