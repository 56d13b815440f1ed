import { addressPlan, hostOf } from '../address-plan.ts';
import { completeConnection, flow, type GeneratedFlow } from '../flow.ts';
import { ephemeralPort } from '../ports.ts';
import type { Random } from '../random.ts';
import { attackOf, type Scenario } from './attack.ts';

interface Service {
  readonly port: number;
  /** Packets and octets of a failed log-in, from both ends' counters put together. */
  readonly packets: readonly [low: number, high: number];
  readonly octetsPerPacket: readonly [low: number, high: number];
  readonly url?: string;
}

/**
 * Password guessing against one server, one attempt a connection, four a second for two minutes. Failed attempts are
 * all alike, which is what flow-based detection lives on (Hofstede et al., SSH Compromise Detection using NetFlow/IPFIX,
 * 2014).
 */
function bruteForce(
  name: 'ssh-brute-force' | 'rdp-brute-force' | 'http-brute-force',
  service: Service,
): Scenario {
  return ({ startMs, scale = 1 }, random) => {
    const source = hostOf(addressPlan.attackers, random);
    const destination = hostOf(addressPlan.webServers, random);
    const attempt = (at: number): GeneratedFlow => {
      const packets = random.between(...service.packets);
      return flow({
        kind: service.url === undefined ? 'tcp' : 'http',
        source,
        destination,
        sourcePort: ephemeralPort(random),
        destinationPort: service.port,
        startMs: at,
        endMs: at + random.between(300, 1800),
        packets,
        octets: packets * random.between(...service.octetsPerPacket),
        tcpFlags: completeConnection,
        url: service.url ?? '',
      });
    };
    return attackOf(name, { bruteForce: attempts(startMs, Math.round(480 * scale), random).map(attempt) });
  };
}

function attempts(startMs: number, count: number, random: Random): number[] {
  return Array.from({ length: count }, (_, i) => startMs + i * 250 + random.next() * 200);
}

export const sshBruteForce = bruteForce('ssh-brute-force', {
  port: 22,
  packets: [11, 26],
  octetsPerPacket: [90, 130],
});
export const rdpBruteForce = bruteForce('rdp-brute-force', {
  port: 3389,
  packets: [20, 30],
  octetsPerPacket: [110, 180],
});
export const httpBruteForce = bruteForce('http-brute-force', {
  port: 80,
  packets: [6, 9],
  octetsPerPacket: [70, 160],
  url: '/login',
});
