import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createVirtualClock, systemClock } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';
import { createDroppingLineSink } from '../../src/output/dropping-line-sink.ts';
import type { LineSink } from '../../src/output/line-sink.ts';
import { createReconnectingLineSink } from '../../src/output/reconnecting-line-sink.ts';
import { openServerLineSink } from '../../src/output/server-line-sink.ts';

async function listening(port = 0): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** Resolves when the socket has given this text. */
async function received(socket: Socket, text: string): Promise<void> {
  let got = '';
  for await (const chunk of socket) {
    got += chunk;
    if (got === text) return;
  }
  throw new Error(`got ${JSON.stringify(got)}`);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('a dropping sink', () => {
  it('drops and counts while the other is full, and never waits', async () => {
    const lines: string[] = [];
    const slow = {
      full: false,
      open: true,
      dropped: 1,
      write: (line: string) => lines.push(line),
      ready: () => new Promise<void>(() => undefined),
      close: () => Promise.resolve(),
    };
    const sink = createDroppingLineSink(slow);
    sink.write('a');
    slow.full = true;
    sink.write('b');
    expect(sink.full).toBe(false);
    await sink.ready();
    slow.full = false;
    sink.write('c');
    expect({ lines, dropped: sink.dropped }).toEqual({ lines: ['a', 'c'], dropped: 2 });
  });
});

describe('a reconnecting sink', () => {
  it('drops lines while the receiver is away, tells so once, and goes on when it is back', async () => {
    const clock = createVirtualClock();
    const changes: string[] = [];
    const first = await listening();
    const port = portOf(first);
    const sink: LineSink = createReconnectingLineSink(
      { host: '127.0.0.1', port },
      { clock, onChange: (message) => changes.push(message) },
    );
    const [socket] = (await once(first, 'connection')) as [Socket];
    await until(() => {
      const before = sink.dropped;
      sink.write('x');
      return sink.dropped === before;
    });
    sink.write('a');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(String(chunk)).toMatch(/^x\n/);
    socket.destroy();
    first.close();
    await until(() => changes.length === 1 && clock.sleepers === 1);
    expect(changes[0]).toMatch(
      new RegExp(`^tcp://127.0.0.1:${port}: .*dropped, and another try is made every 5 s`),
    );
    const before = sink.dropped;
    sink.write('lost');
    sink.write('lost');
    expect(sink.dropped).toBe(before + 2);
    await clock.advance(5000);
    await until(() => clock.sleepers === 1);
    expect(changes).toHaveLength(1);
    const second = await listening(port);
    const connected = once(second, 'connection') as Promise<[Socket]>;
    await clock.advance(5000);
    const [again] = await connected;
    await until(() => changes.length === 2);
    expect(changes[1]).toMatch(/takes lines again/);
    sink.write('b');
    await received(again, 'b\n');
    await sink.close();
    second.close();
  });
});

describe('a server of lines', () => {
  it('gives each client the lines from its coming on, and closes when they have them', async () => {
    const sink = await openServerLineSink({ host: '127.0.0.1', port: 0 }, { clock: systemClock });
    sink.write('nobody is there');
    const clients = [connect(sink.port, '127.0.0.1'), connect(sink.port, '127.0.0.1')];
    // A client is there when it gets lines.
    const seen = clients.map(async (client) => {
      let text = '';
      client.on('data', (chunk) => {
        text += chunk;
      });
      await once(client, 'close');
      return text;
    });
    let written = 0;
    await until(() => {
      sink.write(String(written++));
      return clients.every(({ bytesRead }) => bytesRead > 0);
    });
    clients[0].destroy();
    await seen[0];
    sink.write('end');
    await sink.close();
    expect(await seen[1]).toMatch(/^[0-9]+\n(?:[0-9]+\n)*end\n$/);
    expect(sink.dropped).toBe(0);
  });

  it.each(['drop', 'wait'] as const)('with a client that does not read: %s', async (whenSlow) => {
    const sink = await openServerLineSink({ host: '127.0.0.1', port: 0, whenSlow }, { clock: systemClock });
    const client = connect(sink.port, '127.0.0.1').pause();
    client.on('error', () => undefined);
    const line = 'x'.repeat(1 << 20);
    await until(() => {
      if (!sink.full) sink.write(line);
      return sink.full || sink.dropped > 0;
    });
    expect({ full: sink.full, drops: sink.dropped > 0 }).toEqual({
      full: whenSlow === 'wait',
      drops: whenSlow === 'drop',
    });
    client.destroy();
    await sink.close();
  });

  it('says where it cannot listen', async () => {
    const taken = await listening();
    await expect(
      openServerLineSink({ host: '127.0.0.1', port: portOf(taken) }, { clock: systemClock }),
    ).rejects.toMatchObject({
      code: 'FLOWPACT_NETWORK',
      message: expect.stringContaining(String(portOf(taken))),
    });
    taken.close();
  });
});
