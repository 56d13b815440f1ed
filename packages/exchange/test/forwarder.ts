import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands where the relay should be and passes bytes on, so that two networks can start on ports of their own. */
export interface Forwarder {
  readonly port: number;
  /** Where to; undefined: connections are closed at once. */
  target: number | undefined;
  stop(): Promise<void>;
}

export async function startForwarder(): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (forwarder.target === undefined) {
      socket.destroy();
      return;
    }
    const onward = connect(forwarder.target, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => {});
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const forwarder: Forwarder = {
    port: (server.address() as AddressInfo).port,
    target: undefined,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return forwarder;
}
