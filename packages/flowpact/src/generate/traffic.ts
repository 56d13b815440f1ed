import type { BackgroundKind } from './background.ts';
import { backgroundFlows } from './background.ts';
import { type ExportedFlow, inExportOrder, mergeByStart } from './export-order.ts';
import type { GeneratedFlow } from './flow.ts';
import { type Attack, type MultiStageAttackConfig, multiStageAttack } from './multi-stage-attack.ts';
import { createRandom } from './random.ts';

export interface TrafficConfig {
  /** The same seed gives the same traffic; default 1. */
  readonly seed?: number;
  /** Start, ms since 1970, on a whole second; default 2026-01-01T00:00:00Z. */
  readonly startMs?: number;
  /** How long flows go on starting; default 8 minutes. */
  readonly durationMs?: number;
  /** Mean rate of the everyday traffic; default 40. */
  readonly flowsPerSecond?: number;
  /** The attack, from one minute after the start unless said otherwise; false for none. */
  readonly attack?: Partial<MultiStageAttackConfig> | false;
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

/** Synthetic, labelled traffic: the background and, unless switched off, one multi-stage HTTP attack. */
export function generateTraffic(config: TrafficConfig = {}): Traffic {
  const {
    seed = 1,
    startMs = Date.UTC(2026, 0, 1),
    durationMs = 8 * 60_000,
    flowsPerSecond = 40,
    attack: attackConfig = {},
  } = config;
  const random = createRandom(seed);
  const attacks =
    attackConfig === false
      ? []
      : [multiStageAttack({ startMs: startMs + 60_000, ...attackConfig }, random.fork('attack'))];
  const background: Record<BackgroundKind, number> = { web: 0, dns: 0, icmp: 0, ssh: 0 };

  const sequences: Iterable<GeneratedFlow>[] = attacks.map(({ flows }) =>
    flows.toSorted((a, b) => a.startMs - b.startMs),
  );
  for (const [kind, flows] of backgroundFlows(
    { startMs, durationMs, flowsPerSecond },
    random.fork('background'),
  )) {
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

function* counted<T>(items: Iterable<T>, count: () => void): Generator<T> {
  for (const item of items) {
    count();
    yield item;
  }
}
