import type { IpPrefix, SecurityEvent } from '@flowpact/event';
import { compilePacketTests, type ReadFlow } from '../rule/match-flow.ts';
import { evidenceOf } from './evidence.ts';
import { createPrefixIndex, prefixesOf } from './prefix-list.ts';
import { sourceDoubt } from './source-doubt.ts';
import { type Traits, traitsOf } from './traits.ts';

/** An event as traffic: whose packets to whom, and what they look like. */
export interface Attack {
  /** Named ones that are not called forged. */
  readonly sources: readonly IpPrefix[];
  readonly targets: readonly IpPrefix[];
  /** What is said or seen of it, to make rules from. */
  readonly traits: Traits;
  /** Why its sources are not to be believed. */
  readonly doubt?: string;
  /** Its sources do the same to others than the targets that are named. */
  readonly isBroad: boolean;
  /** The same as an event names the flows of it, without addresses. */
  readonly said: Traits;
  /** How much of the evidence each source has, by its place in `sources`. */
  readonly weights: readonly number[];
}

/** Hosts beside the named targets, before one believes that the attack is for everybody. */
const leastOthers = 3;
/** From so many targets of one service on, a list of them is taken for a part of all: scans and worms ask everybody. */
const manyTargets = 16;

/** Of an event's sources and of its targets, so many are looked at. */
const maxEndpoints = 10_000;

/** @param maxEvidence rows of evidence that are looked at. */
export function attackOf(event: SecurityEvent, maxEvidence: number): Attack {
  const named = (event.sources ?? []).slice(0, maxEndpoints).filter(({ spoofed }) => spoofed !== true);
  const against = (event.targets ?? []).slice(0, maxEndpoints);
  const sources = prefixesOf(named);
  const targets = prefixesOf(against);
  const [isSource, isTarget] = [sources, targets].map(createPrefixIndex);
  const fromSources = evidenceOf(event, maxEvidence).filter(
    ({ source }) => isSource.size === 0 || isSource.has(source),
  );
  const evidence = fromSources.filter(({ destination }) => isTarget.size === 0 || isTarget.has(destination));
  const traits = traitsOf(named, against, evidence);
  const doubt = sourceDoubt(event, traits, evidence);
  const isAlike = compilePacketTests(serviceOf(traits));
  const others = fromSources.filter(
    (flow) => isTarget.size > 0 && !isTarget.has(flow.destination) && isAlike(flow) !== 'no',
  );
  const isElsewhere = new Set(others.map(({ flow }) => flow.destination)).size >= leastOthers;
  return {
    sources,
    targets,
    traits,
    ...(doubt === undefined ? {} : { doubt }),
    isBroad:
      doubt === undefined &&
      sources.length > 0 &&
      traits.destinationPorts !== undefined &&
      (isElsewhere || targets.length >= manyTargets),
    said: traitsOf(named, against, []),
    weights: weightsOf(sources, fromSources),
  };
}

function weightsOf(sources: readonly IpPrefix[], evidence: readonly ReadFlow[]): readonly number[] {
  const index = createPrefixIndex(sources);
  const weights = sources.map(() => 0);
  for (const { source } of evidence) {
    const place = index.find(source);
    if (place >= 0) weights[place]++;
  }
  return weights;
}

/** What it is that is asked for. */
export function serviceOf({ protocols, destinationPorts }: Traits): Traits {
  return { ...(protocols && { protocols }), ...(destinationPorts && { destinationPorts }) };
}

/** What the flows have to be told apart by, to tell which are of the attack. */
export function attackTests({ doubt, traits, said, isBroad }: Attack): Traits {
  return doubt === undefined && !isBroad ? said : traits;
}

/**
 * Makes the test whether a flow is of the attack. Where its sources are believed: what they send to the targets, to the
 * ports that the event names; to others, too, what looks the same, where the evidence shows that. Where they are not: what goes to
 * the targets and looks like it by its flags or its lengths, since ports alone would make everybody who asks for the
 * same service an attacker; without these, what comes from the sources that are named; without these, nothing.
 */
export function compileAttack(attack: Attack): (flow: ReadFlow) => boolean {
  const { sources, targets, traits, doubt, isBroad } = attack;
  const [isSource, isTarget] = [sources, targets].map(createPrefixIndex);
  const toTarget = (flow: ReadFlow) => targets.length === 0 || isTarget.has(flow.destination);

  if (doubt === undefined) {
    const said = compilePacketTests(attack.said);
    const service = compilePacketTests(serviceOf(traits));
    return (flow) =>
      isSource.has(flow.source) && (toTarget(flow) ? said(flow) !== 'no' : isBroad && service(flow) !== 'no');
  }
  if (targets.length === 0) return () => false;
  const alike = compilePacketTests(traits);
  if (traits.tcpFlags !== undefined || traits.packetLengths !== undefined) {
    return (flow) => toTarget(flow) && alike(flow) === 'yes';
  }
  return (flow) => isSource.has(flow.source) && toTarget(flow) && alike(flow) !== 'no';
}
