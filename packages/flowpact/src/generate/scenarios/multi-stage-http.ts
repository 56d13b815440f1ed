import { addressPlan, hostOf } from '../address-plan.ts';
import {
  completeConnection,
  flow,
  type GeneratedFlow,
  refusedConnection,
  unansweredConnection,
} from '../flow.ts';
import { ephemeralPort } from '../ports.ts';
import type { Random } from '../random.ts';
import { attackOf, type MadeAttack, type ScenarioConfig } from './attack.ts';

export interface MultiStageHttpOptions {
  /** Hosts that the scan touches; default 700. */
  readonly scannedHosts?: number;
  /** Web servers that are asked for the log-in page; default 50. */
  readonly probedHosts?: number;
  /** Servers whose passwords are tried; default 4. */
  readonly attackedHosts?: number;
  /** Log-in attempts on each of them; default 75, about 30 a minute. */
  readonly attempts?: number;
}

/**
 * A multi-stage HTTP attack in the shape of the one in FlowCEP's capture: one host scans port 80, asks the servers
 * that it found for `/wp-login.php` once each, then tries passwords on a few.
 */
export function multiStageHttp(config: ScenarioConfig & MultiStageHttpOptions, random: Random): MadeAttack {
  const { startMs, scannedHosts = 700, probedHosts = 50, attackedHosts = 4, attempts = 75 } = config;
  const attacker = hostOf(addressPlan.attackers, random);
  const servers = distinctHosts(scannedHosts, random);
  const probed = servers.slice(0, probedHosts);
  const attacked = probed.slice(0, attackedHosts);

  const connection = (at: number, destination: number, fields: Partial<GeneratedFlow>): GeneratedFlow =>
    flow({
      source: attacker,
      destination,
      sourcePort: ephemeralPort(random),
      destinationPort: 80,
      startMs: at,
      endMs: at,
      ...fields,
    });

  const scanMs = 30_000;
  const scan = servers.map((server, i) => {
    const at = startMs + (i * scanMs) / scannedHosts + random.next() * 20;
    return random.chance(0.8)
      ? connection(at, server, { packets: 1, octets: 44, tcpFlags: unansweredConnection })
      : connection(at, server, {
          packets: 2,
          octets: 84,
          tcpFlags: refusedConnection,
          endMs: at + random.between(1, 40),
        });
  });

  const logIn = (at: number, server: number): GeneratedFlow => {
    const packets = random.between(6, 9);
    return connection(at, server, {
      kind: 'http',
      packets,
      octets: packets * random.between(70, 160),
      tcpFlags: completeConnection,
      endMs: at + random.between(80, 900),
      url: '/wp-login.php',
    });
  };
  const probeMs = 10_000;
  const probeStartMs = startMs + scanMs + 5_000;
  const probe = probed.map((server, i) => logIn(probeStartMs + (i * probeMs) / probedHosts, server));

  const bruteForceStartMs = probeStartMs + probeMs + 5_000;
  const gapMs = 2_000;
  const bruteForce = attacked.flatMap((server) =>
    Array.from({ length: attempts }, (_, i) =>
      logIn(bruteForceStartMs + i * gapMs + random.next() * 500, server),
    ),
  );

  return attackOf('multi-stage-http', { scan, probe, bruteForce });
}

function distinctHosts(count: number, random: Random): number[] {
  const hosts = new Set<number>();
  const available = 2 ** (32 - addressPlan.webServers.prefixLength) - 2;
  while (hosts.size < Math.min(count, available)) hosts.add(hostOf(addressPlan.webServers, random));
  return [...hosts];
}
