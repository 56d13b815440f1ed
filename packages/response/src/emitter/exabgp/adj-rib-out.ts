import type { PortRange } from '@flowpact/event';
import { ResponseError } from '../../response-error.ts';
import { normalRule } from '../../rule/normal-rule.ts';
import type { Rule, RuleAction, TcpFlags, TrafficMatch } from '../../rule/rule.ts';

/** The names that ExaBGP 4 has for protocols; others are `unknown protocol type 47`. */
const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['tcp', 6],
  ['egp', 8],
  ['udp', 17],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['ospf', 89],
  ['ipip', 94],
  ['pim', 103],
  ['sctp', 132],
]);

/** From the lowest bit. */
const flagNames = ['fin', 'syn', 'rst', 'push', 'ack', 'urg', 'ece', 'cwr'];

/**
 * The rule of one line of `show adj-rib out extensive`, e.g. `neighbor 192.0.2.2 local-ip 192.0.2.1 … ipv4 flow flow
 * destination-ipv4 192.0.2.10/32 protocol =tcp destination-port [ =80 =443 ] extended-community rate-limit:0`.
 * @returns undefined for routes that no rule says: those of others.
 */
export function ruleOfAdjRibOut(line: string): Rule | undefined {
  try {
    const [, route] = / (?:ipv4|ipv6) unicast ([0-9a-f.:]+\/[0-9]+)(?: |$)/.exec(line) ?? [];
    if (route !== undefined) {
      if (!/ community (?:\[ .*)?blackhole(?: |$)/.test(line)) return undefined;
      return normalRule({ match: { destination: route }, action: { kind: 'blackhole' } });
    }
    const [, match, action] =
      / (?:ipv4|ipv6) flow flow (.*) extended-community (?:\[ )?([^[\]]+?)(?: \])?$/.exec(line) ?? [];
    if (match === undefined) return undefined;
    return normalRule({ match: matchOf(match), action: actionOf(action) });
  } catch (error) {
    if (error instanceof ResponseError) return undefined;
    throw error;
  }
}

/** Components with their values; there are no brackets around a single value. */
function matchOf(text: string): TrafficMatch {
  const match: { -readonly [Name in keyof TrafficMatch]: TrafficMatch[Name] } = {};
  const component = /([a-z-]+(?:ipv[46])?) (\[ [^\]]+ \]|=unknown protocol type [0-9]+|[^ ]+)(?: |$)/gy;
  let end = 0;
  for (const [whole, name, value] of text.matchAll(component)) {
    end += whole.length;
    const items = value
      .replaceAll('unknown protocol type ', '')
      .split(/[\][ ]+/)
      .filter((item) => item !== '');
    switch (name) {
      case 'destination-ipv4':
      case 'destination-ipv6':
        match.destination = prefixOf(value);
        break;
      case 'source-ipv4':
      case 'source-ipv6':
        match.source = prefixOf(value);
        break;
      case 'protocol':
      case 'next-header':
        match.protocols = items.map(protocolOf);
        break;
      case 'destination-port':
        match.destinationPorts = items.map(rangeOf);
        break;
      case 'source-port':
        match.sourcePorts = items.map(rangeOf);
        break;
      case 'packet-length':
        match.packetLengths = items.map(rangeOf);
        break;
      case 'tcp-flags':
        match.tcpFlags = flagsOf(items);
        break;
      case 'fragment':
        if (items.join() !== 'is-fragment') throw foreign(text);
        match.isFragment = true;
        break;
      default:
        throw foreign(text);
    }
  }
  if (end !== text.length) throw foreign(text);
  return match;
}

/** Prefixes of IPv6 have an offset behind their length, which is 0 in those of rules. */
function prefixOf(text: string): string {
  const [, prefix, offset = '0'] = /^([^/]+\/[0-9]+)(?:\/([0-9]+))?$/.exec(text) ?? [];
  if (prefix === undefined || offset !== '0') throw foreign(text);
  return prefix;
}

function protocolOf(item: string): number {
  const [, name] = /^=([a-z0-9-]+)$/.exec(item) ?? [];
  const number = protocolNumbers.get(name ?? '') ?? Number(name);
  if (!Number.isInteger(number)) throw foreign(item);
  return number;
}

function rangeOf(item: string): PortRange {
  const [, one, low, high] = /^(?:=([0-9]+)|>=([0-9]+)&<=([0-9]+))$/.exec(item) ?? [];
  if (one !== undefined) return { low: Number(one) };
  if (low === undefined) throw foreign(item);
  return { low: Number(low), high: Number(high) };
}

function flagsOf(items: readonly string[]): TcpFlags {
  const [, set = '', clear = ''] = /^(?:=([a-z+]+))?&?(?:!([a-z+]+))?$/.exec(items.join(' ')) ?? [];
  const bits = (names: string): number =>
    names === '' ? 0 : names.split('+').reduce((sum, name) => sum + 2 ** flagNames.indexOf(name), 0);
  return { set: bits(set), clear: bits(clear) };
}

function actionOf(text: string): RuleAction {
  const [, rate] = /^rate-limit:([0-9]+)$/.exec(text) ?? [];
  if (rate !== undefined) {
    return rate === '0' ? { kind: 'drop' } : { kind: 'rateLimit', octetsPerSecond: Number(rate) };
  }
  const [, routeTarget] = /^redirect:([0-9]+:[0-9]+)$/.exec(text) ?? [];
  if (routeTarget !== undefined) return { kind: 'redirect', routeTarget };
  // An AS number of four octets is shown as it is on the wire: 0x8208, the AS, a number.
  const [, as, number] = /^0x8208([0-9A-F]{8})([0-9A-F]{4})$/.exec(text) ?? [];
  if (as !== undefined) {
    return { kind: 'redirect', routeTarget: `${Number.parseInt(as, 16)}:${Number.parseInt(number, 16)}` };
  }
  const [, dscp] = /^mark ([0-9]+)$/.exec(text) ?? [];
  if (dscp !== undefined) return { kind: 'mark', dscp: Number(dscp) };
  throw foreign(text);
}

function foreign(text: string): ResponseError {
  return new ResponseError('RESPONSE_BAD_RULE', `not of a rule: ${text}`);
}
