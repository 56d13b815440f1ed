import type { HitHost } from './collateral-report.ts';
import type { TrafficFlow } from './flow-replay.ts';

/** Hosts that a rule hits, counted one by one up to a bound. */
export interface HitHosts {
  /** Of those, as many as are counted. */
  readonly size: number;
  /** Whether there were more. */
  readonly isFull: boolean;
  add(address: string, end: HitHost['end'], flow: TrafficFlow): void;
  /** Those with most octets, the largest first. */
  top(count: number): readonly HitHost[];
  addresses(): Iterable<string>;
}

interface Counting {
  readonly address: string;
  readonly end: HitHost['end'];
  flows: number;
  packets: number;
  octets: number;
}

export function createHitHosts(maxHosts: number): HitHosts {
  const hosts = new Map<string, Counting>();
  let isFull = false;
  return {
    get size() {
      return hosts.size;
    },
    get isFull() {
      return isFull;
    },
    add(address, end, { flows, packets, octets }) {
      const known = hosts.get(address);
      if (known !== undefined) {
        known.flows += flows;
        known.packets += packets;
        known.octets += octets;
      } else if (hosts.size < maxHosts) hosts.set(address, { address, end, flows, packets, octets });
      else isFull = true;
    },
    top: (count) =>
      [...hosts.values()]
        .sort((a, b) => b.octets - a.octets || (a.address < b.address ? -1 : 1))
        .slice(0, count)
        .map((host) => ({ ...host })),
    addresses: () => hosts.keys(),
  };
}
