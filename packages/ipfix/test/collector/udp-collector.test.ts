import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createUdpCollector,
  createUdpExporter,
  createVirtualClock,
  type UdpCollectorConfig,
} from '../../src/index.ts';
import { createSessionRecorder, someMessages } from './exporters.ts';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const component of started.splice(0)) await component.stop();
});

async function setUp(config: UdpCollectorConfig = {}) {
  const recorder = createSessionRecorder();
  const clock = createVirtualClock();
  const collector = createUdpCollector({ port: 0, ...config }, { ...recorder, clock });
  started.push(collector);
  const address = await collector.start();
  async function startExporter() {
    const exporter = createUdpExporter({ host: address.address, port: address.port });
    started.push(exporter);
    await exporter.start();
    return exporter;
  }
  return { ...recorder, collector, clock, address, startExporter };
}

describe('createUdpCollector', () => {
  it('listens on loopback and hands over the datagrams of each exporter', async () => {
    const { address, sessions, until, startExporter, collector } = await setUp();
    expect(address.address).toBe('127.0.0.1');
    const sent = [someMessages(20, 1), someMessages(20, 2)];
    for (const [i, messages] of sent.entries()) {
      const exporter = await startExporter();
      for (const [j, message] of messages.entries()) {
        await exporter.send(message);
        await until(() => sessions[i]?.messages.length === j + 1);
      }
    }
    expect(sessions.map(({ messages }) => messages)).toEqual(sent);
    expect(sessions[0].source).toMatchObject({ transport: 'udp', address: '127.0.0.1' });
    expect(sessions[0].source.port).not.toBe(sessions[1].source.port);
    expect(collector.stats).toMatchObject({ sessions: 2, openSessions: 2, messages: 40, droppedMessages: 0 });
    await collector.stop();
    expect(sessions.every(({ ended, issue }) => ended && issue === undefined)).toBe(true);
  });

  it('hands over whatever a datagram holds, even nothing', async () => {
    const { sessions, until, startExporter } = await setUp();
    const exporter = await startExporter();
    await exporter.send(new Uint8Array(0));
    await exporter.send(Uint8Array.of(1, 2, 3));
    await until(() => sessions[0]?.messages.length === 2);
    expect(sessions[0].messages).toEqual([new Uint8Array(0), Uint8Array.of(1, 2, 3)]);
  });

  it('drops and counts datagrams of more exporters than it may have', async () => {
    const { sessions, until, startExporter, collector } = await setUp({ maxSessions: 1 });
    const [message] = someMessages(1);
    const [first, second] = [await startExporter(), await startExporter()];
    await first.send(message);
    await until(() => sessions[0]?.messages.length === 1);
    await second.send(message);
    await second.send(message);
    await first.send(message);
    await until(() => sessions[0].messages.length === 2);
    expect(sessions.length).toBe(1);
    expect(collector.stats).toMatchObject({ refusedSessions: 1, droppedMessages: 2 });
  });

  it('forgets exporters that are silent too long', async () => {
    const { sessions, until, startExporter, collector, clock } = await setUp({ sessionIdleMs: 1000 });
    const [message] = someMessages(1);
    const [silent, busy] = [await startExporter(), await startExporter()];
    await silent.send(message);
    await until(() => sessions[0]?.messages.length === 1);
    await busy.send(message);
    await until(() => sessions[1]?.messages.length === 1);
    await clock.advance(900);
    await busy.send(message);
    await until(() => sessions[1].messages.length === 2);
    await clock.advance(100);
    expect(sessions.map(({ ended }) => ended)).toEqual([true, false]);
    expect(sessions[0].issue).toMatchObject({ code: 'IPFIX_IDLE' });
    await silent.send(message);
    await until(() => sessions[2]?.messages.length === 1);
    expect(collector.stats).toMatchObject({ sessions: 3, openSessions: 2 });
  });

  it('drops and counts while paused', async () => {
    const { sessions, until, startExporter, collector } = await setUp();
    const exporter = await startExporter();
    const [message] = someMessages(1);
    await exporter.send(message);
    await until(() => sessions[0]?.messages.length === 1);
    collector.pause();
    for (let i = 0; i < 3; i++) await exporter.send(message);
    while (collector.stats.droppedMessages < 3) await new Promise((resolve) => setImmediate(resolve));
    collector.resume();
    await exporter.send(message);
    await until(() => sessions[0].messages.length === 2);
    expect(collector.stats.droppedMessages).toBe(3);
  });

  it('says so where the port is taken, and can start again after a stop', async () => {
    const { address, collector, clock } = await setUp();
    const other = createUdpCollector({ port: address.port }, { ...createSessionRecorder(), clock });
    await expect(other.start()).rejects.toMatchObject({ code: 'IPFIX_IO', cause: { code: 'EADDRINUSE' } });
    await collector.stop();
    await collector.stop();
    expect(clock.sleepers).toBe(0);
    expect((await collector.start()).port).toBeGreaterThan(0);
    await expect(collector.start()).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
  });
});

describe('createUdpExporter', () => {
  it('goes on where nobody listens', async () => {
    const nobody = createSocket('udp4');
    const port = await new Promise<number>((resolve) =>
      nobody.bind(0, '127.0.0.1', () => resolve(nobody.address().port)),
    );
    await new Promise<void>((resolve) => nobody.close(() => resolve()));
    const exporter = createUdpExporter({ port });
    started.push(exporter);
    await exporter.start();
    while (exporter.refused === 0) {
      await exporter.send(someMessages(1)[0]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('refuses to send what no datagram holds', async () => {
    const { startExporter } = await setUp();
    const exporter = await startExporter();
    await expect(exporter.send(new Uint8Array(65536))).rejects.toMatchObject({ code: 'IPFIX_IO' });
  });

  it('has to be started, once', async () => {
    const exporter = createUdpExporter({ port: 1 });
    expect(() => exporter.send(new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'IPFIX_NOT_CONNECTED' }),
    );
    started.push(exporter);
    await exporter.start();
    await expect(exporter.start()).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
    await exporter.stop();
    await exporter.stop();
  });

  it('says so where the host has no address', async () => {
    await expect(createUdpExporter({ host: 'host.invalid' }).start()).rejects.toMatchObject({
      code: 'IPFIX_IO',
    });
  });
});

describe('the socket of createUdpCollector', () => {
  it('says which receive buffer it got', async () => {
    const { collector } = await setUp({ receiveBufferBytes: 65536 });
    const { askedBytes, grantedBytes } = collector.receiveBuffer ?? { askedBytes: 0, grantedBytes: 0 };
    expect(askedBytes).toBe(65536);
    expect(grantedBytes).toBeGreaterThanOrEqual(65536);
    expect(
      createUdpCollector({}, { openSession: () => ({ message: () => undefined }) }).receiveBuffer,
    ).toBeUndefined();
  });

  it.skipIf(!existsSync('/proc/net/udp'))('says what the system dropped (needs /proc/net/udp)', async () => {
    const { collector, until, sessions, startExporter } = await setUp({ receiveBufferBytes: 4096 });
    const exporter = await startExporter();
    expect(await collector.kernelDrops()).toBe(0);
    // All of these are sent before the event loop comes to reading.
    const sent = 2000;
    await Promise.all(Array.from({ length: sent }, () => exporter.send(new Uint8Array(1000))));
    await exporter.send(Uint8Array.of(1));
    await until(() => sessions[0]?.messages.length > 0);
    const dropped = (await collector.kernelDrops()) ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(dropped).toBeLessThan(sent);
    await collector.stop();
    expect(await collector.kernelDrops()).toBeUndefined();
  });

  it('hears IPv6 alone where it listens on all of IPv6', async () => {
    const { collector, address } = await setUp({ host: '::' });
    // With both families on one socket, this port would be taken.
    const ipv4 = createUdpCollector({ port: address.port }, createSessionRecorder());
    started.push(ipv4);
    expect(await ipv4.start()).toEqual({ address: '127.0.0.1', port: address.port });
    expect(collector.stats.messages).toBe(0);
  });
});
