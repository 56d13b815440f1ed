import type { EventType, SecurityEvent } from '@flowpact/event';
import type { ReadFlow } from '../rule/match-flow.ts';
import { hasCompletedHandshake, icmp, icmp6, type Traits, tcp, udp } from './traits.ts';

/**
 * Services that answer more than they are asked, and so are made to flood others (US-CERT alert TA14-017A; Rossow,
 * Amplification Hell, NDSS 2014; and what came after).
 */
const reflectionServices: ReadonlyMap<number, string> = new Map([
  [17, 'QOTD'],
  [19, 'CharGen'],
  [53, 'DNS'],
  [69, 'TFTP'],
  [111, 'portmap'],
  [123, 'NTP'],
  [137, 'NetBIOS'],
  [161, 'SNMP'],
  [177, 'XDMCP'],
  [389, 'CLDAP'],
  [427, 'SLP'],
  [500, 'IKE'],
  [520, 'RIP'],
  [1434, 'SQL Server'],
  [1900, 'SSDP'],
  [3283, 'Apple Remote Desktop'],
  [3478, 'STUN'],
  [3702, 'WS-Discovery'],
  [5060, 'SIP'],
  [5093, 'Sentinel'],
  [5353, 'mDNS'],
  [5683, 'CoAP'],
  [10001, 'Ubiquiti discovery'],
  [11211, 'memcached'],
  [27015, 'Steam'],
  [37810, 'DHDiscover'],
]);

/** Floods, and what nobody knows: who does that does not need answers. */
const needNoAnswer: readonly EventType[] = ['dDoS', 'other'];
/** Nobody can do that without a connection. */
const needConnections: readonly EventType[] = ['bruteForce', 'spam'];

/**
 * Why the addresses of an event's sources are not to be believed, so that a rule against them would hit whom the
 * attacker chose; undefined: nothing speaks against them. Scans and the like are believed: whoever asks wants the answers.
 */
export function sourceDoubt(
  { type, sources = [] }: SecurityEvent,
  { protocols, sourcePorts }: Traits,
  evidence: readonly ReadFlow[],
): string | undefined {
  if (sources.length > 0 && sources.every(({ spoofed }) => spoofed === true)) {
    return 'the event says that its sources are forged';
  }
  const isReflector =
    type === 'amplifier' || sources.some(({ role }) => role === 'reflector' || role === 'amplifier');
  if (isReflector) return 'its sources are reflectors: they answer requests that somebody else forged';

  if (needNoAnswer.includes(type)) {
    if (protocols === undefined) return 'nothing tells the protocol, so that the sources may be forged';
    if (protocols.includes(udp)) {
      const port = sourcePorts?.find(
        ({ low, high = low }) => low === high && reflectionServices.has(low),
      )?.low;
      return port === undefined
        ? 'it is UDP, whose sources anybody can forge'
        : `it comes from ${reflectionServices.get(port)} servers (port ${port}), which answer requests that somebody else forged`;
    }
    if (protocols.some((protocol) => protocol === icmp || protocol === icmp6)) {
      return 'it is ICMP, whose sources anybody can forge';
    }
    if (!protocols.every((protocol) => protocol === tcp))
      return 'its sources may be forged: it is not TCP alone';
    return (
      handshakeDoubt(evidence, Math.ceil(0.9 * evidence.length)) ??
      (sources.length === 0 ? 'it names no sources' : undefined)
    );
  }
  if (sources.length === 0) return 'it names no sources';
  // Somebody who wants another one blocked may forge flows that look like it.
  const shows = evidence.some(({ flow }) => flow.protocol === tcp && (flow.tcpFlags ?? 0) !== 0);
  return needConnections.includes(type) && shows ? handshakeDoubt(evidence, 1) : undefined;
}

function handshakeDoubt(evidence: readonly ReadFlow[], least: number): string | undefined {
  if (evidence.length === 0)
    return 'no flow travels with it that would show whether its sources complete handshakes';
  const completed = evidence.filter(hasCompletedHandshake).length;
  if (completed >= least) return undefined;
  return `${completed} of ${evidence.length} flows of the evidence completed a handshake, so that its sources may be forged`;
}
