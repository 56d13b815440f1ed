import { join } from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import { connectOffice } from '../control/control-client.ts';
import { controlSocketName } from '../control/control-socket.ts';
import { withinTime } from '../daemon/within-time.ts';
import { FlowpactError } from '../flowpact-error.ts';
import type { ExchangeOffice } from './exchange-office.ts';
import { readExchangeParts } from './exchange-parts.ts';
import { openExchange } from './open-exchange.ts';

/** How long what a command set in motion may take before the command leaves the rest to the next run, milliseconds. */
const settleTimeoutMs = 20_000;

/**
 * Does something in the office of the daemon of a configuration; where none runs, in one of our own over the same state
 * directory, which takes no messages. To `act` there sends those that wait, too; to `look` changes nothing.
 * @throws FlowpactError `FLOWPACT_USAGE` for a configuration without an exchange.
 */
export async function withOffice<T>(
  loaded: LoadedConfig,
  purpose: 'look' | 'act',
  work: (office: ExchangeOffice, isDaemon: boolean) => Promise<T>,
): Promise<T> {
  const settings = loaded.config.exchange;
  if (settings === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${loaded.file} configures no exchange: add the key \`exchange\` to it`,
    );
  }
  const stateDirectory = loaded.path(loaded.config.stateDirectory);
  const daemon = await connectOffice({ path: join(stateDirectory, controlSocketName) });
  if (daemon !== undefined) return work(daemon, true);
  const { exchange, journal, office } = openExchange(
    readExchangeParts(loaded, settings, { receive: false }),
    {
      stateDirectory,
      onEvent(event) {
        if (event.kind === 'sendFailed') {
          console.error(
            `flowpact: to ${event.partner}: ${event.reason}${event.permanent ? '' : '; it stays in the outbox'}`,
          );
        }
      },
    },
  );
  if (purpose === 'look') {
    await journal.open();
    try {
      return await work(office, false);
    } finally {
      await journal.close();
    }
  }
  await exchange.start();
  try {
    const result = await work(office, false);
    await withinTime(exchange.settled(), settleTimeoutMs);
    return result;
  } finally {
    await exchange.stop();
  }
}
