import type { Collector, CollectorStats } from './collector.ts';
import { createCollectorStats } from './collector.ts';

/** Several listening sockets that are started and stopped as one. */
export interface CollectorGroup extends Omit<Collector, 'start'> {
  /** Binds all sockets, in the order given. Where one fails, those before it are closed again. */
  start(): Promise<readonly { readonly address: string; readonly port: number }[]>;
  /** The sums of all counters. */
  readonly stats: CollectorStats;
}

/** Makes one of several collectors: UDP on several ports, IPv4 and IPv6, TCP and TLS. */
export function createCollectorGroup(collectors: readonly Collector[]): CollectorGroup {
  async function stop(): Promise<void> {
    for (const collector of collectors) await collector.stop();
  }

  return {
    async start() {
      const addresses: { readonly address: string; readonly port: number }[] = [];
      try {
        for (const collector of collectors) addresses.push(await collector.start());
      } catch (error) {
        await stop();
        throw error;
      }
      return addresses;
    },
    stop,
    pause() {
      for (const collector of collectors) collector.pause();
    },
    resume() {
      for (const collector of collectors) collector.resume();
    },
    get stats() {
      const sum = createCollectorStats();
      for (const { stats } of collectors) {
        for (const name of Object.keys(sum) as (keyof CollectorStats)[]) sum[name] += stats[name];
      }
      return sum;
    },
  };
}
