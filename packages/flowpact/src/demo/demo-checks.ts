import type { Message, SecurityEvent } from '@flowpact/event';
import { stringifyEvent } from '@flowpact/event';
import type { GroundTruth } from '../generate/traffic.ts';

/** What happened while the demo ran, as each side saw it. */
export interface DemoObservations {
  readonly flowsSent: number;
  readonly flowsCollected: number;
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

/** Holds what was seen against what was put in. */
export function checkDemo(seen: DemoObservations, truth: GroundTruth): DemoCheck[] {
  const [attack] = truth.attacks;
  const bruteForced = attack.stages.find(({ stage }) => stage === 'bruteForce')?.targets ?? [];
  const targets = new Set(seen.events.flatMap((event) => addresses(event.targets)));
  const sources = new Set(seen.events.flatMap((event) => addresses(event.sources)));
  const answered = new Set(seen.feedbackReceived.map(({ conversation }) => conversation?.inReplyTo?.id));
  return [
    {
      what: `every flow collected (${seen.flowsCollected.toLocaleString('en-US')})`,
      passed: seen.flowsCollected === seen.flowsSent,
    },
    { what: `the attack found, by ${attack.attacker}`, passed: sources.has(attack.attacker) },
    {
      what: `exactly the ${bruteForced.length} attacked servers named`,
      passed: targets.size === bruteForced.length && bruteForced.every((target) => targets.has(target)),
    },
    {
      what: 'nobody else reported as the attacker',
      passed: [...sources].every((source) => source === attack.attacker),
    },
    {
      what: 'every alert decoded by the partner as it was sent',
      passed:
        seen.alertsSent.length > 0 &&
        seen.alertsSent.length === seen.alertsReceived.length &&
        seen.alertsSent.every((alert, i) => stringifyEvent(alert) === stringifyEvent(seen.alertsReceived[i])),
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
