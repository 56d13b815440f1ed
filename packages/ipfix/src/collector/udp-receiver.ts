import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { createDatagramBatch } from './datagram-batch.ts';
import type {
  FromUdpReceiver,
  NumberedExporter,
  ToUdpReceiver,
  UdpReceiverSettings,
} from './udp-receiver-protocol.ts';

export interface UdpReceiverDeps {
  /** Tells the collecting thread; the buffers given change hands. */
  post(message: FromUdpReceiver, transfer?: readonly ArrayBuffer[]): void;
}

/** The part of a receiver group that runs in a thread of its own: takes datagrams off sockets, and does nothing else. */
export interface UdpReceiver {
  take(message: ToUdpReceiver): Promise<void>;
}

export function createUdpReceiver(
  { host, port, receiveBufferBytes, maxExporters, maxBatches, batchesUnderWay }: UdpReceiverSettings,
  { post }: UdpReceiverDeps,
): UdpReceiver {
  const underWay = new Int32Array(batchesUnderWay);
  const batch = createDatagramBatch();
  const numbers = new Map<string, number>();
  const freeNumbers: number[] = [];
  let newExporters: NumberedExporter[] = [];
  let dropped = 0;
  let flushing = false;
  let door: Socket | undefined;
  const adopted = new Map<string, Socket>();

  function flush(): void {
    flushing = false;
    if (batch.isEmpty && dropped === 0) return;
    // Waiting here leaves further datagrams in the receive buffer: the system counts what it then has to drop.
    for (let count = Atomics.load(underWay, 0); count >= maxBatches; count = Atomics.load(underWay, 0)) {
      Atomics.wait(underWay, 0, count);
    }
    Atomics.add(underWay, 0, 1);
    const octets = batch.take();
    post({ kind: 'batch', octets, exporters: newExporters, dropped }, [octets.buffer]);
    newExporters = [];
    dropped = 0;
  }

  /** Sends the batch when all that is there has been read, so that batches are long only when there is much. */
  function flushSoon(): void {
    if (flushing) return;
    flushing = true;
    setImmediate(flush);
  }

  function numberOf(address: string, port: number): number | undefined {
    const key = `${address} ${port}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = freeNumbers.pop() ?? (numbers.size < maxExporters ? numbers.size : undefined);
    if (number === undefined) return undefined;
    numbers.set(key, number);
    newExporters.push({ number, address, port });
    return number;
  }

  function receive(datagram: Uint8Array, { address, port }: RemoteInfo): void {
    flushSoon();
    const number = numberOf(address, port);
    if (number === undefined) {
      dropped++;
      return;
    }
    if (!batch.fits(datagram.length)) flush();
    batch.add(number, datagram);
  }

  async function bind(localPort: number, reuseAddr: boolean): Promise<Socket> {
    const socket = createSocket(
      isIPv6(host) ? { type: 'udp6', ipv6Only: true, reuseAddr } : { type: 'udp4', reuseAddr },
    );
    try {
      socket.bind(localPort, host);
      await once(socket, 'listening');
      socket.setRecvBufferSize(receiveBufferBytes);
    } catch (error) {
      socket.close();
      throw error;
    }
    // The system reports here what happened to single datagrams; the next ones come all the same.
    socket.on('error', () => {
      dropped++;
      flushSoon();
    });
    socket.on('message', receive);
    return socket;
  }

  async function listen(shared: boolean): Promise<void> {
    try {
      door = await bind(port, false);
      if (shared) {
        // A port that may be shared can be had although somebody else listens on it: that it was free shows before.
        const { port: freePort } = door.address();
        await close(door);
        door = await bind(freePort, true);
      }
    } catch (error) {
      post({ kind: 'failed', message: (error as Error).message });
      return;
    }
    const { address, port: boundPort } = door.address();
    post({ kind: 'listening', address, port: boundPort, grantedBytes: door.getRecvBufferSize() });
  }

  /** Until the socket is connected it may get datagrams of others, which are as good as those of the door. */
  async function adopt(localPort: number, address: string, port: number): Promise<void> {
    const key = `${address} ${port}`;
    if (adopted.has(key)) return;
    let socket: Socket | undefined;
    try {
      socket = await bind(localPort, true);
      adopted.set(key, socket);
      socket.connect(port, address);
      await once(socket, 'connect');
    } catch {
      // The door goes on to hear the exporter.
      adopted.delete(key);
      if (socket !== undefined) await close(socket);
    }
  }

  async function forget(address: string, port: number): Promise<void> {
    const key = `${address} ${port}`;
    const number = numbers.get(key);
    if (number !== undefined) {
      // What waits to be sent still has the number.
      flush();
      numbers.delete(key);
      freeNumbers.push(number);
    }
    const socket = adopted.get(key);
    adopted.delete(key);
    if (socket === undefined) return;
    // What has come meanwhile is read before the socket is gone.
    await new Promise((resolve) => setImmediate(resolve));
    await close(socket);
  }

  return {
    async take(message) {
      switch (message.kind) {
        case 'listen':
          return listen(message.shared);
        case 'adopt':
          return adopt(message.localPort, message.address, message.port);
        case 'forget':
          return forget(message.address, message.port);
        case 'stop':
          await Promise.all([...adopted.values(), ...(door === undefined ? [] : [door])].map(close));
          flush();
          post({ kind: 'stopped' });
          return;
        default:
          message satisfies never;
      }
    },
  };
}

const close = (socket: Socket) => new Promise<void>((resolve) => socket.close(() => resolve()));
