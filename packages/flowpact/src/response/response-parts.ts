import {
  checkPlaybook,
  createRails,
  defaultCollateral,
  defaultPlanner,
  type Emitter,
  type MitigatorConfig,
  type PlannerConfig,
  type Playbook,
  ResponseError,
  systemClock,
} from '@flowpact/response';
import type { LoadedConfig } from '../config/load-config.ts';
import type { ResponseSettings } from '../config/response-config.ts';
import { createEmitter } from './create-emitter.ts';

/** All that a response is made of. */
export interface ResponseParts {
  readonly mitigator: MitigatorConfig;
  readonly planner: PlannerConfig;
  readonly emitters: readonly Emitter[];
}

/**
 * Reads what the configuration of the response names, and makes sure that it can do what it says. Opens nothing.
 * @throws FlowpactError `FLOWPACT_CONFIG` with the place.
 */
export function readResponseParts(loaded: LoadedConfig, settings: ResponseSettings): ResponseParts {
  const { windowMs, ...collateralLimits } = settings.collateral;
  const { maxRules, ...limits } = settings.limits;
  const rails = { ...settings.rails, mode: settings.mode };
  const playbook = settings.playbook as Playbook;
  const names = settings.emitters.map(({ name }) => name);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice >= 0) throw loaded.wrong(['response', 'emitters', twice, 'name'], `is called like another one`);
  try {
    createRails(rails, { clock: systemClock });
    checkPlaybook(playbook, { emitters: names, maxLifetimeSeconds: rails.maxLifetimeSeconds });
    return {
      mitigator: {
        rails,
        limits,
        hidingEmitters: settings.emitters.filter(({ hidesTraffic }) => hidesTraffic).map(({ name }) => name),
      },
      planner: {
        ...defaultPlanner,
        ...{ playbook, rails, maxRules },
        collateral: {
          ...defaultCollateral,
          windowMs,
          limits: collateralLimits,
          blackholeLimits: collateralLimits,
        },
      },
      emitters: settings.emitters.map((emitter, index) => createEmitter(loaded, emitter, index)),
    };
  } catch (error) {
    if (error instanceof ResponseError) throw loaded.wrong(['response'], `cannot be used: ${error.message}`);
    throw error;
  }
}
