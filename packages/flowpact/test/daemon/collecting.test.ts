import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Collecting, createCollecting } from '../../src/daemon/collecting.ts';
import type { FlowMessage } from '../../src/daemon/flow-messages.ts';
import { readMessageBatch } from '../../src/daemon/message-batch.ts';

/** Lets sockets be read. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const none = { tcp: [], udp: [], tls: [], once: false };
const portOf = (url: string) => Number(url.split(':').at(-1));
let collecting: Collecting | undefined;
afterEach(() => collecting?.stop());

/** An IPFIX message of a session that says nothing. */
function message(length: number): Buffer {
  const octets = Buffer.alloc(length);
  octets.writeUInt16BE(10, 0);
  octets.writeUInt16BE(length, 2);
  return octets;
}

function setUp(maxBatches: number) {
  const posted: FlowMessage[] = [];
  let heard = () => {};
  collecting = createCollecting(
    { maxBatches },
    {
      post(sent) {
        posted.push(sent);
        heard();
      },
      now: () => 0,
    },
  );
  const messages = () => {
    let count = 0;
    for (const sent of posted) if (sent.kind === 'batch') readMessageBatch(sent.octets, () => count++);
    return count;
  };
  /** Resolves when so many messages have been passed on. */
  const passes = (count: number) =>
    new Promise<void>((resolve) => {
      heard = () => messages() >= count && resolve();
      heard();
    });
  return { collecting, posted, messages, passes };
}

describe('collecting', () => {
  it('drops datagrams that detection is too slow for, and counts them for their exporter', async () => {
    const { collecting, messages } = setUp(1);
    const [url] = await collecting.listen({ ...none, udp: [{ host: '127.0.0.1', port: 0 }] });
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const sent = 200;
    for (let i = 0; i < sent; i++) {
      await new Promise((resolve) => socket.send(message(1400), portOf(url), '127.0.0.1', resolve));
    }
    let count = { messages: 0, dropped: 0 };
    while (count.messages + count.dropped < sent) {
      await turn();
      [count = count] = (await collecting.report()).exporters;
    }
    expect(count.dropped).toBeGreaterThan(sent / 2);
    expect(count).toMatchObject({ exporter: '127.0.0.1', octets: 1400 * count.messages });
    await collecting.stop();
    expect(messages()).toBe(count.messages);
    socket.close();
  });

  it('holds exporters on TCP up instead, and loses nothing of them', async () => {
    const { collecting, passes, posted } = setUp(1);
    const [url] = await collecting.listen({ ...none, tcp: [{ host: '127.0.0.1', port: 0 }] });
    const socket = connect(portOf(url), '127.0.0.1');
    const sent = 400;
    for (let i = 0; i < sent; i++) socket.write(message(1400));
    while (!(await collecting.report()).held) await turn();
    let credited = 0;
    const crediting = setInterval(() => {
      const batches = posted.filter(({ kind }) => kind === 'batch').length;
      collecting.credit(batches - credited);
      credited = batches;
    }, 1);
    await passes(sent);
    clearInterval(crediting);
    expect((await collecting.report()).exporters).toMatchObject([{ messages: sent, dropped: 0 }]);
    socket.destroy();
  });

  it('leaves listeners alone that stay as they are, and closes those that are gone', async () => {
    const { collecting } = setUp(8);
    const udp = { host: '127.0.0.1', port: 0 };
    const [first] = await collecting.listen({ ...none, udp: [udp], tcp: [udp] });
    const urls = await collecting.listen({ ...none, udp: [udp] });
    expect(urls).toEqual([first]);
    expect((await collecting.report()).listeners.map((listener) => listener.url)).toEqual([first]);
  });
});
