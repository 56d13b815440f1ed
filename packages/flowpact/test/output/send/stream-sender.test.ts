import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemTool } from '../../../../../test/system-tool.ts';
import { createStreamSender, type StreamSenderConfig } from '../../../src/output/send/stream-sender.ts';
import { selfSigned } from '../../cli/tls-files.ts';
import { temporaryFolder } from '../../cli/workspace.ts';

const folder = temporaryFolder();
const openssl = systemTool('openssl', 'openssl');
const signal = new AbortController().signal;

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const lineSender = (port: number, config: StreamSenderConfig = {}) =>
  createStreamSender(config, {
    connect: () => connect(port, '127.0.0.1'),
    readyEvent: 'connect',
    frame: (entry) => `${entry}\n`,
  });

/** All that comes over a connection until it ends. */
async function textOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('a sender over a connection', () => {
  it('sends each entry in its frame, over one connection, and ends it in order', async () => {
    const server = createServer();
    const port = await listening(server);
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const sender = lineSender(port);
    expect(await sender.send(['a', 'ü'], signal)).toEqual({ rejected: [], unsent: [] });
    await sender.send(['b'], signal);
    const [socket] = await connected;
    const text = textOf(socket);
    await sender.close();
    expect(await text).toBe('a\nü\nb\n');
  });

  it('connects anew after the receiver has left', async () => {
    const server = createServer();
    const port = await listening(server);
    const first = once(server, 'connection') as Promise<[Socket]>;
    const sender = lineSender(port);
    await sender.send(['a'], signal);
    const [socket] = await first;
    const second = once(server, 'connection') as Promise<[Socket]>;
    socket.destroy();
    await once(socket, 'close');
    // The end of the connection takes a moment to be heard of; what fails until then is sent again by the caller.
    let connected = false;
    void second.then(() => {
      connected = true;
    });
    while (!connected) await sender.send(['b'], signal).catch(() => undefined);
    const [again] = await second;
    const text = textOf(again);
    await sender.close();
    expect(await text).toMatch(/^(?:b\n)+$/);
  });

  it('says why it cannot send', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(lineSender(port).send(['a'], signal)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('gives up a receiver that takes nothing, and one that does not when told to', async () => {
    const server = createServer({ pauseOnConnect: true });
    const port = await listening(server);
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const much = ['x'.repeat(64 << 20)];
    await expect(lineSender(port, { stallTimeoutMs: 50 }).send(much, signal)).rejects.toThrow(
      /takes nothing/,
    );
    const stop = new AbortController();
    const sending = lineSender(port).send(much, stop.signal);
    stop.abort();
    await expect(sending).rejects.toThrow();
  });

  it.skipIf(openssl.skip)(`believes a certificate of its authority only${openssl.note}`, async () => {
    const { key, cert } = selfSigned(folder);
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    server.on('tlsClientError', () => undefined);
    const port = await listening(server);
    const connected = once(server, 'secureConnection') as Promise<[Socket]>;
    const sender = (ca: Buffer | undefined) =>
      createStreamSender(
        {},
        {
          connect: () => connectTls({ port, host: '127.0.0.1', ...(ca === undefined ? {} : { ca }) }),
          readyEvent: 'secureConnect',
          frame: (entry) => `${entry}\n`,
        },
      );
    await expect(sender(undefined).send(['a'], signal)).rejects.toThrow(/self-signed/);
    const believing = sender(readFileSync(cert));
    await believing.send(['a'], signal);
    const [socket] = await connected;
    const text = textOf(socket);
    await believing.close();
    expect(await text).toBe('a\n');
  });
});
