import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createTcpExporter } from '../../src/index.ts';
import { someMessages } from '../collector/exporters.ts';

/** A port of loopback that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return (address as { port: number }).port;
}

describe('createTcpExporter', () => {
  it('says so where nobody listens, and can try again', async () => {
    const exporter = createTcpExporter({ port: await freePort() });
    const failure = { code: 'IPFIX_IO', cause: { code: 'ECONNREFUSED' } };
    await expect(exporter.start()).rejects.toMatchObject(failure);
    await expect(exporter.start()).rejects.toMatchObject(failure);
    await exporter.stop();
  });

  it('has to be started', () => {
    const exporter = createTcpExporter({ port: 1 });
    expect(() => exporter.send(someMessages(1)[0])).toThrow(
      expect.objectContaining({ code: 'IPFIX_NOT_CONNECTED' }),
    );
  });

  it('throws after the collector has left', async () => {
    const server = createServer((socket) => socket.resume().end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const exporter = createTcpExporter({ port: (server.address() as { port: number }).port });
    await exporter.start();
    let failure: unknown;
    while (failure === undefined) {
      try {
        await exporter.send(someMessages(1)[0]);
        await new Promise((resolve) => setImmediate(resolve));
      } catch (error) {
        failure = error;
      }
    }
    expect(failure).toMatchObject({ name: 'IpfixError' });
    await exporter.stop();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
