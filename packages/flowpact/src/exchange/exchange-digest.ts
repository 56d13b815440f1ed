import { createHash } from 'node:crypto';
import type { LoadedConfig } from '../config/load-config.ts';
import { readExchangeParts } from './exchange-parts.ts';

/**
 * Differs where an exchange would be made of something else, the content of a key file among it. Undefined: none is
 * configured.
 * @throws FlowpactError where a file cannot be read
 */
export function exchangeDigest(loaded: LoadedConfig): string | undefined {
  const settings = loaded.config.exchange;
  if (settings === undefined) return undefined;
  const parts = readExchangeParts(loaded, settings, { receive: true });
  return createHash('sha256')
    .update(JSON.stringify([settings.alerting, parts]))
    .digest('hex');
}
