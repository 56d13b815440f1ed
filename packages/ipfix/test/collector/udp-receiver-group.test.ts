import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createUdpExporter,
  createUdpReceiverGroup,
  createVirtualClock,
  type UdpReceiverGroupConfig,
} from '../../src/index.ts';
import { createSessionRecorder, someMessages } from './exporters.ts';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const component of started.splice(0)) await component.stop();
});

async function setUp(config: UdpReceiverGroupConfig = {}) {
  const recorder = createSessionRecorder();
  const clock = createVirtualClock();
  const collector = createUdpReceiverGroup({ port: 0, ...config }, { ...recorder, clock });
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

// Threads run what was built, so that these tests need `npm run build` first, as `npm test` does it.
describe('createUdpReceiverGroup', () => {
  it.each([1, 3])(
    'hands over the datagrams of each exporter in their order, with %i receivers',
    async (receivers) => {
      const { sessions, until, startExporter, collector } = await setUp({ receivers, maxBatches: 1 });
      const exporters = [];
      for (let i = 0; i < 4; i++) exporters.push(await startExporter());
      const sent = exporters.map((_, i) => someMessages(200, i));
      for (const [i, exporter] of exporters.entries()) {
        // An exporter changes hands after its first datagram.
        await exporter.send(sent[i][0]);
        await until(() => sessions[i]?.messages.length === 1);
      }
      for (let j = 1; j < 200; j++) {
        for (const [i, exporter] of exporters.entries()) {
          await exporter.send(sent[i][j]);
          await until(() => sessions[i].messages.length === j + 1);
        }
      }
      expect(sessions.map(({ messages }) => messages)).toEqual(sent);
      expect(collector.stats).toMatchObject({
        sessions: 4,
        openSessions: 4,
        messages: 800,
        droppedMessages: 0,
      });
      expect(collector.receiveBuffer?.askedBytes).toBe(4 * 1024 * 1024);
      expect(collector.receiveBuffer?.grantedBytes).toBeGreaterThan(0);
      await collector.stop();
      expect(sessions.every(({ ended, issue }) => ended && issue === undefined)).toBe(true);
    },
  );

  it('hands over whatever a datagram holds, even nothing', async () => {
    const { sessions, until, startExporter } = await setUp();
    const exporter = await startExporter();
    await exporter.send(new Uint8Array(0));
    await exporter.send(Uint8Array.of(1, 2, 3));
    await until(() => sessions[0]?.messages.length === 2);
    expect(sessions[0].messages).toEqual([new Uint8Array(0), Uint8Array.of(1, 2, 3)]);
  });

  it('forgets exporters that are silent too long, and hears them again', async () => {
    const { sessions, until, startExporter, collector, clock } = await setUp({
      receivers: 2,
      sessionIdleMs: 1000,
    });
    const [message] = someMessages(1);
    const exporters = [await startExporter(), await startExporter()];
    for (const [i, exporter] of exporters.entries()) {
      await exporter.send(message);
      await until(() => sessions[i]?.messages.length === 1);
    }
    await clock.advance(1200);
    expect(sessions.map(({ issue }) => issue?.code)).toEqual(['IPFIX_IDLE', 'IPFIX_IDLE']);
    for (const [i, exporter] of exporters.entries()) {
      // What is sent while the socket of the exporter is being closed may be lost, as always over UDP.
      while (sessions[2 + i] === undefined) {
        await exporter.send(message);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(collector.stats).toMatchObject({ sessions: 4, openSessions: 2, failedSessions: 2 });
  });

  it('drops while it is paused, and datagrams of more exporters than it may have', async () => {
    const { sessions, until, startExporter, collector } = await setUp({ maxSessions: 1 });
    const [message] = someMessages(1);
    const [first, second] = [await startExporter(), await startExporter()];
    await first.send(message);
    await until(() => sessions[0]?.messages.length === 1);
    collector.pause();
    await first.send(message);
    await second.send(message);
    while (collector.stats.droppedMessages < 2) await new Promise((resolve) => setImmediate(resolve));
    collector.resume();
    await first.send(message);
    await until(() => sessions[0].messages.length === 2);
    expect(sessions.length).toBe(1);
  });

  it('listens on IPv6', async () => {
    const { sessions, until, startExporter, address } = await setUp({ host: '::1', receivers: 2 });
    expect(address.address).toBe('::1');
    const exporters = [await startExporter(), await startExporter()];
    for (const [i, exporter] of exporters.entries()) {
      for (let j = 1; j <= 3; j++) {
        await exporter.send(Uint8Array.of(j));
        await until(() => sessions[i]?.messages.length === j);
      }
    }
  });

  it.skipIf(!existsSync('/proc/net/udp'))('tells what the system dropped (needs /proc/net/udp)', async () => {
    const { collector } = await setUp({ receivers: 2 });
    expect(await collector.kernelDrops()).toBe(0);
  });

  it('fails where the port is taken', async () => {
    const { address } = await setUp();
    for (const receivers of [1, 2]) {
      const second = createUdpReceiverGroup({ port: address.port, receivers }, createSessionRecorder());
      await expect(second.start()).rejects.toMatchObject({
        code: 'IPFIX_IO',
        message: expect.stringContaining(`cannot listen on udp 127.0.0.1:${address.port}: `),
      });
      await second.stop();
    }
  });

  it('starts once, and again after it has stopped', async () => {
    const { collector } = await setUp();
    await expect(collector.start()).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
    await collector.stop();
    expect((await collector.start()).port).toBeGreaterThan(0);
  });

  it.each([
    { receivers: 0 },
    { receivers: 65 },
    { receivers: 1.5 },
    { maxBatches: 0 },
    { maxSessions: 65_537 },
  ])('refuses %j', (config) => {
    expect(() => createUdpReceiverGroup(config, createSessionRecorder())).toThrow(
      expect.objectContaining({ code: 'IPFIX_BAD_CONFIG' }),
    );
  });
});
