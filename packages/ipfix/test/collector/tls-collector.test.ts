import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createTlsCollector,
  createTlsExporter,
  IpfixError,
  type TlsCollectorConfig,
  type TlsExporterConfig,
} from '../../src/index.ts';
import { pems } from './certificates.ts';
import { createSessionRecorder, someMessages } from './exporters.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipfix-tls-'));
  for (const [name, pem] of Object.entries(pems)) await writeFile(join(folder, name), pem);
});
afterAll(() => rm(folder, { recursive: true }));

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const component of started.splice(0)) await component.stop().catch(() => undefined);
});

const path = (name: keyof typeof pems) => join(folder, name);

async function setUp(config: Partial<TlsCollectorConfig> = {}) {
  const recorder = createSessionRecorder();
  const files = { keyFile: path('collectorKey'), certificateFile: path('collector') };
  const collector = createTlsCollector(
    { port: 0, ...files, authorityFile: path('authority'), ...config },
    recorder,
  );
  started.push(collector);
  const { address, port } = await collector.start();
  function createExporter(exporterConfig: TlsExporterConfig = {}) {
    const own = { keyFile: path('exporterKey'), certificateFile: path('exporter') };
    const target = { host: address, port, serverName: 'collector.example' };
    const exporter = createTlsExporter({
      ...target,
      ...own,
      authorityFile: path('authority'),
      ...exporterConfig,
    });
    started.push(exporter);
    return exporter;
  }
  return { ...recorder, collector, address, port, createExporter };
}

describe('IPFIX over TLS', () => {
  it('carries messages between an exporter and a collector that know each other', async () => {
    const { sessions, until, collector, createExporter } = await setUp();
    const exporter = createExporter();
    await exporter.start();
    const sent = someMessages(500);
    for (const message of sent) await exporter.send(message);
    await exporter.stop();
    await until(() => sessions[0]?.ended);
    expect(sessions[0].messages).toEqual(sent);
    expect(sessions[0]).toMatchObject({
      source: { transport: 'tls', address: '127.0.0.1' },
      issue: undefined,
    });
    expect(collector.stats).toMatchObject({
      sessions: 1,
      openSessions: 0,
      messages: 500,
      failedHandshakes: 0,
    });
  });

  it('compares an address with the certificate too', async () => {
    const { createExporter } = await setUp();
    const exporter = createExporter({ serverName: undefined });
    await exporter.start();
    expect(exporter.send(someMessages(1)[0])).toBeUndefined();
  });

  it.each([
    ['of a stranger', { keyFile: 'intruderKey', certificateFile: 'intruder' }],
    ['not shown', { keyFile: undefined, certificateFile: undefined }],
  ] as const)('opens no session for a certificate %s', async (_name, { keyFile, certificateFile }) => {
    const { sessions, collector, createExporter } = await setUp();
    const exporter = createExporter({
      keyFile: keyFile && path(keyFile),
      certificateFile: certificateFile && path(certificateFile),
    });
    await exporter.start();
    // With TLS 1.3 the exporter is ready before the collector has looked at its certificate.
    const sending = async () => {
      for (;;) {
        await exporter.send(someMessages(1)[0]);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await expect(sending()).rejects.toMatchObject({ name: 'IpfixError' });
    expect(sessions).toEqual([]);
    expect(collector.stats).toMatchObject({ failedHandshakes: 1, sessions: 0 });
  });

  it('takes any exporter where no authority is named', async () => {
    const { sessions, until, createExporter } = await setUp({ authorityFile: undefined });
    const exporter = createExporter({ keyFile: undefined, certificateFile: undefined });
    await exporter.start();
    await exporter.send(someMessages(1)[0]);
    await until(() => sessions[0]?.messages.length === 1);
  });

  it('is refused by an exporter that does not know the collector', async () => {
    const { createExporter } = await setUp();
    await expect(createExporter({ authorityFile: undefined }).start()).rejects.toMatchObject({
      code: 'IPFIX_IO',
    });
    await expect(createExporter({ serverName: 'other.example' }).start()).rejects.toThrow(/altnames/);
  });

  it('counts what does not speak TLS, or only an old one, and goes on', async () => {
    const { sessions, until, collector, address, port, createExporter } = await setUp();
    const closed = (socket: NodeJS.EventEmitter) =>
      new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', () => resolve()));
    const plain = connectTcp(port, address, () => plain.write(someMessages(1)[0]));
    plain.resume();
    await closed(plain);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const;
    await closed(connectTls({ port, host: address, rejectUnauthorized: false, ...old }));
    expect(collector.stats).toMatchObject({ failedHandshakes: 2, sessions: 0 });
    const exporter = createExporter();
    await exporter.start();
    await exporter.send(someMessages(1)[0]);
    await until(() => sessions[0]?.messages.length === 1);
  });

  it('does not wait for those who never finish a handshake, and holds a bounded number of them', async () => {
    const { collector, address, port } = await setUp({ maxSessions: 2 });
    const silent = Array.from({ length: 3 }, () =>
      connectTcp(port, address)
        .on('error', () => undefined)
        .resume(),
    );
    await Promise.race(
      silent.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))),
    );
    expect(collector.stats.refusedSessions).toBe(1);
    expect(silent.filter(({ closed }) => !closed).length).toBe(2);
    await collector.stop();
  });

  it('says which file it cannot use', async () => {
    const missing = setUp({ keyFile: join(folder, 'missing') });
    await expect(missing).rejects.toMatchObject({ code: 'IPFIX_IO', message: /private key in .*missing/ });
    const other = setUp({ keyFile: path('exporterKey') });
    await expect(other).rejects.toMatchObject({ code: 'IPFIX_BAD_CONFIG', message: /exporterKey/ });
    const exporter = createTlsExporter({ authorityFile: join(folder, 'missing') });
    await expect(exporter.start()).rejects.toBeInstanceOf(IpfixError);
  });
});
