import { addressText } from '../address-plan.ts';
import type { GeneratedFlow } from '../flow.ts';
import type { Random } from '../random.ts';
import type { ScenarioName } from './scenarios.ts';

/** What one stage of an attack did: the truth that a detection is held against. */
export interface AttackStage {
  readonly stage: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly flows: number;
  /** Whom it concerns, as text: scanned hosts, victims, hosts that a bot speaks to. */
  readonly targets: readonly string[];
}

export interface Attack {
  readonly scenario: ScenarioName;
  /** Where the flows of the attack come from. */
  readonly attackers: readonly string[];
  readonly stages: readonly AttackStage[];
}

export interface MadeAttack {
  readonly attack: Attack;
  readonly flows: readonly GeneratedFlow[];
}

export interface ScenarioConfig {
  readonly startMs: number;
  /** Multiplies the number of flows (not of C&C beacons, which are few by nature). Default 1. */
  readonly scale?: number;
}

/** Makes one attack: its flows, and what they are. */
export type Scenario = (config: ScenarioConfig, random: Random) => MadeAttack;

/** An attack of these stages, each the flows that make it. */
export function attackOf(
  scenario: ScenarioName,
  stages: Readonly<Record<string, readonly GeneratedFlow[]>>,
): MadeAttack {
  const flows = Object.values(stages).flat();
  return {
    attack: {
      scenario,
      attackers: distinct(flows, 'source'),
      stages: Object.entries(stages).map(([stage, own]) => ({
        stage,
        startMs: own.reduce((earliest, { startMs }) => Math.min(earliest, startMs), Number.POSITIVE_INFINITY),
        endMs: own.reduce((latest, { endMs }) => Math.max(latest, endMs), 0),
        flows: own.length,
        targets: distinct(own, 'destination'),
      })),
    },
    flows,
  };
}

function distinct(flows: readonly GeneratedFlow[], end: 'source' | 'destination'): string[] {
  return [...new Set(flows.map((flow) => flow[end]))].map(addressText);
}
