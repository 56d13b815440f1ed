import type { Message, SecurityEvent } from '@flowpact/event';
import { stringifyEvent } from '@flowpact/event';
import type { GroundTruth } from '../generate/traffic.ts';

/** What happened while the demo ran, as each side saw it. */
export interface DemoObservations {
  readonly flowsSent: number;
  readonly flowsCollected: number;
  /** When each statement first gave a row about the attacker, by the time of the traffic, ms since 1970. */
  readonly stagesSeen: ReadonlyMap<string, number>;
  /** Events of the detecting network, in order. */
  readonly events: readonly SecurityEvent[];
  readonly alertsSent: readonly Message[];
  /** As the receiving network decoded them. */
  readonly alertsReceived: readonly Message[];
  /** As the detecting network decoded them. */
  readonly feedbackReceived: readonly Message[];
}

export interface DemoCheck {
  readonly what: string;
  readonly passed: boolean;
}

/** The statements of the rule that stand for the stages of the attack. */
const stageStatements = ['PortScan', 'LoginSearch', 'BruteForce'];

/** Holds what was seen against what was put in. */
export function checkDemo(seen: DemoObservations, truth: GroundTruth): DemoCheck[] {
  const [attack] = truth.attacks;
  const [attacker] = attack.attackers;
  const bruteForced = attack.stages.find(({ stage }) => stage === 'bruteForce')?.targets ?? [];
  const targets = new Set(seen.events.flatMap((event) => addresses(event.targets)));
  const sources = new Set(seen.events.flatMap((event) => addresses(event.sources)));
  const received = new Map(seen.alertsReceived.map((alert) => [alert.id, stringifyEvent(alert)]));
  const answered = new Set(seen.feedbackReceived.map(({ conversation }) => conversation?.inReplyTo?.id));
  return [
    {
      what: `every flow collected (${seen.flowsCollected.toLocaleString('en-US')})`,
      passed: seen.flowsCollected === seen.flowsSent,
    },
    { what: `the attack found, by ${attacker}`, passed: sources.has(attacker) },
    {
      what: `each of its stages seen (${stageStatements.join(', ')})`,
      passed: stageStatements.every((statement) => seen.stagesSeen.has(statement)),
    },
    {
      what: `exactly the ${bruteForced.length} attacked servers named`,
      passed: targets.size === bruteForced.length && bruteForced.every((target) => targets.has(target)),
    },
    {
      what: 'nobody else reported as the attacker',
      passed: [...sources].every((source) => source === attacker),
    },
    {
      what: 'every alert decoded by the partner as it was sent',
      passed:
        seen.alertsSent.length > 0 &&
        seen.alertsSent.length === seen.alertsReceived.length &&
        seen.alertsSent.every((alert) => received.get(alert.id) === stringifyEvent(alert)),
    },
    {
      what: 'every alert answered: accepted',
      passed:
        seen.alertsSent.every(({ id }) => answered.has(id)) &&
        seen.feedbackReceived.length === seen.alertsSent.length &&
        seen.feedbackReceived.every(({ conversation }) => conversation?.outcome?.status === 'accepted'),
    },
  ];
}

function addresses(endpoints: SecurityEvent['sources']): string[] {
  return (endpoints ?? []).flatMap(({ address }) => address ?? []);
}
