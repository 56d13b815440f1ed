import type { BackgroundKind } from './background.ts';
import { backgroundFlows } from './background.ts';
import { type ExportedFlow, inExportOrder, mergeByStart } from './export-order.ts';
import type { GeneratedFlow } from './flow.ts';
import { createRandom, type Random } from './random.ts';
import type { Attack, MadeAttack } from './scenarios/attack.ts';
import { type MultiStageHttpOptions, multiStageHttp } from './scenarios/multi-stage-http.ts';
import { type ScenarioName, scenarios } from './scenarios/scenarios.ts';

/** An attack to put into the traffic. */
export interface AttackRequest {
  readonly scenario: ScenarioName;
  /**
   * Default: one minute after the start of the traffic, an eighth of it where it is no longer than that; further
   * attacks evenly over the rest.
   */
  readonly startMs?: number;
  /** Multiplies its number of flows. Default 1. */
  readonly scale?: number;
  /** For `multi-stage-http` only. */
  readonly multiStageHttp?: MultiStageHttpOptions;
}

export interface TrafficConfig {
  /** The same seed gives the same traffic; default 1. */
  readonly seed?: number;
  /** Start, ms since 1970, on a whole second; default 2026-01-01T00:00:00Z. */
  readonly startMs?: number;
  /** How long flows go on starting; default 8 minutes. */
  readonly durationMs?: number;
  /** Mean rate of the everyday traffic; default 40. */
  readonly flowsPerSecond?: number;
  /** Share of the everyday traffic that is IPv6, 0 to 1; default 0. */
  readonly ipv6Share?: number;
  /** Whether the everyday traffic follows the hours of the day (UTC): most at 15:00, a quarter of that at 3:00. */
  readonly diurnal?: boolean;
  /** Default: one of `multi-stage-http`. */
  readonly attacks?: readonly AttackRequest[];
}

/** What is in the traffic, as the one who made it knows. Counts are complete once all flows were taken. */
export interface GroundTruth {
  readonly seed: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly background: Record<BackgroundKind, number>;
  readonly attacks: readonly Attack[];
}

export interface Traffic {
  readonly truth: GroundTruth;
  /** Roughly how many flows will come, for a progress bar. */
  readonly expectedFlows: number;
  /** The flows in the order in which a probe exports them; can be taken once. */
  readonly flows: Iterable<ExportedFlow>;
}

/** Synthetic, labelled traffic: the background, and the attacks asked for. */
export function generateTraffic(config: TrafficConfig = {}): Traffic {
  const { seed = 1, startMs = Date.UTC(2026, 0, 1), durationMs = 8 * 60_000, flowsPerSecond = 40 } = config;
  const { attacks: requests = [{ scenario: 'multi-stage-http' }], ipv6Share = 0, diurnal = false } = config;
  const random = createRandom(seed);
  const attacks = makeAttacks(requests, startMs, durationMs, random);
  const background: Record<BackgroundKind, number> = { web: 0, dns: 0, icmp: 0, ssh: 0 };

  const sequences: Iterable<GeneratedFlow>[] = attacks.map(({ flows }) =>
    flows.toSorted((a, b) => a.startMs - b.startMs),
  );
  const everyday = { startMs, durationMs, flowsPerSecond, ipv6Share, diurnal };
  for (const [kind, flows] of backgroundFlows(everyday, random.fork('background'))) {
    sequences.push(counted(flows, () => background[kind]++));
  }
  return {
    truth: { seed, startMs, durationMs, background, attacks: attacks.map(({ attack }) => attack) },
    expectedFlows:
      Math.round((durationMs / 1000) * flowsPerSecond) +
      attacks.reduce((sum, { flows }) => sum + flows.length, 0),
    flows: inExportOrder(mergeByStart(sequences), random.fork('export')),
  };
}

/** Each attack draws from a stream of its own, so that another one beside it does not change it. */
function makeAttacks(
  requests: readonly AttackRequest[],
  startMs: number,
  durationMs: number,
  random: Random,
): MadeAttack[] {
  // In traffic that is over in a minute, soon after its beginning.
  const firstAttackMs = durationMs > 60_000 ? 60_000 : Math.floor(durationMs / 8);
  const gapMs = (durationMs - firstAttackMs) / requests.length;
  return requests.map(({ scenario, scale = 1, multiStageHttp: options, ...request }, i) => {
    const config = { startMs: request.startMs ?? startMs + firstAttackMs + Math.floor(i * gapMs), scale };
    const own = random.fork(i === 0 ? 'attack' : `attack ${i + 1}`);
    return scenario === 'multi-stage-http'
      ? multiStageHttp({ ...config, ...options }, own)
      : scenarios[scenario](config, own);
  });
}

function* counted<T>(items: Iterable<T>, count: () => void): Generator<T> {
  for (const item of items) {
    count();
    yield item;
  }
}
