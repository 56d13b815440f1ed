import { addressPlan, hostOf, outsideHost } from './address-plan.ts';
import { completeConnection, flow, type GeneratedFlow, refusedConnection } from './flow.ts';
import { ephemeralPort } from './ports.ts';
import type { Random } from './random.ts';

/** One kind of everyday traffic: how much of it there is, and what one occurrence of it looks like. */
interface BackgroundSource {
  readonly name: BackgroundKind;
  /** Share of all background flows. */
  readonly share: number;
  make(random: Random, startMs: number): GeneratedFlow;
}

export type BackgroundKind = 'web' | 'dns' | 'icmp' | 'ssh';

const pages = [
  '/',
  '/index.html',
  '/news',
  '/about',
  '/img/logo.png',
  '/style.css',
  '/app.js',
  '/api/items',
  '/search',
];
// Honest users log in too, a few times: the rules must not take them for attackers.
const honestLogins = ['/login', '/wp-login.php', '/admin/'];

/** Web 62 %, DNS 22 %, ICMP 10 %, SSH 6 %: about the mixture of the capture that FlowCEP replays. */
const sources: readonly BackgroundSource[] = [
  { name: 'web', share: 0.62, make: webFlow },
  { name: 'dns', share: 0.22, make: dnsFlow },
  { name: 'icmp', share: 0.1, make: icmpFlow },
  { name: 'ssh', share: 0.06, make: sshFlow },
];

export interface BackgroundConfig {
  readonly startMs: number;
  readonly durationMs: number;
  readonly flowsPerSecond: number;
  readonly ipv6Share: number;
  readonly diurnal: boolean;
}

/** Everyday traffic: each kind a Poisson process of its own, its flows in order of their start. */
export function backgroundFlows(
  config: BackgroundConfig,
  random: Random,
): ReadonlyMap<BackgroundKind, Iterable<GeneratedFlow>> {
  return new Map(sources.map((source) => [source.name, arrivals(source, config, random.fork(source.name))]));
}

function* arrivals(
  source: BackgroundSource,
  { startMs, durationMs, flowsPerSecond, ipv6Share, diurnal }: BackgroundConfig,
  random: Random,
): Generator<GeneratedFlow> {
  const meanGapMs = 1000 / (flowsPerSecond * source.share * (diurnal ? busiest : 1));
  const endMs = startMs + durationMs;
  for (let at = startMs + random.exponential(meanGapMs); at < endMs; at += random.exponential(meanGapMs)) {
    // A rate that changes: arrivals at the highest rate, of which some are left out.
    if (diurnal && !random.chance(activity(at) / busiest)) continue;
    const made = source.make(random, at);
    yield ipv6Share > 0 && random.chance(ipv6Share) ? { ...made, ipv6: true } : made;
  }
}

/** The mean of the day is 1. */
const busiest = 1.6;

/** How busy people are at that time of the day (UTC), between 0.4 at 3:00 and 1.6 at 15:00. */
function activity(timeMs: number): number {
  const hour = (timeMs / 3_600_000) % 24;
  return 1 - (busiest - 1) * Math.cos(((hour - 3) / 24) * 2 * Math.PI);
}

function webFlow(random: Random, startMs: number): GeneratedFlow {
  if (random.chance(0.04)) return healthCheck(random, startMs);
  const packets = Math.max(4, Math.round(random.logNormal(14, 1)));
  const plain = random.chance(0.45);
  const toServer = random.chance(0.7);
  const inside = hostOf(toServer ? addressPlan.webServers : addressPlan.inside, random);
  const outside = outsideHost(random);
  return flow({
    kind: plain ? 'http' : 'tcp',
    startMs,
    endMs: startMs + random.logNormal(400, 1.2),
    packets,
    octets: packets * random.between(60, 900),
    source: toServer ? outside : inside,
    destination: toServer ? inside : outside,
    sourcePort: ephemeralPort(random),
    destinationPort: plain ? 80 : 443,
    tcpFlags: random.chance(0.03) ? refusedConnection : completeConnection,
    url: plain ? url(random) : '',
  });
}

/** Monitoring looks like a scan: a rule that goes by short connections alone takes it for one. */
function healthCheck(random: Random, startMs: number): GeneratedFlow {
  return flow({
    kind: 'tcp',
    startMs,
    endMs: startMs + random.between(1, 30),
    packets: 3,
    octets: 132,
    source: addressPlan.monitoringHost,
    destination: hostOf(addressPlan.webServers, random),
    sourcePort: ephemeralPort(random),
    destinationPort: 80,
    tcpFlags: refusedConnection,
  });
}

function url(random: Random): string {
  if (random.chance(0.01)) return random.pick(honestLogins);
  if (random.chance(0.5)) return random.pick(pages);
  return `/item/${random.integer(100_000).toString(36)}?ref=${random.integer(2 ** 31).toString(36)}`;
}

function dnsFlow(random: Random, startMs: number): GeneratedFlow {
  const packets = random.chance(0.9) ? 1 : 2;
  return flow({
    kind: 'udp',
    startMs,
    endMs: startMs + (packets - 1) * random.between(1, 4000),
    packets,
    octets: packets * random.between(60, 220),
    source: outsideHost(random),
    destination: random.pick(addressPlan.nameServers),
    sourcePort: ephemeralPort(random),
    destinationPort: 53,
  });
}

function icmpFlow(random: Random, startMs: number): GeneratedFlow {
  const packets = random.between(1, 5);
  const echoRequest = 8 << 8;
  const portUnreachable = (3 << 8) | 3;
  return flow({
    kind: 'icmp',
    startMs,
    endMs: startMs + (packets - 1) * 1000,
    packets,
    octets: packets * 84,
    source: hostOf(addressPlan.inside, random),
    destination: outsideHost(random),
    icmpTypeCode: random.chance(0.6) ? echoRequest : portUnreachable,
  });
}

function sshFlow(random: Random, startMs: number): GeneratedFlow {
  const packets = Math.max(8, Math.round(random.logNormal(120, 1.4)));
  return flow({
    kind: 'tcp',
    startMs,
    endMs: startMs + random.logNormal(20_000, 1),
    packets,
    octets: packets * random.between(70, 400),
    source: outsideHost(random),
    destination: hostOf(addressPlan.inside, random),
    sourcePort: ephemeralPort(random),
    destinationPort: 22,
    tcpFlags: completeConnection,
  });
}
