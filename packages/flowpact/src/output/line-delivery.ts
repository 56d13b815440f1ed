import type { Delivery, DeliveryReport } from './delivery.ts';
import type { LineSink } from './line-sink.ts';

/** Entries to a sink of lines that is near, or asks for nothing: a file, a pipe, clients that connect, datagrams. */
export function createLineDelivery(open: () => Promise<LineSink>): Delivery {
  let sink: LineSink | undefined;
  let given = 0;
  return {
    async start() {
      sink = await open();
    },
    write(entries) {
      given += entries.length;
      for (const entry of entries) sink?.write(entry);
    },
    async ready() {
      await sink?.ready();
    },
    get report(): DeliveryReport {
      const dropped = sink?.dropped ?? 0;
      return {
        state: sink?.open ? 'up' : 'down',
        written: given - dropped,
        spooled: 0,
        dropped,
        rejected: 0,
        failed: 0,
      };
    },
    async stop() {
      await sink?.close();
    },
  };
}
