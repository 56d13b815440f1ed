import { checkExchangeParts } from '../exchange/check-exchange-parts.ts';
import { readHttpSettings } from '../http/http-settings.ts';
import type { LoadedConfig } from './load-config.ts';
import { readModules } from './module-files.ts';
import { readOutputs } from './read-outputs.ts';

/**
 * Reads all that a configuration names, as a start would, and opens nothing.
 * @throws FlowpactError with what is wrong.
 */
export async function checkConfig(loaded: LoadedConfig): Promise<void> {
  await readModules(loaded);
  readOutputs(loaded);
  await checkExchangeParts(loaded);
  readHttpSettings(loaded);
}
