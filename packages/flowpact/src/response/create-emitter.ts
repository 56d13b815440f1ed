import {
  createBlockListEmitter,
  createExabgpEmitter,
  createGobgpEmitter,
  createNftablesEmitter,
  createSuricataList,
  createWebhookEmitter,
  type Emitter,
  textList,
} from '@flowpact/response';
import { createConfigFiles } from '../config/config-files.ts';
import type { EmitterSettings } from '../config/emitter-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { parseWebhookSecret } from '../output/send/webhook-sender.ts';

/**
 * An emitter as configured, not started.
 * @param index Its place in the list.
 * @throws ResponseError `RESPONSE_BAD_CONFIG`, FlowpactError `FLOWPACT_CONFIG`.
 */
export function createEmitter(loaded: LoadedConfig, settings: EmitterSettings, index: number): Emitter {
  switch (settings.kind) {
    case 'exabgp':
      return createExabgpEmitter({ ...settings, socket: loaded.path(settings.socket) });
    case 'nftables':
      return createNftablesEmitter(settings);
    case 'gobgp':
      return createGobgpEmitter(settings);
    case 'blockList': {
      const format = settings.format === 'suricata' ? createSuricataList(settings) : textList;
      return createBlockListEmitter({ name: settings.name, path: loaded.path(settings.path) }, { format });
    }
    case 'webhook': {
      const file = createConfigFiles(loaded, ['response', 'emitters', index]);
      const secret = parseWebhookSecret(file.secret(['secretFile'], settings.secretFile));
      return createWebhookEmitter({ ...settings, secret });
    }
    default:
      return settings satisfies never;
  }
}
