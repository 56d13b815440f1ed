import type { Endpoint, PortRange } from '@flowpact/event';
import type { PacketTests, ReadFlow } from '../rule/match-flow.ts';
import type { TcpFlags } from '../rule/rule.ts';

/** What the packets of an attack have in common beside their addresses: the tests of a rule without its prefixes. */
export type Traits = Omit<PacketTests, 'isFragment'>;

export const icmp = 1;
export const tcp = 6;
export const udp = 17;
export const icmp6 = 58;

const syn = 2;
const ack = 16;
/** Explicit congestion notification, which is set up with a SYN (RFC 3168, section 6.1.1): no sign of anything. */
const ecn = 0xc0;

/** So many flows that are alike are no coincidence. */
const telling = 8;
/** A few ports are a service, many a scan. */
const mostPorts = 4;
/** From here on, systems choose the ports of clients (Linux; RFC 6335, section 6, has 49152). */
const firstEphemeralPort = 32_768;

/**
 * What an event says of the traffic, and where it says nothing, what its flows have in common. Ports of a few flows that
 * look as if they were chosen at random are left out.
 */
export function traitsOf(
  sources: readonly Endpoint[],
  targets: readonly Endpoint[],
  evidence: readonly ReadFlow[],
): Traits {
  const protocols = saidProtocols([...targets, ...sources]) ?? seenProtocols(evidence);
  const ofProtocol =
    protocols === undefined
      ? []
      : evidence.filter(({ flow }) => flow.protocol === undefined || protocols.includes(flow.protocol));
  const hasPorts = protocols?.every((protocol) => protocol === tcp || protocol === udp);
  const sourcePorts = hasPorts ? (saidPorts(sources) ?? seenPorts(ofProtocol, 'sourcePort')) : undefined;
  const destinationPorts = hasPorts
    ? (saidPorts(targets) ?? seenPorts(ofProtocol, 'destinationPort'))
    : undefined;
  const tcpFlags = protocols?.join() === String(tcp) ? loneSyns(ofProtocol) : undefined;
  const packetLengths = seenLengths(ofProtocol);
  return {
    ...(protocols && { protocols }),
    ...(sourcePorts && { sourcePorts }),
    ...(destinationPorts && { destinationPorts }),
    ...(tcpFlags && { tcpFlags }),
    ...(packetLengths && { packetLengths }),
  };
}

function saidProtocols(endpoints: readonly Endpoint[]): readonly number[] | undefined {
  const said = distinct(endpoints.map(({ protocol }) => protocol));
  return said.length === 0 ? undefined : said;
}

function seenProtocols(evidence: readonly ReadFlow[]): readonly number[] | undefined {
  const seen = distinct(evidence.map(({ flow }) => flow.protocol));
  return seen.length === 1 ? seen : undefined;
}

/** Only where each says some: one without stands for all ports. */
function saidPorts(endpoints: readonly Endpoint[]): readonly PortRange[] | undefined {
  const named = endpoints.filter(({ address }) => address !== undefined);
  if (named.length === 0 || !named.every(({ ports }) => ports !== undefined && ports.length > 0))
    return undefined;
  const ranges = new Map(
    named.flatMap(({ ports = [] }) => ports).map((range) => [JSON.stringify(range), range]),
  );
  return ranges.size > mostPorts ? undefined : [...ranges.values()];
}

function seenPorts(
  evidence: readonly ReadFlow[],
  end: 'sourcePort' | 'destinationPort',
): readonly PortRange[] | undefined {
  const seen = distinct(evidence.map(({ flow }) => flow[end]));
  const isService =
    seen.every((port) => port < firstEphemeralPort) && (end === 'destinationPort' || seen.length === 1);
  const isTelling = evidence.length >= telling && (isService || seen.length === 1);
  // The source's own port tells nothing of an attack that a few flows show, unless it is that of a service.
  const isPlain =
    end === 'destinationPort' ? isService : seen.every((port) => port < 1024 && port > 0) && isService;
  if (seen.length === 0 || seen.length > mostPorts || !(isTelling || isPlain)) return undefined;
  return seen.map((low) => ({ low }));
}

/** Requests for connections that nobody followed up. */
function loneSyns(evidence: readonly ReadFlow[]): TcpFlags | undefined {
  const seen = distinct(evidence.map(({ flow }) => (flow.tcpFlags ?? 0) & ~ecn));
  return seen.join() === String(syn) ? { set: syn, clear: ack } : undefined;
}

/** Lengths this far apart still are of one kind. */
const mostSpread = 1.5;

/**
 * Packets as long as those of the evidence. Flows tell mean lengths, and evidence is a part of it all: where these
 * differ, an eighth is put on either side.
 */
function seenLengths(evidence: readonly ReadFlow[]): readonly PortRange[] | undefined {
  if (evidence.length < telling) return undefined;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { flow } of evidence) {
    if (flow.packets === 0) return undefined;
    const mean = flow.octets / flow.packets;
    least = Math.min(least, mean);
    most = Math.max(most, mean);
  }
  if (least < 20 || most > 65_535 || most > mostSpread * least) return undefined;
  if (least === most && Number.isInteger(least)) return [{ low: least }];
  return [
    { low: Math.max(20, Math.floor((least * 7) / 8)), high: Math.min(65_535, Math.ceil((most * 9) / 8)) },
  ];
}

/** Whether the sender has shown that answers reach it: it acknowledged what it was sent, so that its address is its own. */
export function hasCompletedHandshake({ flow }: ReadFlow): boolean {
  const both = syn | ack;
  return flow.protocol === tcp && ((flow.tcpFlags ?? 0) & both) === both && flow.packets >= 3;
}

function distinct(values: readonly (number | undefined)[]): number[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort((a, b) => a - b);
}
