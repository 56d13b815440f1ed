import type { PortRange } from '@flowpact/event';
import type { Rule, RuleAction, TcpFlags, TrafficMatch } from '../../rule/rule.ts';
import type { BlackholeRoute } from '../bgp/flow-specification.ts';

export type GobgpFamily = 'ipv4' | 'ipv6' | 'ipv4-flowspec' | 'ipv6-flowspec';

export const gobgpFamilies: readonly GobgpFamily[] = ['ipv4', 'ipv6', 'ipv4-flowspec', 'ipv6-flowspec'];

/**
 * The words behind `gobgp` that add a rule to its table, or take it out.
 * @param rule a normal one.
 * @param mark the community by which what is ours is known.
 */
export function gobgpCommand(
  verb: 'add' | 'del',
  { match, action }: Rule,
  blackhole: BlackholeRoute,
  mark: string,
): readonly string[] {
  const family = (match.destination ?? match.source ?? '').includes(':') ? 'ipv6' : 'ipv4';
  if (action.kind === 'blackhole') {
    const nextHop = family === 'ipv6' ? blackhole.nextHopIpv6 : blackhole.nextHopIpv4;
    const route = [match.destination ?? '', 'nexthop', nextHop];
    return [
      'global',
      'rib',
      verb,
      '-a',
      family,
      ...route,
      'community',
      [...blackhole.communities, mark].join(','),
    ];
  }
  const flow = ['match', ...matchWords(match), 'then', ...actionWords(action), 'community', mark];
  return ['global', 'rib', verb, '-a', `${family}-flowspec`, ...flow];
}

function matchWords(match: TrafficMatch): readonly string[] {
  return [
    match.destination && ['destination', match.destination],
    match.source && ['source', match.source],
    match.protocols && ['protocol', ...match.protocols.map((number) => `==${number}`)],
    match.destinationPorts && ['destination-port', ...match.destinationPorts.map(rangeWord)],
    match.sourcePorts && ['source-port', ...match.sourcePorts.map(rangeWord)],
    match.tcpFlags && ['tcp-flags', flagsWord(match.tcpFlags)],
    match.packetLengths && ['packet-length', ...match.packetLengths.map(rangeWord)],
    match.isFragment && ['fragment', 'is-fragment'],
  ].flatMap((words) => words || []);
}

const rangeWord = ({ low, high }: PortRange): string =>
  high === undefined ? `==${low}` : `>=${low}&<=${high}`;

/** From the lowest bit: FIN, SYN, RST, PSH, ACK, URG, ECE, CWR. */
const flagLetters = 'FSRPAUEC';

/** `=` all of these bits are set, `!` none of these (RFC 8955, section 4.2.1.2). */
function flagsWord({ set, clear }: TcpFlags): string {
  const letters = (bits: number): string => [...flagLetters].filter((_, bit) => (bits >> bit) & 1).join('');
  return [set === 0 ? [] : `=${letters(set)}`, clear === 0 ? [] : `!${letters(clear)}`].flat().join('&');
}

function actionWords(action: Exclude<RuleAction, { kind: 'blackhole' }>): readonly string[] {
  switch (action.kind) {
    case 'drop':
      return ['discard'];
    case 'rateLimit':
      return ['rate-limit', String(action.octetsPerSecond)];
    case 'redirect':
      return ['redirect', routeTargetWord(action.routeTarget)];
    case 'mark':
      return ['mark', String(action.dscp)];
    default:
      return action satisfies never;
  }
}

/** GoBGP takes an AS number of four octets as two of two (RFC 5396, asdot+), and cuts it down to 65535 otherwise. */
function routeTargetWord(routeTarget: string): string {
  const [administrator, number] = routeTarget.split(':');
  const as = Number(administrator);
  return as > 0xffff ? `${Math.floor(as / 0x10000)}.${as % 0x10000}:${number}` : routeTarget;
}
