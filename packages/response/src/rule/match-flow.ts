import { addressToOctets, EventError, type IpPrefix, type PortRange, parseIpPrefix } from '@flowpact/event';
import type { FlowAspect, TrafficFlow } from '../collateral/flow-replay.ts';
import { containsAddress } from './contains-address.ts';
import { normalMatch } from './normal-rule.ts';
import type { TcpFlags, TrafficMatch } from './rule.ts';

/** A flow whose addresses have been read once, to be held against several rules. */
export interface ReadFlow {
  readonly flow: TrafficFlow;
  /** 4 or 16. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/** Undefined where an address is none. */
export function readFlow(flow: TrafficFlow): ReadFlow | undefined {
  try {
    return {
      flow,
      source: addressToOctets(flow.source),
      destination: addressToOctets(flow.destination),
    };
  } catch (error) {
    if (error instanceof EventError) return undefined;
    throw error;
  }
}

/**
 * Rules look at packets, flows are sums over them. `yes`: as far as the sums tell, the rule hits all of the flow's packets.
 * `perhaps`: it may hit some, since a flow does not tell which flags and lengths came together (a rule against lone
 * SYNs hits the first packet of every connection, which ends it as well), or the exporter left out what the rule tests.
 * `no`: it hits none. Who counts innocent flows counts both, who counts those of an attack `yes` alone.
 */
export type Hit = 'yes' | 'perhaps' | 'no';

/** What a rule tests beside addresses. */
export type PacketTests = Omit<TrafficMatch, 'source' | 'destination'>;

/**
 * Makes the test of a rule on flows, which are alike in what it tests (`aspectsOf`).
 * @throws ResponseError `RESPONSE_BAD_RULE`.
 */
export function compileMatch(match: TrafficMatch): (flow: ReadFlow) => Hit {
  const normal = normalMatch(match);
  const source = prefixOf(normal.source);
  const destination = prefixOf(normal.destination);
  const test = compilePacketTests(normal);
  return (read) => {
    if (destination !== undefined && !containsAddress(destination, read.destination)) return 'no';
    if (source !== undefined && !containsAddress(source, read.source)) return 'no';
    return test(read);
  };
}

/** The same without addresses. */
export function compilePacketTests(tests: PacketTests): (flow: ReadFlow) => Hit {
  const { sourcePorts, destinationPorts, tcpFlags, packetLengths, isFragment } = tests;
  const protocols = tests.protocols === undefined ? undefined : new Set(tests.protocols);
  const hits: ((flow: TrafficFlow) => Hit)[] = [];
  if (protocols) hits.push((flow) => test(flow.protocol, (value) => protocols.has(value)));
  if (sourcePorts) hits.push((flow) => test(flow.sourcePort, (value) => isWithin(sourcePorts, value)));
  if (destinationPorts)
    hits.push((flow) => test(flow.destinationPort, (value) => isWithin(destinationPorts, value)));
  if (tcpFlags) hits.push((flow) => flagsHit(flow, tcpFlags));
  if (packetLengths) hits.push((flow) => lengthHit(flow, packetLengths));
  // No flow tells whether its packets were fragments.
  if (isFragment) hits.push(() => 'perhaps');
  return ({ flow }) => {
    let all: Hit = 'yes';
    for (const hit of hits) {
      const one = hit(flow);
      if (one === 'no') return 'no';
      if (one === 'perhaps') all = 'perhaps';
    }
    return all;
  };
}

const prefixOf = (text: string | undefined): IpPrefix | undefined =>
  text === undefined ? undefined : parseIpPrefix(text);

function test(value: number | undefined, passes: (value: number) => boolean): Hit {
  if (value === undefined) return 'perhaps';
  return passes(value) ? 'yes' : 'no';
}

/** Every one of one packet: what is true of the sums is true of it. */
const areSinglePackets = ({ packets, flows }: TrafficFlow): boolean => packets === flows;

/** 0 is what exporters say that do not look at flags. */
function flagsHit(flow: TrafficFlow, { set, clear }: TcpFlags): Hit {
  if (flow.tcpFlags === undefined || flow.tcpFlags === 0) return 'perhaps';
  // Flags that no packet had, none had beside others.
  if ((flow.tcpFlags & set) !== set) return 'no';
  if ((flow.tcpFlags & clear) === 0) return 'yes';
  return areSinglePackets(flow) ? 'no' : 'perhaps';
}

/** The shortest IPv4 packet has its header alone (RFC 791, section 3.1); an IPv6 one has 40 octets. */
const shortestPacketOctets = 20;

function lengthHit(flow: TrafficFlow, ranges: readonly PortRange[]): Hit {
  const { packets, octets, flows } = flow;
  if (packets === 0) return 'perhaps';
  if (isWithin(ranges, octets / packets)) return 'yes';
  if (areSinglePackets(flow)) return 'no';
  // One packet of a flow is longest when its others are as short as can be.
  const longest = octets / flows - shortestPacketOctets * (packets / flows - 1);
  return ranges.some(({ low }) => low <= longest) ? 'perhaps' : 'no';
}

const isWithin = (ranges: readonly PortRange[], value: number): boolean =>
  ranges.some(({ low, high = low }) => value >= low && value <= high);

/** What flows have to be alike in for `compileMatch` to tell all that it can of these. */
export function aspectsOf(matches: readonly PacketTests[]): readonly FlowAspect[] {
  const tests: Readonly<Record<FlowAspect, keyof PacketTests>> = {
    protocol: 'protocols',
    sourcePort: 'sourcePorts',
    destinationPort: 'destinationPorts',
    tcpFlags: 'tcpFlags',
    packetLength: 'packetLengths',
  };
  return (Object.keys(tests) as FlowAspect[]).filter((aspect) =>
    matches.some((match) => match[tests[aspect]] !== undefined),
  );
}
