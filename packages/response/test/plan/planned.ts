import { addressToOctets, type FlowTable, type SecurityEvent } from '@flowpact/event';
import { defaultCollateral } from '../../src/collateral/collateral-config.ts';
import { createMemoryReplay, type TimedFlow } from '../../src/collateral/memory-replay.ts';
import type { Origin } from '../../src/mitigation/mitigation.ts';
import type { Trigger } from '../../src/mitigation/plan.ts';
import { createPlanner } from '../../src/plan/create-planner.ts';
import { defaultPlanner, type PlannerConfig } from '../../src/plan/planner-config.ts';
import type { PlaybookEntry } from '../../src/playbook/playbook.ts';
import { createAddressRails } from '../../src/rails/address-rails.ts';
import { defaultRails } from '../../src/rails/rails-config.ts';
import { ruleText } from '../../src/rule/rule-text.ts';

export const nowMs = Date.UTC(2026, 0, 1, 12);

/** Started a minute ago where nothing else is said; of TCP, three packets that set up a connection, to port 80. */
export function flow(source: string, destination: string, fields: Partial<TimedFlow> = {}): TimedFlow {
  return {
    source,
    destination,
    protocol: 6,
    sourcePort: 40_000,
    destinationPort: 80,
    tcpFlags: 0x1b,
    packets: 10,
    octets: 1000,
    flows: 1,
    startMs: nowMs - 60_000,
    ...fields,
  };
}

/** How flows travel with an event. */
export function evidence(flows: readonly TimedFlow[], fields: Partial<FlowTable['layout']> = {}): FlowTable {
  const is6 = flows[0]?.source.includes(':');
  const ids = [is6 ? 27 : 8, is6 ? 28 : 12, 4, 7, 11, 6, 2, 1];
  return {
    layout: { columns: ids.map((id) => ({ kind: 'iana', id })), ...fields },
    groups: [
      {
        rows: flows.map((each) => [
          addressToOctets(each.source),
          addressToOctets(each.destination),
          each.protocol ?? null,
          each.sourcePort ?? null,
          each.destinationPort ?? null,
          each.tcpFlags ?? null,
          each.packets,
          each.octets,
        ]),
      },
    ],
  };
}

export interface Planned {
  readonly entry?: Partial<PlaybookEntry>;
  readonly config?: Partial<PlannerConfig>;
  /** Left out: none are kept. */
  readonly flows?: readonly TimedFlow[];
  readonly origin?: Origin;
  readonly asks?: Trigger['asks'];
  readonly objection?: (rule: string) => string | undefined;
  readonly allowList?: readonly string[];
}

/** Plans of an event, each a list of candidates: what the rule says, and what is against it (`''`: nothing). */
export async function planned(event: SecurityEvent, given: Planned = {}) {
  const { entry, config, flows, origin = { kind: 'event' }, asks, objection, allowList = [] } = given;
  const rails = { ...defaultRails, allowList };
  const plan = createPlanner(
    {
      ...defaultPlanner,
      collateral: defaultCollateral,
      rails,
      playbook: [
        { level: 'approve', emitters: ['border'], from: ['own', 'none', 'low', 'medium', 'high'], ...entry },
      ],
      ...config,
    },
    {
      emitters: [{ name: 'border', objection: (rule) => objection?.(ruleText(rule)) }],
      rails: createAddressRails(rails),
      clock: { now: () => nowMs },
      ...(flows && { replay: createMemoryReplay(flows) }),
    },
  );
  return plan({ event, origin, ...(asks && { asks }), trustLevel: 'low' });
}

/** The same in words. */
export async function texts(event: SecurityEvent, given: Planned = {}) {
  const plans = await planned(event, given);
  return plans.map(({ candidates }) =>
    candidates.map(({ rule, refusal = '' }) => [ruleText(rule), refusal] as const),
  );
}

/** The rules that would be applied. */
export async function chosen(event: SecurityEvent, given: Planned = {}) {
  const plans = await planned(event, given);
  return plans
    .map(({ candidates, chosen: index }) => candidates[index])
    .filter(({ refusal }) => refusal === undefined)
    .map(({ rule }) => ruleText(rule));
}
