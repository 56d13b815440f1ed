import type { PortRange } from '@flowpact/event';
import type { Rule, RuleAction, TrafficMatch } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import { hashOf, type NftKey, nftEnd, nftKey } from './nft-key.ts';

/** Where rules are. Names are checked: they become part of what nft is told. */
export interface NftPlace {
  /** Of the family `inet`, of nobody else. */
  readonly table: string;
  /** Where packets meet the rules. */
  readonly hook: 'forward' | 'input' | 'prerouting';
  /** Before (below 0) or after what is at 0. */
  readonly priority: number;
}

/** Name of the chain at the hook, which sends packets to those of the rules. */
export const nftChain = 'rules';

/** Names the set that a rule lives by: 24 hexadecimal digits of the SHA-256 of its text. */
export const nftSetName = (rule: Rule): string => `r${hashOf(ruleText(rule))}`;

/** Makes table and chain, where they are not there. */
export function createPlaceScript({ table, hook, priority }: NftPlace): string {
  return `add table inet ${table}
add chain inet ${table} ${nftChain} { type filter hook ${hook} priority ${priority}; policy accept; }
`;
}

/** Makes the way of packets to the rules with a key, where it is not there. */
export function addKeyScript({ table }: NftPlace, { family, map, network, chain }: NftKey): string {
  return `add map inet ${table} ${map} { type ${family === 'ip' ? 'ipv4_addr' : 'ipv6_addr'} : verdict; }
add chain inet ${table} ${chain}
add element inet ${table} ${map} { ${network} : jump ${chain} }
`;
}

/** Lets packets be looked up in the map of a key. */
export function addLookupScript({ table }: NftPlace, { family, field, map, mask }: NftKey): string {
  const bits = mask === undefined ? '' : ` & ${mask}`;
  return `add rule inet ${table} ${nftChain} ${family} ${field}${bits} vmap @${map}\n`;
}

/**
 * Makes a rule in the chain of its key. Its destination (its source, where it has none) is in a set of its own, with a timeout: when the kernel
 * removes that, no packet matches any more, and what is left is swept away later.
 */
export function addRuleScript({ table }: NftPlace, rule: Rule): string {
  const name = nftSetName(rule);
  const { match } = rule;
  const setEnd = nftEnd(match);
  const prefix = prefixText(match[setEnd] ?? '');
  const type = isIpv6(match) ? 'ipv6_addr' : 'ipv4_addr';
  const flags = prefix.includes('/') ? 'interval, timeout' : 'timeout';
  return `add set inet ${table} ${name} { type ${type}; flags ${flags}; }
add rule inet ${table} ${nftKey(rule).chain} ${matchText(match, setEnd, name)} ${actionText(rule)}
`;
}

/** Gives it its time, a new one where it had one. */
export function renewRuleScript({ table }: NftPlace, rule: Rule, lifetimeMs: number): string {
  const name = nftSetName(rule);
  const prefix = prefixText(rule.match[nftEnd(rule.match)] ?? '');
  return `flush set inet ${table} ${name}
add element inet ${table} ${name} { ${prefix} timeout ${Math.floor(lifetimeMs)}ms }
`;
}

const isIpv6 = ({ destination, source }: TrafficMatch): boolean =>
  (destination ?? source ?? '').includes(':');

/** A single address without its length: nft would not take one in a set without intervals. */
const prefixText = (prefix: string): string => prefix.replace(prefix.includes(':') ? /\/128$/ : /\/32$/, '');

function matchText(match: TrafficMatch, setEnd: 'destination' | 'source', set: string): string {
  const family = isIpv6(match) ? 'ip6' : 'ip';
  const other = setEnd === 'destination' ? match.source : undefined;
  const { tcpFlags } = match;
  return [
    `${family} ${setEnd === 'destination' ? 'daddr' : 'saddr'} @${set}`,
    other && `${family} saddr ${prefixText(other)}`,
    match.protocols && `meta l4proto ${list(match.protocols.map(String))}`,
    match.sourcePorts && `th sport ${list(match.sourcePorts.map(rangeText))}`,
    match.destinationPorts && `th dport ${list(match.destinationPorts.map(rangeText))}`,
    tcpFlags && `tcp flags & ${tcpFlags.set | tcpFlags.clear} == ${tcpFlags.set}`,
    match.packetLengths && `meta length ${list(match.packetLengths.map(rangeText))}`,
    // More fragments, or an offset (RFC 791, section 3.1); the header of fragments (RFC 8200, section 4.5).
    match.isFragment && (family === 'ip' ? 'ip frag-off & 0x3fff != 0' : 'exthdr frag exists'),
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

const list = (items: readonly string[]): string => `{ ${items.join(', ')} }`;

const rangeText = ({ low, high }: PortRange): string => (high === undefined ? `${low}` : `${low}-${high}`);

function actionText({ match, action }: Rule): string {
  switch (action.kind) {
    case 'drop':
      return 'counter drop';
    case 'rateLimit':
      return `limit rate over ${action.octetsPerSecond} bytes/second counter drop`;
    case 'mark':
      return `counter ${isIpv6(match) ? 'ip6' : 'ip'} dscp set ${action.dscp}`;
    case 'redirect':
    case 'blackhole':
      throw new Error(`nftables cannot ${action.kind}`);
    default:
      return (action satisfies never as RuleAction).kind;
  }
}

/** The kernel counts octets times nanoseconds in 64 bits. */
const maxOctetsPerSecond = 1e10;

/** Why nftables cannot say a rule. */
export function nftObjection({ action }: Rule): string | undefined {
  switch (action.kind) {
    case 'drop':
    case 'mark':
      return undefined;
    case 'rateLimit':
      if (action.octetsPerSecond === 0) return 'a rate of 0 is a drop; say so';
      if (action.octetsPerSecond <= maxOctetsPerSecond) return undefined;
      return `nftables takes rates up to ${maxOctetsPerSecond} octets/s, not ${action.octetsPerSecond}`;
    case 'redirect':
      return 'nftables knows no route targets';
    case 'blackhole':
      return 'blackholes are routes, which nftables has none of; a drop to the destination does the same here';
    default:
      return action satisfies never;
  }
}
