import { afterEach, describe, expect, it } from 'vitest';
import {
  type Collector,
  createTcpCollector,
  createTcpExporter,
  type TcpCollectorConfig,
} from '../../src/index.ts';
import { closeOf, connectTo, createSessionRecorder, someMessages } from './exporters.ts';

const started: Collector[] = [];
afterEach(async () => {
  for (const collector of started.splice(0)) await collector.stop();
});

async function setUp(config: TcpCollectorConfig = {}) {
  const recorder = createSessionRecorder();
  const collector = createTcpCollector({ port: 0, ...config }, recorder);
  started.push(collector);
  return { ...recorder, collector, address: await collector.start() };
}

describe('createTcpCollector', () => {
  it('listens on loopback and hands over the messages of an exporter', async () => {
    const { address, sessions, until, collector } = await setUp();
    expect(address.address).toBe('127.0.0.1');
    const sent = someMessages(2000);
    const exporter = createTcpExporter({ host: address.address, port: address.port });
    await exporter.start();
    for (const message of sent) await exporter.send(message);
    await exporter.stop();
    await until(() => sessions[0]?.ended);
    expect(sessions.length).toBe(1);
    expect(sessions[0].messages).toEqual(sent);
    expect(sessions[0].issue).toBeUndefined();
    expect(sessions[0].source).toMatchObject({ transport: 'tcp', address: '127.0.0.1' });
    expect(collector.stats).toMatchObject({
      sessions: 1,
      openSessions: 0,
      failedSessions: 0,
      messages: 2000,
      bytes: sent.reduce((sum, { length }) => sum + length, 0),
    });
  });

  it('keeps sessions apart', async () => {
    const { address, sessions, until } = await setUp();
    const sent = [1, 2, 3].map((domain) => someMessages(300, domain));
    await Promise.all(
      sent.map(async (messages) => {
        const exporter = createTcpExporter({ port: address.port });
        await exporter.start();
        for (const message of messages) await exporter.send(message);
        await exporter.stop();
      }),
    );
    await until(() => sessions.length === 3 && sessions.every(({ ended }) => ended));
    const byDomain = [...sessions].sort((a, b) => a.messages[0][15] - b.messages[0][15]);
    expect(byDomain.map(({ messages }) => messages)).toEqual(sent);
  });

  it('ends the session of a garbled stream, and no other', async () => {
    const { address, sessions, until, collector } = await setUp();
    const good = await connectTo(address);
    const bad = await connectTo(address);
    const [first, second] = someMessages(2);
    bad.write(Buffer.concat([first, Buffer.from('GET / HTTP/1.1\r\n')]));
    await closeOf(bad);
    await until(() => sessions.some(({ ended }) => ended));
    good.end(second);
    await until(() => sessions.every(({ ended }) => ended));
    const failed = sessions.find(({ issue }) => issue !== undefined)!;
    expect(failed.issue).toMatchObject({ code: 'IPFIX_BAD_VERSION', offset: first.length });
    expect(failed.messages).toEqual([first]);
    expect(sessions.find(({ issue }) => issue === undefined)!.messages).toEqual([second]);
    expect(collector.stats.failedSessions).toBe(1);
  });

  it('says so where a connection is cut within a message', async () => {
    const { address, sessions, until } = await setUp();
    const socket = await connectTo(address);
    socket.end(someMessages(2)[1].subarray(0, 10));
    await until(() => sessions[0]?.ended);
    expect(sessions[0]).toMatchObject({ messages: [], issue: { code: 'IPFIX_TRUNCATED', offset: 0 } });
  });

  it('says so where a connection is reset', async () => {
    const { address, sessions, until } = await setUp();
    const socket = await connectTo(address);
    socket.write(someMessages(1)[0]);
    await until(() => sessions[0]?.messages.length === 1);
    socket.resetAndDestroy();
    await until(() => sessions[0].ended);
    expect(sessions[0].issue).toMatchObject({ code: 'IPFIX_IO' });
  });

  it('turns away more exporters than it may have, until one leaves', async () => {
    const { address, sessions, until, collector } = await setUp({ maxSessions: 1 });
    const first = await connectTo(address);
    first.write(someMessages(1)[0]);
    await until(() => sessions[0]?.messages.length === 1);
    const second = await connectTo(address);
    second.resume();
    await closeOf(second);
    expect(collector.stats).toMatchObject({ openSessions: 1, refusedSessions: 1 });
    first.end();
    await until(() => sessions[0].ended);
    const third = await connectTo(address);
    third.end(someMessages(1)[0]);
    await until(() => sessions[1]?.ended);
    expect(sessions[1].messages.length).toBe(1);
  });

  it('ends sessions that are silent too long', async () => {
    const { address, sessions, until } = await setUp({ idleTimeoutMs: 20 });
    const socket = await connectTo(address);
    await closeOf(socket.resume());
    await until(() => sessions[0]?.ended);
    expect(sessions[0].issue).toMatchObject({ code: 'IPFIX_IDLE' });
  });

  it('makes exporters wait while paused', async () => {
    const { address, sessions, until, collector } = await setUp();
    const exporter = createTcpExporter({ port: address.port });
    await exporter.start();
    await exporter.send(someMessages(1)[0]);
    await until(() => sessions[0]?.messages.length === 1);
    collector.pause();
    const long = someMessages(701)[699];
    // More than the buffers of both sockets hold: the exporter is made to wait.
    let blocked: Promise<void> | undefined;
    let sent = 1;
    while (blocked === undefined && sent < 100_000) {
      blocked = exporter.send(long) as Promise<void> | undefined;
      sent++;
    }
    expect(blocked).toBeInstanceOf(Promise);
    expect(sessions[0].messages.length).toBeLessThan(sent);
    collector.resume();
    await blocked;
    await exporter.stop();
    await until(() => sessions[0].ended);
    expect(sessions[0].messages.length).toBe(sent);
  });

  it('stops while an exporter sends: the session ends, and the exporter notices', async () => {
    const { address, sessions, until, collector } = await setUp();
    const exporter = createTcpExporter({ port: address.port });
    await exporter.start();
    const messages = someMessages(1000);
    const sending = (async () => {
      for (;;) for (const message of messages) await exporter.send(message);
    })();
    const failure = sending.catch((error: unknown) => error);
    await until(() => sessions[0]?.messages.length > 100);
    await collector.stop();
    expect(sessions[0]).toMatchObject({ ended: true, issue: undefined });
    expect(collector.stats.openSessions).toBe(0);
    expect((await failure) as object).toMatchObject({ name: 'IpfixError' });
    expect(['IPFIX_IO', 'IPFIX_NOT_CONNECTED']).toContain(((await failure) as { code: string }).code);
  });

  it('hands nothing over after a sink has stopped it', async () => {
    const seen: number[] = [];
    let stopped: Promise<void> | undefined;
    const collector = createTcpCollector(
      { port: 0 },
      {
        openSession: () => ({
          message(bytes) {
            seen.push(bytes[11]);
            stopped ??= collector.stop();
          },
        }),
      },
    );
    started.push(collector);
    const socket = await connectTo(await collector.start());
    socket.on('error', () => undefined);
    socket.write(Buffer.concat(someMessages(5)));
    await closeOf(socket.resume());
    await stopped;
    expect(seen).toEqual([0]);
  });

  it('says so where the port is taken, and can start again after a stop', async () => {
    const { address, collector } = await setUp();
    const other = createTcpCollector({ port: address.port }, createSessionRecorder());
    await expect(other.start()).rejects.toMatchObject({ code: 'IPFIX_IO', cause: { code: 'EADDRINUSE' } });
    await collector.stop();
    await collector.stop();
    expect((await collector.start()).port).toBeGreaterThan(0);
    await expect(collector.start()).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG' });
  });
});
