import type { Ask, Endpoint, Outcome, OutcomeStatus } from '@flowpact/event';
import { octetsToAddress, parseIpPrefix } from '@flowpact/event';
import type { KeptMitigation } from '../audit/audit-entry.ts';
import type { CollateralReport } from '../collateral/collateral-report.ts';
import type { Rule } from '../rule/rule.ts';
import { ruleText } from '../rule/rule-text.ts';
import { isOfAlert, type Mitigation, type MitigationState } from './mitigation.ts';

/** What a partner is to be told of one in a state. */
export function outcomeStatus(state: MitigationState): OutcomeStatus {
  switch (state) {
    case 'proposed':
      return 'received';
    case 'approved':
    case 'applying':
    case 'applied':
      return 'accepted';
    case 'confirmed':
    case 'withdrawing':
      return 'applied';
    case 'expired':
    case 'withdrawn':
    case 'rejected':
    case 'failed':
      return state;
    default:
      return state satisfies never;
  }
}

/** Whether there is news for the partner that asked: it never hears less than it has heard before. */
export function isUntold({ origin, state, told }: KeptMitigation): boolean {
  if (origin.kind !== 'request') return false;
  const status = outcomeStatus(state);
  // Whoever asked for nothing need not hear that nothing was done.
  if (told === undefined && isOfAlert(origin) && status === 'rejected') return false;
  if (told === undefined) return status !== 'received' && status !== 'accepted' && state !== 'withdrawing';
  if (status === outcomeStatus(told) || state === 'withdrawing') return false;
  return !(status === 'accepted' && outcomeStatus(told) === 'applied');
}

/** What the partner that asked is told of it now. */
export function mitigationOutcome(mitigation: Mitigation): Outcome {
  const { state, candidates, chosen, lifetimeSeconds, untilMs, turns } = mitigation;
  const candidate = candidates[chosen];
  const status = outcomeStatus(state);
  const why = turns.findLast((turn) => turn.state === state)?.why;
  const parts = [
    status === 'received' ? 'a person decides on it' : undefined,
    why,
    candidate?.collateral && status !== 'expired' ? collateralText(candidate.collateral) : undefined,
  ].filter((part) => part !== undefined);
  const ask = candidate && status === 'applied' ? doneAsk(candidate.rule, lifetimeSeconds) : undefined;
  return {
    status,
    ...(parts.length === 0 ? {} : { reason: parts.join('; ') }),
    ...(ask === undefined ? {} : { applied: [ask] }),
    ...(status === 'applied' && untilMs !== undefined ? { untilMs } : {}),
  };
}

/** One answer for all rules that a request came to. */
export function jointOutcome(mitigations: readonly Mitigation[]): Outcome {
  const outcomes = mitigations.map(mitigationOutcome);
  const [first] = outcomes;
  if (first === undefined || outcomes.length === 1) return first ?? { status: 'received' };
  const isSame = outcomes.every(({ status }) => status === first.status);
  const isGood = outcomes.some(({ status }) => status === 'accepted' || status === 'applied');
  const reasons = mitigations.map(
    (each, i) => `${chosenRuleText(each)}: ${outcomes[i]?.reason ?? outcomes[i]?.status}`,
  );
  return {
    status: isSame ? first.status : isGood ? 'partial' : 'received',
    reason: reasons.join('; ').slice(0, maxReasonLength),
  };
}

const maxReasonLength = 2_000;

/** What a rule would have hit, in a line. */
export function collateralText({ attack, others, otherHosts, verdict }: CollateralReport): string {
  const share = (hit: number, all: number) => (all === 0 ? 'none' : `${((100 * hit) / all).toFixed(1)} %`);
  return (
    `in recent traffic it hits ${share(attack.hit.octets, attack.all.octets)} of the octets of the attack and ` +
    `${share(others.hit.octets, others.all.octets)} of the others, of ${otherHosts} other hosts` +
    (verdict.isAcceptable ? '' : ` (${verdict.reason})`)
  );
}

/** A rule in the words of messages; undefined where they have none. */
function doneAsk(rule: Rule, lifetimeSeconds: number): Ask | undefined {
  const { match, action } = rule;
  const isSource = match.source !== undefined && action.kind !== 'blackhole' && action.kind !== 'redirect';
  const prefix = isSource ? match.source : match.destination;
  if (prefix === undefined) return undefined;
  const { octets, length } = parseIpPrefix(prefix);
  const [protocol] = match.protocols ?? [];
  const ports = isSource ? match.sourcePorts : match.destinationPorts;
  const scope: readonly Endpoint[] = [
    {
      address: octetsToAddress(octets),
      ...(length === 8 * octets.length ? {} : { prefixLength: length }),
      ...(protocol === undefined || match.protocols?.length !== 1 ? {} : { protocol }),
      ...(ports === undefined ? {} : { ports }),
    },
  ];
  switch (action.kind) {
    case 'drop':
      return { action: 'block', scope, lifetimeSeconds };
    case 'rateLimit':
      return { action: 'rateLimit', scope, lifetimeSeconds, octetsPerSecond: action.octetsPerSecond };
    case 'blackhole':
    case 'redirect':
      return { action: action.kind, scope, lifetimeSeconds };
    case 'mark':
      return undefined;
    default:
      return action satisfies never;
  }
}

/** The rule that one is about, in a line. */
export const chosenRuleText = ({ candidates, chosen }: Mitigation): string => {
  const candidate = candidates[chosen];
  return candidate === undefined ? '' : ruleText(candidate.rule);
};
