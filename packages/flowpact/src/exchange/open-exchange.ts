import { join } from 'node:path';
import {
  createExchange,
  createFileJournal,
  createOpenPgpTrust,
  createSmtpTransport,
  createStompTransport,
  type Exchange,
  type ExchangeDeps,
  type ExchangeEvent,
  type ExchangeJournal,
  systemClock,
  type TransportFactory,
} from '@flowpact/exchange';
import type { ExchangeOffice } from './exchange-office.ts';
import type { ExchangeParts } from './exchange-parts.ts';
import { createLocalOffice } from './local-office.ts';

export interface OpenExchangeDeps extends Pick<ExchangeDeps, 'decide' | 'onFeedback'> {
  /** Absolute path; the journal is in a folder of it. */
  readonly stateDirectory: string;
  readonly onEvent: (event: ExchangeEvent) => void;
}

/** An exchange as configured, not started. */
export interface OpenExchange {
  readonly exchange: Exchange;
  readonly office: ExchangeOffice;
  /** Opened and closed by the exchange; by whoever only looks into it, without starting that. */
  readonly journal: ExchangeJournal;
}

/** Where the outbox and the inbox are, below the state directory. */
export const journalFolder = 'exchange';

export const journalIn = (stateDirectory: string): ExchangeJournal =>
  createFileJournal({ directory: join(stateDirectory, journalFolder) });

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`. */
export function openExchange(
  { exchange: config, codecs, outgoingCodecs, smtp, stomp, trust }: ExchangeParts,
  { stateDirectory, onEvent, decide, onFeedback }: OpenExchangeDeps,
): OpenExchange {
  const clock = systemClock;
  const journal = journalIn(stateDirectory);
  const transports: TransportFactory[] = [];
  if (smtp !== undefined) transports.push((deps) => createSmtpTransport(smtp, { ...deps, clock }));
  if (stomp !== undefined) transports.push((deps) => createStompTransport(stomp, deps));
  const exchange = createExchange(config, {
    transports,
    codecs,
    outgoingCodecs,
    journal,
    clock,
    onEvent,
    ...(trust === undefined ? {} : { trust: createOpenPgpTrust(trust, { clock }) }),
    ...(decide === undefined ? {} : { decide }),
    ...(onFeedback === undefined ? {} : { onFeedback }),
  });
  return {
    exchange,
    journal,
    office: createLocalOffice({ exchange, journal, codecs: [...codecs, ...outgoingCodecs] }),
  };
}
