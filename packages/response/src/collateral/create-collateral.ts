import { addressToOctets, type IpPrefix, ipPrefixText, parseIpPrefix } from '@flowpact/event';
import { type Attack, attackTests, compileAttack } from '../candidate/attack.ts';
import { createPrefixIndex, type PrefixIndex } from '../candidate/prefix-list.ts';
import type { Clock } from '../clock.ts';
import { aspectsOf, compileMatch, type ReadFlow, readFlow } from '../rule/match-flow.ts';
import type { Rule, TrafficMatch } from '../rule/rule.ts';
import type { CollateralConfig } from './collateral-config.ts';
import type { CollateralReport, TrafficTotals } from './collateral-report.ts';
import type { FlowReplay } from './flow-replay.ts';
import { createHitHosts } from './hit-hosts.ts';
import { coverPrefixes } from './replayed-prefixes.ts';
import { verdictOf } from './verdict.ts';

export interface CollateralDeps {
  readonly replay: FlowReplay;
  readonly clock: Clock;
  /** Prefixes whose hosts no rule may hit, as of the rails. Default none. */
  readonly allowList?: readonly string[];
}

/** Some of an attack, and the rules that might be applied against that. */
export interface Trial {
  readonly part: Attack;
  readonly rules: readonly Rule[];
}

/** Tries rules on the flows that were kept. */
export interface Collateral {
  /**
   * Reads the flows once, for all rules of all trials.
   * @param endMs when the attack was seen last: where that is long ago, the time before that is looked at.
   * @returns a report for each rule of each trial.
   * @throws ResponseError `RESPONSE_REPLAY_FAILED`.
   */
  examine(
    attack: Attack,
    endMs: number | undefined,
    trials: readonly Trial[],
  ): Promise<readonly (readonly CollateralReport[])[]>;
}

/** Networks that flows are looked for by; more are put together, so that more flows come than are needed. */
const maxNetworks = 64;
/** Hosts of the allow list that are named. */
const maxAllowedHosts = 100;

export function createCollateral(
  config: CollateralConfig,
  { replay, clock, allowList = [] }: CollateralDeps,
): Collateral {
  const allowed = createPrefixIndex(allowList.map(parseIpPrefix));

  return {
    async examine(attack, endMs, trials) {
      const toMs = endOfWindow(clock.now(), endMs, config.windowMs);
      const fromMs = toMs - config.windowMs;
      const whole: WholeAttack = {
        hasFlow: compileAttack(attack),
        isSource: createPrefixIndex(attack.sources),
        isTarget: createPrefixIndex(attack.targets),
        isDoubted: attack.doubt !== undefined,
      };
      const watched = trials.map((trial) => watch(whole, trial, allowed, config));
      const matches = trials.flatMap(({ rules }) => rules.map(({ match }) => match));
      let read = 0;
      for await (const flows of replay.replay({
        fromMs,
        toMs,
        anyOf: lookedFor(attack, matches),
        aspects: aspectsOf([...matches, ...trials.map(({ part }) => attackTests(part)), attackTests(attack)]),
        limit: config.maxFlows,
      })) {
        for (const flow of flows) {
          if (++read > config.maxFlows) break;
          const found = readFlow(flow);
          if (found !== undefined) for (const each of watched) each.count(found);
        }
        if (read > config.maxFlows) break;
      }
      const isPartial = read >= config.maxFlows;
      return watched.map((each) => each.reports({ fromMs, toMs, isPartial }));
    },
  };
}

/** The last while, or that before the attack was seen last where it has been over for longer than that. */
function endOfWindow(nowMs: number, endMs: number | undefined, windowMs: number): number {
  return endMs !== undefined && endMs < nowMs - windowMs ? endMs + 1 : nowMs;
}

/** What goes to the targets, what comes from sources that are believed, and whatever else a rule takes. */
function lookedFor(
  { sources, targets, doubt }: Attack,
  matches: readonly TrafficMatch[],
): readonly TrafficMatch[] {
  const both = {
    destination: [...targets, ...prefixesIn(matches, 'destination', 'source')],
    source: [...(doubt === undefined ? sources : []), ...prefixesIn(matches, 'source', 'destination')],
  };
  return (['destination', 'source'] as const).flatMap((end) =>
    coverPrefixes(both[end], maxNetworks).map((prefix) => ({ [end]: ipPrefixText(prefix) })),
  );
}

/** Of rules that name that end alone: where both are named, either finds its flows. */
function prefixesIn(
  matches: readonly TrafficMatch[],
  end: 'source' | 'destination',
  other: 'source' | 'destination',
): readonly IpPrefix[] {
  return matches.flatMap(({ [end]: prefix, [other]: others }) =>
    prefix === undefined || (end === 'source' && others !== undefined) ? [] : [parseIpPrefix(prefix)],
  );
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly isPartial: boolean;
}

/** What trials have in common. */
interface WholeAttack {
  hasFlow(flow: ReadFlow): boolean;
  readonly isSource: PrefixIndex;
  readonly isTarget: PrefixIndex;
  readonly isDoubted: boolean;
}

/** Counts for the rules of one trial. */
function watch(
  { hasFlow, isSource, isTarget, isDoubted }: WholeAttack,
  { part, rules }: Trial,
  allowed: PrefixIndex,
  config: CollateralConfig,
) {
  const isOfPart = compileAttack(part);
  const all = { attack: zero(), others: zero() };
  const counted = rules.map(({ match, action }) => ({
    hits: compileMatch(match),
    limits: action.kind === 'blackhole' ? config.blackholeLimits : config.limits,
    attack: zero(),
    others: zero(),
    hosts: createHitHosts(config.maxHosts),
  }));

  return {
    count(read: ReadFlow): void {
      const { flow } = read;
      const isPart = isOfPart(read);
      // Other parts of the attack are neither what these rules are for, nor innocent.
      const isOther = !isPart && !hasFlow(read);
      if (isPart) add(all.attack, flow);
      else if (isOther) add(all.others, flow);
      else return;
      for (const { hits, attack: hitAttack, others, hosts } of counted) {
        const hit = hits(read);
        if (hit === 'no') continue;
        if (isPart) {
          if (hit === 'yes') add(hitAttack, flow);
          continue;
        }
        add(others, flow);
        if (isTarget.has(read.destination)) {
          if (isDoubted || !isSource.has(read.source)) hosts.add(flow.source, 'source', flow);
        } else if (isSource.has(read.source)) hosts.add(flow.destination, 'destination', flow);
        else hosts.add(flow.source, 'source', flow);
      }
    },
    reports: (window: Window): readonly CollateralReport[] =>
      counted.map(({ limits, attack: hitAttack, others, hosts }) => {
        const report = {
          fromMs: window.fromMs,
          toMs: window.toMs,
          attack: { hit: { ...hitAttack }, all: { ...all.attack } },
          others: { hit: { ...others }, all: { ...all.others } },
          otherHosts: hosts.size,
          topOtherHosts: hosts.top(config.topHosts),
          allowedHosts: allowedOf(hosts.addresses(), allowed),
          isPartial: window.isPartial || hosts.isFull,
        };
        return { ...report, verdict: verdictOf(report, limits) };
      }),
  };
}

function allowedOf(addresses: Iterable<string>, allowed: PrefixIndex): readonly string[] {
  const found: string[] = [];
  if (allowed.size === 0) return found;
  for (const address of addresses) {
    if (allowed.has(addressToOctets(address))) found.push(address);
    if (found.length === maxAllowedHosts) break;
  }
  return found;
}

type Sums = { -readonly [name in keyof TrafficTotals]: TrafficTotals[name] };

const zero = (): Sums => ({ flows: 0, packets: 0, octets: 0 });

function add(sums: Sums, { flows, packets, octets }: TrafficTotals): void {
  sums.flows += flows;
  sums.packets += packets;
  sums.octets += octets;
}
