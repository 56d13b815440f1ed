import { EventError, type IpPrefix, ipPrefixText, type PortRange, parseIpPrefix } from '@flowpact/event';
import { ResponseError } from '../response-error.ts';
import type { Rule, RuleAction, TcpFlags, TrafficMatch } from './rule.ts';

const tcp = 6;
const udp = 17;
const dccp = 33;
const sctp = 132;
/** Protocols whose ports routers and firewalls look at. */
const withPorts = new Set([tcp, udp, dccp, sctp]);

/** Ranges or protocols of one rule; routers have few places for each. */
const maxAlternatives = 64;

/**
 * The one way to write a rule: prefixes as RFC 5952 has them, numbers in order, ranges joined where they meet.
 * @throws ResponseError `RESPONSE_BAD_RULE` for what no packet passes, or every packet, or what nothing can do.
 */
export function normalRule({ match, action }: Rule): Rule {
  const normal = { match: normalMatch(match), action: normalAction(action) };
  if (action.kind === 'blackhole' && Object.keys(normal.match).join() !== 'destination') {
    throw bad('a blackhole takes everything to a destination: leave out what else is there to match');
  }
  return normal;
}

/** The tests of a rule alone. @throws ResponseError `RESPONSE_BAD_RULE`. */
export function normalMatch(match: TrafficMatch): TrafficMatch {
  const destination = match.destination === undefined ? undefined : prefix('destination', match.destination);
  const source = match.source === undefined ? undefined : prefix('source', match.source);
  if (destination === undefined && source === undefined) {
    throw bad('it would hit everybody: give it a destination or a source');
  }
  if (
    destination !== undefined &&
    source !== undefined &&
    destination.octets.length !== source.octets.length
  ) {
    throw bad('its source and its destination are of different families');
  }
  const protocols = numbers('protocols', match.protocols, 255);
  const sourcePorts = ranges('sourcePorts', match.sourcePorts);
  const destinationPorts = ranges('destinationPorts', match.destinationPorts);
  if (sourcePorts !== undefined || destinationPorts !== undefined) {
    const without =
      protocols === undefined ? 'any protocol' : protocols.find((number) => !withPorts.has(number));
    if (without !== undefined)
      throw bad(`ports are wanted of ${without}, which may have none; say protocols`);
  }
  const packetLengths = ranges('packetLengths', match.packetLengths);
  return {
    ...(destination === undefined ? {} : { destination: ipPrefixText(destination) }),
    ...(source === undefined ? {} : { source: ipPrefixText(source) }),
    ...(protocols === undefined ? {} : { protocols }),
    ...(sourcePorts === undefined ? {} : { sourcePorts }),
    ...(destinationPorts === undefined ? {} : { destinationPorts }),
    ...(match.tcpFlags === undefined ? {} : { tcpFlags: flags(match.tcpFlags, protocols) }),
    ...(packetLengths === undefined ? {} : { packetLengths }),
    ...(match.isFragment ? { isFragment: true } : {}),
  };
}

function normalAction(action: RuleAction): RuleAction {
  switch (action.kind) {
    case 'drop':
    case 'blackhole':
      return { kind: action.kind };
    case 'rateLimit':
      return {
        kind: 'rateLimit',
        octetsPerSecond: whole('octetsPerSecond', action.octetsPerSecond, 2 ** 40),
      };
    case 'redirect':
      if (!isRouteTarget(action.routeTarget)) {
        throw bad(`"${action.routeTarget}" is no route target; write it as 65000:100 or 192.0.2.1:100`);
      }
      return { kind: 'redirect', routeTarget: action.routeTarget };
    case 'mark':
      return { kind: 'mark', dscp: whole('dscp', action.dscp, 63) };
    default:
      throw bad(`nothing can do ${JSON.stringify((action satisfies never as RuleAction).kind)}`);
  }
}

function prefix(name: string, text: string): IpPrefix {
  try {
    return parseIpPrefix(text);
  } catch (cause) {
    if (cause instanceof EventError) throw bad(`${name}: ${cause.message}`, cause);
    throw cause;
  }
}

function numbers(name: string, list: readonly number[] | undefined, most: number): number[] | undefined {
  if (list === undefined) return undefined;
  atLeastOne(name, list);
  return [...new Set(list.map((number) => whole(name, number, most)))].sort((a, b) => a - b);
}

function ranges(name: string, list: readonly PortRange[] | undefined): PortRange[] | undefined {
  if (list === undefined) return undefined;
  atLeastOne(name, list);
  const sorted = list
    .map(({ low, high = low }) => ({ low: whole(name, low, 65_535), high: whole(name, high, 65_535) }))
    .sort((a, b) => a.low - b.low);
  const joined: { low: number; high: number }[] = [];
  for (const { low, high } of sorted) {
    if (high < low) throw bad(`${name}: ${high} is below ${low}`);
    const last = joined.at(-1);
    if (last !== undefined && low <= last.high + 1) last.high = Math.max(last.high, high);
    else joined.push({ low, high });
  }
  return joined.map(({ low, high }) => (low === high ? { low } : { low, high }));
}

function flags({ set, clear }: TcpFlags, protocols: readonly number[] | undefined): TcpFlags {
  if (protocols?.join() !== String(tcp)) throw bad('tcpFlags are of TCP alone; say protocols: [6]');
  whole('tcpFlags', set, 255);
  whole('tcpFlags', clear, 255);
  if ((set & clear) !== 0) throw bad('tcpFlags: a bit cannot be both set and clear');
  if ((set | clear) === 0) throw bad('tcpFlags: no bit is asked for');
  return { set, clear };
}

/** RFC 8955, section 7.4: an AS number of 2 or 4 octets, or an IPv4 address, and a number. */
function isRouteTarget(text: string): boolean {
  if (typeof text !== 'string') return false;
  const [, administrator, number] = /^([0-9.]+):(0|[1-9][0-9]{0,9})$/.exec(text) ?? [];
  if (administrator === undefined) return false;
  const isAddress = /^(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.(?!$)|$)){4}$/.test(administrator);
  const isAs = /^(?:0|[1-9][0-9]{0,9})$/.test(administrator) && Number(administrator) <= 0xffffffff;
  const most = isAs && Number(administrator) <= 0xffff ? 0xffffffff : 0xffff;
  return (isAddress || isAs) && Number(number) <= most;
}

function atLeastOne(name: string, list: readonly unknown[]): void {
  if (list.length === 0) throw bad(`${name} is empty, so that no packet passes; leave it out for any`);
  if (list.length > maxAlternatives)
    throw bad(`${name} has ${list.length} entries; at most ${maxAlternatives}`);
}

function whole(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw bad(`${name}: ${value} is not a whole number from 0 to ${most}`);
}

function bad(message: string, cause?: unknown): ResponseError {
  return new ResponseError('RESPONSE_BAD_RULE', `not a rule: ${message}`, { cause });
}
