import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { readDatagramBatch } from '../../src/collector/datagram-batch.ts';
import { createUdpReceiver } from '../../src/collector/udp-receiver.ts';
import type { FromUdpReceiver, NumberedExporter } from '../../src/collector/udp-receiver-protocol.ts';

const stopping: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
});

/** A receiver in this thread, with everything that it tells. */
function setUp({ maxExporters = 10, port = 0 } = {}) {
  const told: FromUdpReceiver[] = [];
  const taken: { from: NumberedExporter | undefined; text: string }[] = [];
  const exporters: NumberedExporter[] = [];
  let wake = () => {};
  const batchesUnderWay = new SharedArrayBuffer(4);
  const receiver = createUdpReceiver(
    {
      ...{ host: '127.0.0.1', port, receiveBufferBytes: 65_536, maxExporters, batchesUnderWay },
      maxBatches: 1000,
    },
    {
      post(message) {
        told.push(message);
        if (message.kind === 'batch') {
          for (const exporter of message.exporters) exporters[exporter.number] = exporter;
          readDatagramBatch(message.octets, (number, datagram) =>
            taken.push({ from: exporters[number], text: Buffer.from(datagram).toString() }),
          );
        }
        wake();
      },
    },
  );
  stopping.push(() => receiver.take({ kind: 'stop' }));
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  async function listen(shared: boolean): Promise<number> {
    await receiver.take({ kind: 'listen', shared });
    const answer = told.find(({ kind }) => kind === 'listening');
    return answer?.kind === 'listening' ? answer.port : 0;
  }
  const dropped = () =>
    told.reduce((sum, message) => sum + (message.kind === 'batch' ? message.dropped : 0), 0);
  return { receiver, told, taken, until, listen, dropped, batchesUnderWay };
}

async function openExporter(to: number): Promise<{ socket: Socket; port: number; send(text: string): void }> {
  const socket = createSocket('udp4');
  socket.connect(to, '127.0.0.1');
  await once(socket, 'connect');
  stopping.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return { socket, port: socket.address().port, send: (text) => socket.send(text) };
}

describe('a UDP receiver', () => {
  it('numbers exporters and tells their datagrams in batches that it counts', async () => {
    const { listen, taken, until, batchesUnderWay, told } = setUp();
    const port = await listen(false);
    const [a, b] = [await openExporter(port), await openExporter(port)];
    a.send('a1');
    b.send('b1');
    a.send('a2');
    await until(() => taken.length === 3);
    expect(taken.map(({ from, text }) => [from?.port, text])).toEqual(
      expect.arrayContaining([
        [a.port, 'a1'],
        [b.port, 'b1'],
        [a.port, 'a2'],
      ]),
    );
    const batches = told.filter(({ kind }) => kind === 'batch').length;
    expect(new Int32Array(batchesUnderWay)[0]).toBe(batches);
  });

  it('takes one exporter over from the door, which no longer hears it', async () => {
    const door = setUp();
    const port = await door.listen(true);
    const own = setUp({ port });
    const [a, b] = [await openExporter(port), await openExporter(port)];
    await own.receiver.take({ kind: 'adopt', localPort: port, address: '127.0.0.1', port: a.port });
    // Twice is once.
    await own.receiver.take({ kind: 'adopt', localPort: port, address: '127.0.0.1', port: a.port });
    a.send('a');
    b.send('b');
    await own.until(() => own.taken.length === 1);
    await door.until(() => door.taken.length === 1);
    expect(own.taken).toMatchObject([{ from: { port: a.port }, text: 'a' }]);
    expect(door.taken).toMatchObject([{ from: { port: b.port }, text: 'b' }]);
    await own.receiver.take({ kind: 'forget', address: '127.0.0.1', port: a.port });
    a.send('back');
    await door.until(() => door.taken.length === 2);
    expect(door.taken[1]).toMatchObject({ from: { port: a.port }, text: 'back' });
  });

  it('drops and counts datagrams of more exporters than it may number, and has numbers again when it forgets', async () => {
    const { receiver, listen, taken, until, dropped } = setUp({ maxExporters: 1 });
    const port = await listen(false);
    const [a, b] = [await openExporter(port), await openExporter(port)];
    a.send('a');
    await until(() => taken.length === 1);
    b.send('b');
    await until(() => dropped() === 1);
    await receiver.take({ kind: 'forget', address: '127.0.0.1', port: a.port });
    b.send('b');
    await until(() => taken.length === 2);
    expect(taken[1]).toMatchObject({ from: { number: 0, port: b.port }, text: 'b' });
  });

  it('does not share a port on which somebody listens', async () => {
    const busy = createSocket({ type: 'udp4', reuseAddr: true });
    busy.bind(0, '127.0.0.1');
    await once(busy, 'listening');
    stopping.push(() => new Promise<void>((resolve) => busy.close(() => resolve())));
    const { listen, told } = setUp({ port: busy.address().port });
    await listen(true);
    expect(told).toMatchObject([{ kind: 'failed', message: expect.stringContaining('EADDRINUSE') }]);
  });
});
