import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenLines } from '../../src/input/listen-lines.ts';
import { parseSocketUrl, type SocketUrl } from '../../src/input/socket-url.ts';

/** Listens until `count` lines came, then stops. */
async function receive(
  transport: 'udp' | 'tcp',
  count: number,
  send: (url: SocketUrl) => void,
  maxPendingLines?: number,
) {
  const controller = new AbortController();
  const lines: string[] = [];
  let dropped = 0;
  const source = listenLines(
    {
      url: parseSocketUrl(`${transport}://127.0.0.1:0`) as SocketUrl,
      ...(maxPendingLines === undefined ? {} : { maxPendingLines }),
    },
    {
      signal: controller.signal,
      onListening: send,
      onDropped: (number) => {
        dropped += number;
        if (lines.length + dropped >= count) controller.abort();
      },
      onTooLong: () => undefined,
    },
  );
  for await (const batch of source) {
    lines.push(...batch);
    if (lines.length + dropped >= count) controller.abort();
  }
  return { lines, dropped };
}

describe('listenLines', () => {
  it('takes each datagram as one or more lines', async () => {
    const socket = createSocket('udp4');
    const { lines } = await receive('udp', 3, ({ port }) => {
      socket.send('one\ntwo\n', port, '127.0.0.1');
      socket.send('three', port, '127.0.0.1');
    });
    socket.close();
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('takes several TCP connections, a cut one among them', async () => {
    const { lines } = await receive('tcp', 3, ({ port }) => {
      connect(port, '127.0.0.1').end('a\nb\n');
      const cut = connect(port, '127.0.0.1');
      cut.write('c\nhalf a li', () => cut.resetAndDestroy());
    });
    expect(lines.toSorted().slice(0, 3)).toEqual(['a', 'b', 'c']);
  });

  it('holds TCP senders up rather than holding more lines than its bound', async () => {
    const count = 20_000;
    const { lines, dropped } = await receive(
      'tcp',
      count,
      ({ port }) => {
        connect(port, '127.0.0.1').end(Array.from({ length: count }, (_, i) => `line ${i}\n`).join(''));
      },
      10,
    );
    expect(dropped).toBe(0);
    expect(lines).toEqual(Array.from({ length: count }, (_, i) => `line ${i}`));
  });

  it('drops and counts datagrams beyond its bound', async () => {
    const socket = createSocket('udp4');
    // One datagram brings more lines than may wait: those beyond the bound are dropped, whoever is quick.
    const { lines, dropped } = await receive(
      'udp',
      100,
      ({ port }) => socket.send('x\n'.repeat(100), port, '127.0.0.1'),
      10,
    );
    socket.close();
    expect({ lines: lines.length, dropped }).toEqual({ lines: 10, dropped: 90 });
  });

  it('says where it cannot listen', async () => {
    const blocker = createSocket('udp4');
    blocker.bind(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address();
    const source = listenLines(
      { url: { transport: 'udp', host: '127.0.0.1', port } },
      { signal: new AbortController().signal, onDropped: () => undefined, onTooLong: () => undefined },
    );
    await expect(source.next()).rejects.toMatchObject({
      code: 'FLOWPACT_NETWORK',
      message: expect.stringContaining(String(port)),
    });
    blocker.close();
  });
});
