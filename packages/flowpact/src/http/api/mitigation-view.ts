import {
  type Candidate,
  isOfAlert,
  type Mitigation,
  type MitigationState,
  type Origin,
  ruleText,
} from '@flowpact/response';
import type { z } from 'zod';
import { endpointText } from '../../watch/event-list.ts';
import type {
  candidateSchema,
  MitigationDetail,
  MitigationPhase,
  MitigationSummary,
} from './schema/mitigation-schema.ts';

const maxListed = 16;

export function phaseOf(state: MitigationState): MitigationPhase {
  switch (state) {
    case 'proposed':
      return 'waiting';
    case 'approved':
    case 'applying':
    case 'applied':
    case 'confirmed':
    case 'withdrawing':
      return 'active';
    case 'expired':
    case 'withdrawn':
    case 'rejected':
    case 'failed':
      return 'ended';
    default:
      return state satisfies never;
  }
}

export function candidateView({
  rule,
  emitter,
  collateral,
  refusal,
}: Candidate): z.infer<typeof candidateSchema> {
  return {
    ...{ rule: ruleText(rule), emitter },
    ...(collateral === undefined ? {} : { collateral }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

export function mitigationSummary(mitigation: Mitigation): MitigationSummary {
  const { id, state, level, origin, event, candidates, chosen, lifetimeSeconds, untilMs, approvals, turns } =
    mitigation;
  const { sources = [], targets = [], confidence, text } = event;
  const statement = event.detector?.rule;
  return {
    ...{ id, state, phase: phaseOf(state), level, origin: originView(origin) },
    event: {
      type: event.type,
      sources: sources.slice(0, maxListed).map(endpointText),
      sourceCount: sources.length,
      targets: targets.slice(0, maxListed).map(endpointText),
      targetCount: targets.length,
      ...(statement === undefined ? {} : { statement }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(text === undefined ? {} : { text }),
    },
    ...{ chosen, candidate: candidateView(candidates[chosen]), candidateCount: candidates.length },
    ...{ lifetimeSeconds, approvals },
    proposedMs: turns[0].atMs,
    changedMs: turns.at(-1)!.atMs,
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}

export function mitigationDetail(mitigation: Mitigation): MitigationDetail {
  const { candidates, turns } = mitigation;
  return { ...mitigationSummary(mitigation), candidates: candidates.map(candidateView), turns };
}

function originView(origin: Origin): MitigationSummary['origin'] {
  switch (origin.kind) {
    case 'event':
      return { kind: 'event' };
    case 'request':
      return { kind: isOfAlert(origin) ? 'alert' : 'request', name: origin.partner };
    case 'person':
      return { kind: 'person', name: origin.who };
    default:
      return origin satisfies never;
  }
}

/** Whether the event has this source, as its address, prefix or name. */
export const hasSource = ({ event }: Mitigation, attacker: string): boolean =>
  (event.sources ?? []).some((source) => endpointText(source) === attacker);
