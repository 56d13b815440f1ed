import { type Ask, parseIpPrefix, type SecurityEvent } from '@flowpact/event';
import { askedActions, askedEvent, toldEvent } from '../candidate/asked.ts';
import { type Attack, attackOf } from '../candidate/attack.ts';
import { createCandidates } from '../candidate/create-candidates.ts';
import { divide, type Part } from '../candidate/divide.ts';
import { createPrefixIndex } from '../candidate/prefix-list.ts';
import type { Clock } from '../clock.ts';
import type { CollateralReport } from '../collateral/collateral-report.ts';
import { type Collateral, createCollateral } from '../collateral/create-collateral.ts';
import type { FlowReplay } from '../collateral/flow-replay.ts';
import type { Emitter } from '../emitter/emitter.ts';
import type { Candidate, Origin } from '../mitigation/mitigation.ts';
import type { Plan, PlanMitigations, Trigger } from '../mitigation/plan.ts';
import { chooseEntry, type Occasion } from '../playbook/choose-entry.ts';
import type { PlaybookEntry } from '../playbook/playbook.ts';
import type { Rails } from '../rails/rails.ts';
import { ResponseError } from '../response-error.ts';
import { containsPrefix } from '../rule/prefix.ts';
import type { RuleAction } from '../rule/rule.ts';
import { defaultLifetimeSeconds, type PlannerConfig } from './planner-config.ts';

export interface PlannerDeps {
  readonly emitters: readonly Pick<Emitter, 'name' | 'objection'>[];
  readonly rails: Pick<Rails, 'refusal'>;
  readonly clock: Clock;
  /** Left out: no flows are kept. */
  readonly replay?: FlowReplay;
}

/** Of what a partner asks for in one message, so much is looked at. */
const maxAsks = 8;

/**
 * Makes plans of triggers: the playbook says how far, the event and its flows which rules, the flows that were kept what
 * these would hit. Nothing is applied. The function rejects for no trigger: what cannot be tried is refused, and says why.
 */
export function createPlanner(config: PlannerConfig, deps: PlannerDeps): PlanMitigations {
  const { replay, clock } = deps;
  const { allowList } = config.rails;
  const collateral = replay && createCollateral(config.collateral, { replay, clock, allowList });

  return async ({ event, origin, asks, trustLevel }) => {
    const entry = chooseEntry(config.playbook, occasionOf({ event, origin, asks, trustLevel }));
    if (entry === undefined || entry.level === 'off') return [];
    const { level } = entry;
    const plans: Plan[] = [];
    for (const wish of wishesOf(event, origin, asks, entry)) {
      const lifetimeSeconds = Math.min(
        entry.lifetimeSeconds ?? defaultLifetimeSeconds,
        wish.lifetimeSeconds ?? Number.POSITIVE_INFINITY,
        config.rails.maxLifetimeSeconds,
      );
      for (const candidates of await candidatesFor(wish, origin, entry, collateral, config, deps)) {
        const free = candidates.findIndex(({ refusal }) => refusal === undefined);
        plans.push({ level, lifetimeSeconds, candidates, chosen: Math.max(0, free) });
      }
    }
    return plans.slice(0, config.maxRules);
  };
}

function occasionOf({ event, origin, asks, trustLevel }: Trigger): Occasion {
  if (origin.kind !== 'request') return { event, from: 'own' };
  const levels = ['low', 'medium', 'high'] as const;
  const from = levels.find((level) => level === trustLevel) ?? 'none';
  return { event, from, asks: (asks ?? []).map(({ action }) => action) };
}

/** What is to be stopped, and how. */
interface Wish {
  readonly event: SecurityEvent;
  readonly actions: readonly RuleAction[];
  readonly lifetimeSeconds?: number;
}

function wishesOf(
  event: SecurityEvent,
  origin: Origin,
  asks: readonly Ask[] = [],
  entry: PlaybookEntry,
): readonly Wish[] {
  const listed = entry.actions ?? [{ kind: 'drop' }];
  if (origin.kind !== 'request') return [{ event, actions: listed }];
  const { addressSpace, ownSpace } = origin;
  if (ownSpace !== undefined) {
    return [{ event: toldEvent(event, addressSpace, ownSpace), actions: listed }];
  }
  return asks.slice(0, maxAsks).flatMap((ask) => {
    const actions = entry.asks?.includes(ask.action) === false ? [] : askedActions(ask, listed);
    if (actions.length === 0) return [];
    const { lifetimeSeconds } = ask;
    return [
      {
        event: askedEvent(event, ask, addressSpace),
        actions,
        ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds: Number(lifetimeSeconds) }),
      },
    ];
  });
}

async function candidatesFor(
  { event, actions }: Wish,
  origin: Origin,
  entry: PlaybookEntry,
  collateral: Collateral | undefined,
  { rails, maxRules, maxCandidates, maxEvidence }: PlannerConfig,
  deps: PlannerDeps,
): Promise<readonly (readonly Candidate[])[]> {
  const emitters = entry.emitters.flatMap(
    (name) => deps.emitters.find((emitter) => emitter.name === name) ?? [],
  );
  const attack = attackOf(event, maxEvidence);
  const parts = divide(attack, { ...rails, maxRules, needsTarget: needsTarget(origin, attack) });
  const made = parts
    .map((part) => ({
      part,
      candidates: createCandidates(attack, part, actions, maxCandidates, {
        emitters,
        refusal: (rule) => deps.rails.refusal(rule, origin),
      }),
    }))
    .filter(({ candidates }) => candidates.length > 0);
  if (collateral === undefined) return made.map(({ candidates }) => candidates.map(untried));
  const trials = made.map(({ part, candidates }) => ({
    part: attackOfPart(attack, part),
    rules: candidates.map(({ rule }) => rule),
  }));
  try {
    const reports = await collateral.examine(attack, event.endMs, trials);
    return made.map(({ part, candidates }, i) =>
      candidates.map((candidate, j) => tried(candidate, reports[i][j], part)),
    );
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const refusal = `nobody knows what it would hit: ${error.message}`;
    return made.map(({ candidates }) => candidates.map((candidate) => ({ refusal, ...candidate })));
  }
}

/** A partner's rule has to say whom it protects, unless it is against hosts of ours, or of its own, that attack. */
function needsTarget(origin: Origin, { sources }: Attack): boolean {
  if (origin.kind !== 'request') return false;
  if (origin.ownSpace === undefined) return true;
  const space = [...origin.ownSpace, ...origin.addressSpace].map(parseIpPrefix);
  return !sources.every((source) => space.some((own) => containsPrefix(own, source)));
}

/** The same attack between the ends of a part alone. */
function attackOfPart(attack: Attack, { ends: { source, target } }: Part): Attack {
  const within = (list: Attack['sources'], end: typeof source) => {
    if (end === undefined) return list;
    const inside = createPrefixIndex([end]);
    return list.filter(({ octets, length }) => length >= end.length && inside.has(octets));
  };
  return { ...attack, sources: within(attack.sources, source), targets: within(attack.targets, target) };
}

/** Without flows, only a rule between two ends is known to hit nobody else. */
function untried(candidate: Candidate): Candidate {
  const { source, destination } = candidate.rule.match;
  if (source !== undefined && destination !== undefined) return candidate;
  return { refusal: 'nobody knows what it would hit: no flows are kept', ...candidate };
}

function tried(candidate: Candidate, collateral: CollateralReport, { isWide }: Part): Candidate {
  const { isAcceptable, reason } = collateral.verdict;
  const refusal =
    candidate.refusal ??
    (isAcceptable ? undefined : reason) ??
    (isWide && collateral.otherHosts > 0
      ? `there are hosts in ${candidate.rule.match.source} that are no part of it, such as ${collateral.topOtherHosts[0].address}`
      : undefined);
  return { ...candidate, collateral, ...(refusal === undefined ? {} : { refusal }) };
}
