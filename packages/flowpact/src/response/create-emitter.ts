import { createExabgpEmitter, createNftablesEmitter, type Emitter } from '@flowpact/response';
import type { EmitterSettings } from '../config/emitter-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';

/** An emitter as configured, not started. @throws ResponseError `RESPONSE_BAD_CONFIG`. */
export function createEmitter(loaded: LoadedConfig, settings: EmitterSettings): Emitter {
  switch (settings.kind) {
    case 'exabgp':
      return createExabgpEmitter({ name: settings.name, socket: loaded.path(settings.socket) });
    case 'nftables': {
      const { name, table, hook, priority, netns } = settings;
      return createNftablesEmitter({
        ...{ name, table, hook, priority },
        ...(netns === undefined ? {} : { netns }),
      });
    }
    default:
      return settings satisfies never;
  }
}
