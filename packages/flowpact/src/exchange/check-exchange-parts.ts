import {
  createExchange,
  createMemoryJournal,
  createMemoryNetwork,
  createOpenPgpTrust,
  ExchangeError,
  systemClock,
} from '@flowpact/exchange';
import type { LoadedConfig } from '../config/load-config.ts';
import { readExchangeParts } from './exchange-parts.ts';

/**
 * Reads all that the configuration of the exchange names, and makes sure that keys can be used and partners are told
 * apart. Opens nothing.
 * @throws FlowpactError `FLOWPACT_CONFIG` with the place.
 */
export async function checkExchangeParts(loaded: LoadedConfig): Promise<void> {
  const settings = loaded.config.exchange;
  if (settings === undefined) return;
  const parts = readExchangeParts(loaded, settings, { receive: true });
  const deps = { codecs: parts.codecs, journal: createMemoryJournal(), clock: systemClock };
  try {
    createExchange(parts.exchange, { ...deps, transports: [createMemoryNetwork().join(settings.name)] });
    if (parts.trust !== undefined) await createOpenPgpTrust(parts.trust, { clock: systemClock }).start();
  } catch (error) {
    if (error instanceof ExchangeError) throw loaded.wrong(['exchange'], `cannot be used: ${error.message}`);
    throw error;
  }
}
