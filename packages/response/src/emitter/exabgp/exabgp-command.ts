import type { PortRange } from '@flowpact/event';
import type { Rule, RuleAction, TcpFlags, TrafficMatch } from '../../rule/rule.ts';
import type { BlackholeRoute } from '../bgp/flow-specification.ts';

/** The line that makes ExaBGP announce a rule (its text API, version 4). @param rule a normal one. */
export function announceCommand({ match, action }: Rule, blackhole: BlackholeRoute): string {
  if (action.kind === 'blackhole') {
    const nextHop = isIpv6(match) ? blackhole.nextHopIpv6 : blackhole.nextHopIpv4;
    const route = `announce route ${match.destination} next-hop ${nextHop}`;
    return `${route} community ${list(blackhole.communities)}`;
  }
  return `announce flow route { match { ${matchText(match)} } then { ${actionText(action)}; } }`;
}

/** The line that makes it withdraw one. */
export function withdrawCommand({ match, action }: Rule, blackhole: BlackholeRoute): string {
  if (action.kind === 'blackhole') {
    const nextHop = isIpv6(match) ? blackhole.nextHopIpv6 : blackhole.nextHopIpv4;
    return `withdraw route ${match.destination} next-hop ${nextHop}`;
  }
  return `withdraw flow route { match { ${matchText(match)} } then { ${actionText(action)}; } }`;
}

const isIpv6 = ({ destination, source }: TrafficMatch): boolean =>
  (destination ?? source ?? '').includes(':');

/** Lists are in brackets, numbers are numbers: names would be those of the ExaBGP that reads them. */
function matchText(match: TrafficMatch): string {
  return [
    match.destination && `destination ${match.destination};`,
    match.source && `source ${match.source};`,
    match.protocols &&
      `${isIpv6(match) ? 'next-header' : 'protocol'} ${list(match.protocols.map((number) => `=${number}`))};`,
    match.destinationPorts && `destination-port ${list(match.destinationPorts.map(rangeText))};`,
    match.sourcePorts && `source-port ${list(match.sourcePorts.map(rangeText))};`,
    match.tcpFlags && `tcp-flags ${list([flagsText(match.tcpFlags)])};`,
    match.packetLengths && `packet-length ${list(match.packetLengths.map(rangeText))};`,
    match.isFragment && 'fragment [ is-fragment ];',
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

const list = (items: readonly string[]): string => `[ ${items.join(' ')} ]`;

const rangeText = ({ low, high }: PortRange): string =>
  high === undefined ? `=${low}` : `>=${low}&<=${high}`;

/** `=` all of these bits are set, `!` none of these (RFC 8955, section 4.2.1.2). */
function flagsText({ set, clear }: TcpFlags): string {
  return [set === 0 ? [] : `=${set}`, clear === 0 ? [] : `!${clear}`].flat().join('&');
}

function actionText(action: Exclude<RuleAction, { kind: 'blackhole' }>): string {
  switch (action.kind) {
    case 'drop':
      return 'discard';
    case 'rateLimit':
      return `rate-limit ${action.octetsPerSecond}`;
    case 'redirect':
      return `redirect ${action.routeTarget}`;
    case 'mark':
      return `mark ${action.dscp}`;
    default:
      return action satisfies never;
  }
}
