import { addressPlan, hostOf, outsideHost } from '../address-plan.ts';
import { flow, unansweredConnection } from '../flow.ts';
import { ephemeralPort } from '../ports.ts';
import { attackOf, type Scenario } from './attack.ts';

/** A flood of connection requests from forged addresses against one server: 3,000 flows in 30 s. */
export const synFlood: Scenario = ({ startMs, scale = 1 }, random) => {
  const destination = hostOf(addressPlan.webServers, random);
  const count = Math.round(3000 * scale);
  return attackOf('syn-flood', {
    flood: Array.from({ length: count }, (_, i) => {
      const at = startMs + (i * 30_000) / count;
      return flow({
        source: outsideHost(random),
        destination,
        sourcePort: random.between(1024, 65535),
        destinationPort: 443,
        startMs: at,
        endMs: at,
        packets: 1,
        octets: 40,
        tcpFlags: unansweredConnection,
      });
    }),
  });
};

interface Reflection {
  readonly port: number;
  readonly reflectors: number;
  readonly octetsPerPacket: readonly [low: number, high: number];
}

/**
 * Answers that nobody asked for: reflectors send large datagrams from their service port to one victim for a minute,
 * because somebody asked them in its name (Rossow, Amplification Hell, 2014).
 */
function amplification(name: 'dns-amplification' | 'ntp-amplification', service: Reflection): Scenario {
  return ({ startMs, scale = 1 }, random) => {
    const destination = hostOf(addressPlan.inside, random);
    const reflectors = Array.from({ length: Math.round(service.reflectors * scale) }, () =>
      outsideHost(random),
    );
    const port = ephemeralPort(random);
    return attackOf(name, {
      amplification: reflectors.flatMap((source) =>
        Array.from({ length: 4 }, (_, i) => {
          const at = startMs + i * 15_000 + random.next() * 2000;
          const packets = random.between(200, 1200);
          return flow({
            kind: 'udp',
            source,
            destination,
            sourcePort: service.port,
            destinationPort: port,
            startMs: at,
            endMs: at + 12_000,
            packets,
            octets: packets * random.between(...service.octetsPerPacket),
          });
        }),
      ),
    });
  };
}

export const dnsAmplification = amplification('dns-amplification', {
  port: 53,
  reflectors: 250,
  octetsPerPacket: [1100, 1480],
});
export const ntpAmplification = amplification('ntp-amplification', {
  port: 123,
  reflectors: 150,
  octetsPerPacket: [460, 470],
});
