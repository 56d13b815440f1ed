import {
  createBlockListEmitter,
  createExabgpEmitter,
  createGobgpEmitter,
  createMispList,
  createNftablesEmitter,
  createStixList,
  createSuricataList,
  createWebhookEmitter,
  type Emitter,
  type ListFormat,
  type ListIdentity,
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
      const config = { name: settings.name, path: loaded.path(settings.path) };
      return createBlockListEmitter(config, { format: listFormat(loaded, settings, index) });
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

type BlockListSettings = Extract<EmitterSettings, { readonly kind: 'blockList' }>;

function listFormat(loaded: LoadedConfig, settings: BlockListSettings, index: number): ListFormat {
  const identity = (): ListIdentity => {
    const producer = settings.producer ?? loaded.config.exchange?.name;
    if (producer !== undefined) return { producer, list: settings.name };
    const why = `format ${settings.format} has to say whose list it is: give this, or exchange.name`;
    throw loaded.wrong(['response', 'emitters', index, 'producer'], why);
  };
  switch (settings.format) {
    case 'text':
      return textList;
    case 'suricata':
      return createSuricataList(settings);
    case 'misp':
      return createMispList(identity());
    case 'stix':
      return createStixList(identity());
    default:
      return settings.format satisfies never;
  }
}
