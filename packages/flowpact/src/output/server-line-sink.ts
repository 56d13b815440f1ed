import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Clock } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import { closeInTime } from './close-in-time.ts';
import { createDroppingLineSink } from './dropping-line-sink.ts';
import type { LineSink } from './line-sink.ts';
import { createStreamLineSink } from './stream-line-sink.ts';

export interface ServerLineSinkConfig {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Whether a client that is slow is waited for, or lines for it are dropped and counted. Default `drop`. */
  readonly whenSlow?: 'wait' | 'drop';
  /** Clients served at a time; further ones are turned away. Default 64. */
  readonly maxClients?: number;
}

/**
 * A server that gives every client that connects all lines from then on. Without clients lines go nowhere.
 *
 * @throws FlowpactError `FLOWPACT_NETWORK` where it cannot listen
 */
export async function openServerLineSink(
  { host, port, whenSlow = 'drop', maxClients = 64 }: ServerLineSinkConfig,
  { clock }: { readonly clock: Clock },
): Promise<LineSink & { readonly port: number }> {
  const clients = new Map<Socket, LineSink>();
  let dropped = 0;
  const server = createServer((socket) => {
    const lines = createStreamLineSink(socket, { name: 'a client', end: true });
    const sink = whenSlow === 'drop' ? createDroppingLineSink(lines) : lines;
    clients.set(socket, sink);
    socket.resume();
    socket.once('close', () => {
      clients.delete(socket);
      dropped += sink.dropped;
    });
  });
  server.maxConnections = maxClients;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new FlowpactError(
      'FLOWPACT_NETWORK',
      `cannot serve lines on ${host}:${port}: ${(cause as Error).message}`,
      { cause },
    );
  }
  return {
    port: (server.address() as AddressInfo).port,
    open: true,
    get dropped() {
      return [...clients.values()].reduce((sum, client) => sum + client.dropped, dropped);
    },
    get full() {
      for (const client of clients.values()) if (client.full) return true;
      return false;
    },
    write(line) {
      for (const client of clients.values()) client.write(line);
    },
    async ready() {
      await Promise.all([...clients.values()].map((client) => client.ready()));
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      await Promise.all(
        [...clients].map(async ([socket, client]) => {
          await closeInTime(client, clock);
          socket.destroy();
        }),
      );
      await closed;
    },
  };
}
