import type { Mitigation } from '@flowpact/response';
import { FlowpactError } from '../flowpact-error.ts';
import type { EmitterRules } from '../http/api/mitigation-source.ts';
import type { ResponseOffice } from '../response/response-office.ts';
import { asker, type ControlClientConfig } from './control-client.ts';

/** The response of a daemon that runs on this host. Its methods reject with `FLOWPACT_DAEMON` where none answers. */
export function connectResponse(config: ControlClientConfig): ResponseOffice {
  const ask = asker(config);
  async function answered<T>(path: string, body?: unknown): Promise<T> {
    const answer = await ask<T>(body === undefined ? 'GET' : 'POST', `/response/${path}`, body);
    if (answer !== undefined) return answer;
    throw new FlowpactError('FLOWPACT_DAEMON', 'the daemon is of another version: it knows nothing of this');
  }
  return {
    mode: async () => (await answered<{ mode: Awaited<ReturnType<ResponseOffice['mode']>> }>('mode')).mode,
    async setMode(mode, who, why) {
      await answered('mode', { mode, who, why });
    },
    mitigations: (states) => answered<readonly Mitigation[]>('list', { states }),
    mitigation: (id) => ask<Mitigation>('POST', '/response/show', { id }),
    approve: (id, who, options) => answered<Mitigation>('approve', { id, who, ...options }),
    reject: (id, who, why) => answered<Mitigation>('reject', { id, who, why }),
    extend: (id, who, seconds, why) => answered<Mitigation>('extend', { id, who, seconds, why }),
    withdraw: (id, who, why) => answered<Mitigation>('withdraw', { id, who, why }),
    stopAll: (who, why) => answered<readonly Mitigation[]>('stop-all', { who, why }),
    inForce: () => answered<readonly EmitterRules[]>('in-force'),
  };
}
