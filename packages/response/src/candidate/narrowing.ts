import { type IpPrefix, ipPrefixText } from '@flowpact/event';
import type { TrafficMatch } from '../rule/rule.ts';
import { type Attack, serviceOf } from './attack.ts';
import { isHost } from './prefix-list.ts';
import type { Traits } from './traits.ts';

/** One end of the rules against an attack: a network, or everybody. */
export interface Ends {
  readonly source?: IpPrefix;
  readonly target?: IpPrefix;
}

/** Tests of rules that take the packets of an attack between two ends, the narrowest first; none where there is no end. */
export function matchesAgainst(attack: Attack, { source, target }: Ends): readonly TrafficMatch[] {
  if (source !== undefined && target !== undefined && !isSameFamily(source, target)) return [];
  if (source !== undefined) return fromSource(attack, source, target);
  return target === undefined ? [] : toTarget(attack, target);
}

/** A source that is believed does not get better by what it sends: from what the event shows up to everything. */
function fromSource(
  { traits, doubt }: Attack,
  source: IpPrefix,
  target: IpPrefix | undefined,
): TrafficMatch[] {
  const from = { source: ipPrefixText(source) };
  const both = target && { ...from, destination: ipPrefixText(target) };
  const service = serviceOf(traits);
  if (both !== undefined && doubt !== undefined) return [{ ...both, ...traits }];
  return [...(both === undefined ? [] : [{ ...both, ...service }, both]), { ...from, ...service }, from];
}

/**
 * Whoever sends it: everything that its packets have in common, then less and less. Never without a protocol and one
 * more, where anything more is known: that would be the victim's other traffic.
 */
function toTarget({ traits }: Attack, target: IpPrefix): TrafficMatch[] {
  const { protocols, sourcePorts, destinationPorts, tcpFlags, packetLengths } = traits;
  if (protocols === undefined) return [];
  const to = { destination: ipPrefixText(target), protocols };
  const parts: Traits[] = [
    traits,
    { sourcePorts, packetLengths },
    { destinationPorts, tcpFlags },
    { sourcePorts },
    { destinationPorts, packetLengths },
    { destinationPorts },
  ];
  const matches = parts
    .map((part) => ({ ...known(part), ...to }))
    .filter((match) => Object.keys(match).length > 2);
  return matches.length === 0 ? [to] : matches;
}

/** Everything to the target, which has to be one host. */
export function blackholeMatch({ target }: Ends): TrafficMatch | undefined {
  return target === undefined || !isHost(target) ? undefined : { destination: ipPrefixText(target) };
}

const known = (traits: Traits): Traits =>
  Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== undefined));

const isSameFamily = (a: IpPrefix, b: IpPrefix): boolean => a.octets.length === b.octets.length;
