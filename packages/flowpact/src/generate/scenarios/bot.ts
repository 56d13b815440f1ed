import { addressPlan, hostOf, outsideHost } from '../address-plan.ts';
import { completeConnection, flow, unansweredConnection } from '../flow.ts';
import { ephemeralPort } from '../ports.ts';
import { attackOf, type Scenario } from './attack.ts';

/** Five infected hosts report to one server every 30 s with little jitter, for as long as one watches: ten minutes. */
export const c2Beaconing: Scenario = ({ startMs }, random) => {
  const bots = Array.from({ length: 5 }, () => hostOf(addressPlan.inside, random));
  const destination = hostOf(addressPlan.attackers, random);
  return attackOf('c2-beaconing', {
    beaconing: bots.flatMap((source) =>
      Array.from({ length: 20 }, (_, i) => {
        const at = startMs + i * 30_000 + random.next() * 1500;
        return flow({
          source,
          destination,
          sourcePort: ephemeralPort(random),
          destinationPort: 8443,
          startMs: at,
          endMs: at + random.between(80, 200),
          packets: 9,
          octets: 9 * random.between(110, 130),
          tcpFlags: completeConnection,
        });
      }),
    ),
  });
};

/** Data hidden in DNS queries: one host asks one outside resolver ten times a second for two minutes, at length. */
export const dnsTunnel: Scenario = ({ startMs, scale = 1 }, random) => {
  const source = hostOf(addressPlan.inside, random);
  const destination = hostOf(addressPlan.attackers, random);
  return attackOf('dns-tunnel', {
    tunnel: Array.from({ length: Math.round(1200 * scale) }, (_, i) => {
      const at = startMs + i * 100 + random.next() * 50;
      return flow({
        kind: 'udp',
        source,
        destination,
        sourcePort: ephemeralPort(random),
        destinationPort: 53,
        startMs: at,
        endMs: at,
        packets: 1,
        octets: random.between(220, 280),
      });
    }),
  });
};

/** A worm on port 445: each infected host scans, and every 20 s some of the scanned join in; three generations. */
export const wormSpread: Scenario = ({ startMs, scale = 1 }, random) => {
  let infected = [hostOf(addressPlan.inside, random)];
  const generations: Record<string, ReturnType<typeof flow>[]> = {};
  for (let generation = 0; generation < 3; generation++) {
    const beginMs = startMs + generation * 20_000;
    const flows = infected.flatMap((source) =>
      Array.from({ length: Math.round(150 * scale) }, (_, i) => {
        const at = beginMs + i * 120 + random.next() * 60;
        return flow({
          source,
          destination: hostOf(addressPlan.inside, random),
          sourcePort: ephemeralPort(random),
          destinationPort: 445,
          startMs: at,
          endMs: at,
          packets: 2,
          octets: 96,
          tcpFlags: unansweredConnection,
        });
      }),
    );
    generations[`generation ${generation + 1}`] = flows;
    infected = [
      ...infected,
      ...infected.flatMap(() => [random.pick(flows).destination, random.pick(flows).destination]),
    ];
  }
  return attackOf('worm-spread', generations);
};

/** One host inside sends 2 GB to one host outside in five flows of a minute each. */
export const exfiltration: Scenario = ({ startMs, scale = 1 }, random) => {
  const source = hostOf(addressPlan.inside, random);
  const destination = outsideHost(random);
  return attackOf('exfiltration', {
    exfiltration: Array.from({ length: 5 }, (_, i) => {
      const at = startMs + i * 60_000;
      const packets = Math.round(300_000 * scale);
      return flow({
        source,
        destination,
        sourcePort: ephemeralPort(random),
        destinationPort: 443,
        startMs: at,
        endMs: at + 59_000,
        packets,
        octets: packets * random.between(1300, 1420),
        tcpFlags: completeConnection,
      });
    }),
  });
};
