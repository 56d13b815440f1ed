import { addressPlan, hostOf } from '../address-plan.ts';
import { flow, type GeneratedFlow, refusedConnection, unansweredConnection } from '../flow.ts';
import { ephemeralPort } from '../ports.ts';
import type { Random } from '../random.ts';
import { attackOf, type Scenario } from './attack.ts';

function probe(
  random: Random,
  startMs: number,
  ends: Pick<GeneratedFlow, 'source' | 'destination' | 'destinationPort'>,
): GeneratedFlow {
  const refused = random.chance(0.2);
  return flow({
    ...ends,
    sourcePort: ephemeralPort(random),
    startMs,
    endMs: startMs + (refused ? random.between(1, 40) : 0),
    packets: refused ? 2 : 1,
    octets: refused ? 84 : 44,
    tcpFlags: refused ? refusedConnection : unansweredConnection,
  });
}

/** One port of many hosts: 1,000 hosts in 50 s, for telnet. */
export const horizontalScan: Scenario = ({ startMs, scale = 1 }, random) => {
  const source = hostOf(addressPlan.attackers, random);
  const count = Math.round(1000 * scale);
  return attackOf('horizontal-scan', {
    scan: Array.from({ length: count }, (_, i) =>
      probe(random, startMs + i * 50, {
        source,
        destination: hostOf(addressPlan.inside, random),
        destinationPort: 23,
      }),
    ),
  });
};

/** Many ports of one host: 2,000 ports in 60 s, in random order as scanners do. */
export const verticalScan: Scenario = ({ startMs, scale = 1 }, random) => {
  const source = hostOf(addressPlan.attackers, random);
  const destination = hostOf(addressPlan.webServers, random);
  const count = Math.round(2000 * scale);
  return attackOf('vertical-scan', {
    scan: Array.from({ length: count }, (_, i) =>
      probe(random, startMs + i * 30, { source, destination, destinationPort: random.between(1, 65535) }),
    ),
  });
};
