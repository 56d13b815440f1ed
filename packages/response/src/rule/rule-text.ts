import type { PortRange } from '@flowpact/event';
import { normalRule } from './normal-rule.ts';
import type { Rule, RuleAction, TcpFlags } from './rule.ts';

/**
 * A rule in one line, for people and as its identity: two rules are the same where their texts are, e.g.
 * `drop from 198.51.100.7/32 to 192.0.2.10/32 protocol 6 destination-port 80,443`.
 * @throws ResponseError `RESPONSE_BAD_RULE`.
 */
export function ruleText(rule: Rule): string {
  const { match, action } = normalRule(rule);
  return [
    actionText(action),
    match.source && `from ${match.source}`,
    match.destination && `to ${match.destination}`,
    match.protocols && `protocol ${match.protocols.join(',')}`,
    match.sourcePorts && `source-port ${rangesText(match.sourcePorts)}`,
    match.destinationPorts && `destination-port ${rangesText(match.destinationPorts)}`,
    match.tcpFlags && `tcp-flags ${flagsText(match.tcpFlags)}`,
    match.packetLengths && `length ${rangesText(match.packetLengths)}`,
    match.isFragment && 'fragments',
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function actionText(action: RuleAction): string {
  switch (action.kind) {
    case 'drop':
    case 'blackhole':
      return action.kind;
    case 'rateLimit':
      return `rate-limit ${action.octetsPerSecond} octets/s`;
    case 'redirect':
      return `redirect ${action.routeTarget}`;
    case 'mark':
      return `mark ${action.dscp}`;
    default:
      return action satisfies never;
  }
}

const rangesText = (ranges: readonly PortRange[]): string =>
  ranges.map(({ low, high }) => (high === undefined ? low : `${low}-${high}`)).join(',');

/** From the lowest bit, in the words of tcpdump and of RFC 9293. */
const flagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'];

function flagsText({ set, clear }: TcpFlags): string {
  return flagNames
    .flatMap((name, bit) => {
      if ((set >> bit) & 1) return [name];
      return (clear >> bit) & 1 ? [`!${name}`] : [];
    })
    .join(',');
}
