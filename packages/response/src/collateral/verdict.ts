import type { CollateralLimits } from './collateral-config.ts';
import type { CollateralReport } from './collateral-report.ts';

/** Holds what a rule would have hit against the limits. */
export function verdictOf(
  { attack, others, otherHosts, allowedHosts }: Omit<CollateralReport, 'verdict'>,
  limits: CollateralLimits,
): CollateralReport['verdict'] {
  const attackShare = share(attack.hit.packets, attack.all.packets);
  const octetsShare = share(others.hit.octets, others.all.octets);
  const faults: readonly [isFault: boolean, reason: string][] = [
    [
      attack.all.flows === 0,
      'none of the flows that are kept is of the attack, so that nothing tells whether it helps',
    ],
    [allowedHosts.length > 0, `it would hit ${allowedHosts[0]}, which is on the allow list`],
    [
      attackShare < limits.minAttackShare,
      `it would hit ${percent(attackShare)} of the attack's packets, less than ${percent(limits.minAttackShare)} (minAttackShare)`,
    ],
    [
      otherHosts > limits.maxOtherHosts,
      `it would hit ${otherHosts} hosts that are no part of it, more than ${limits.maxOtherHosts} (maxOtherHosts)`,
    ],
    [
      others.hit.flows > limits.maxOtherFlows,
      `it would hit ${others.hit.flows} flows of others, more than ${limits.maxOtherFlows} (maxOtherFlows)`,
    ],
    [
      octetsShare > limits.maxOtherOctetsShare,
      `it would hit ${percent(octetsShare)} of the octets of others, more than ${percent(limits.maxOtherOctetsShare)} (maxOtherOctetsShare)`,
    ],
  ];
  const reason = faults.find(([isFault]) => isFault)?.[1];
  if (reason !== undefined) return { isAcceptable: false, reason };
  const hit = `it would hit ${percent(attackShare)} of the attack's packets`;
  return {
    isAcceptable: true,
    reason:
      others.hit.flows === 0
        ? `${hit} and nothing else`
        : `${hit}, and ${percent(octetsShare)} of the octets of others`,
  };
}

const share = (part: number, all: number): number => (all === 0 ? 0 : part / all);

/** Never 0 % or 100 % of what is a little more, or less. */
export function percent(value: number): string {
  if (value > 0 && value < 0.001) return 'less than 0.1 %';
  if (value < 1 && value > 0.999) return 'more than 99.9 %';
  return `${Number((100 * value).toFixed(1))} %`;
}
