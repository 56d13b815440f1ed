import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@flowpact/ipfix';
import { describe, expect, it, onTestFinished } from 'vitest';
import { skipWithout, systemPath } from '../../../../test/system-tool.ts';
import { plainOutput } from '../../src/config/read-outputs.ts';
import { freePorts } from '../../src/demo/free-ports.ts';
import { createFindingOutput } from '../../src/output/finding-output.ts';
import type { OutputSettings } from '../../src/output/output-settings.ts';
import { createMemorySpool } from '../../src/output/spool/memory-spool.ts';
import { selfSigned } from '../cli/tls-files.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { exampleEvent, exampleEventFinding, rowsFinding } from './example-findings.ts';
import { startFakeElasticsearch } from './send/fake-elasticsearch.ts';

const folder = temporaryFolder();

async function open(
  to: string,
  more: Partial<OutputSettings> = {},
  what: 'events' | 'detections' | 'both' = 'both',
) {
  const remarks: string[] = [];
  const output = createFindingOutput(
    { ...plainOutput({ to, what }), ...more },
    {
      spool: createMemorySpool(),
      deadLetters: { add: async () => undefined },
      clock: systemClock,
      random: () => 0,
      onRemark: (text) => remarks.push(text),
      file: 'replace',
    },
  );
  await output.start();
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await output.stop(10_000);
  };
  onTestFinished(stop);
  return { output, remarks, stop };
}

describe('an output of findings', () => {
  it('writes lines to a file, and counts them', async () => {
    const path = join(folder, 'lines.ndjson');
    const { output, stop } = await open(path);
    output.write(exampleEventFinding);
    output.write(rowsFinding([{ a: 1 }, { a: 2 }]));
    await output.ready();
    expect(output.report).toMatchObject({ state: 'up', lines: 3, written: 3, dropped: 0 });
    await stop();
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.length).toBe(4);
    expect(JSON.parse(lines[0])).toMatchObject({ type: 'bruteForce' });
    expect(JSON.parse(lines[2])).toMatchObject({ row: { a: 2 } });
  });

  it('creates documents in Elasticsearch, rows that are alike as well, and the same ones once', async () => {
    const server = await startFakeElasticsearch();
    const write = async () => {
      const { output, stop } = await open(`elasticsearch://${server.url.host}`);
      output.write(exampleEventFinding);
      output.write(rowsFinding([{ a: 1 }, { a: 1 }]));
      output.write(rowsFinding([{ a: 1 }]));
      await stop();
      return output.report;
    };
    expect(await write()).toMatchObject({ lines: 4, written: 4, spooled: 0 });
    expect(await write()).toMatchObject({ lines: 4, written: 4, spooled: 0 });
    const sizes = [...server.indices].map(([name, documents]) => [name, documents.size]);
    expect(Object.fromEntries(sizes)).toEqual({
      'flowpact-events-2026.11.22': 1,
      'flowpact-detections-2018.04.12': 3,
    });
    expect([...server.templates.keys()]).toEqual(['flowpact-events', 'flowpact-detections']);
  });

  it('keeps for a receiver that is away what it gets when it comes', async () => {
    const [port] = await freePorts(1);
    const { output, remarks, stop } = await open(`tcp://127.0.0.1:${port}`, {}, 'detections');
    for (let i = 0; i < 100; i++) output.write(rowsFinding([{ i }]));
    while (remarks.length === 0) await new Promise(setImmediate);
    expect(remarks[0]).toMatch(/ECONNREFUSED.*; what comes is spooled until it is back/);
    const server = createServer();
    const connected = once(server, 'connection') as Promise<[Socket]>;
    server.listen(port, '127.0.0.1');
    const [socket] = await connected;
    const seen: number[] = [];
    for await (const line of createInterface(socket)) {
      seen.push(JSON.parse(line).i);
      if (seen.length === 100) break;
    }
    server.close();
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
    await stop();
    expect(output.report).toMatchObject({ state: 'up', written: 100, spooled: 0 });
  });
});

const isWithout = skipWithout('rsyslogd', 'openssl');

type RsyslogMessage = Readonly<Record<string, string>>;

/** rsyslog, which passes on what it has understood of each of our messages. */
async function startRsyslog(
  input: (port: number) => string,
  certificates: string,
): Promise<{ readonly port: number; next(): Promise<RsyslogMessage> }> {
  const receiver = createServer().listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const directory = mkdtempSync(join(folder, 'rsyslog-'));
  const [port] = await freePorts(1);
  const config = join(directory, 'rsyslog.conf');
  writeFileSync(
    config,
    `global(workDirectory="${directory}" maxMessageSize="64k" ${certificates})
template(name="json" type="string" string="%jsonmesg%\\n")
module(load="imudp")
module(load="imtcp")
${input(port)}
action(type="omfwd" target="127.0.0.1" port="${(receiver.address() as AddressInfo).port}" protocol="tcp" template="json"
  action.resumeInterval="1" action.resumeRetryCount="-1")
`,
  );
  const args = ['-n', '-f', config, '-i', join(directory, 'pid')];
  const daemon = spawn('rsyslogd', args, { env: { ...process.env, PATH: systemPath }, stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  onTestFinished(async () => {
    daemon.kill('SIGKILL');
    receiver.close();
    await ended;
  });
  const passedOn = (async function* () {
    const [socket] = (await once(receiver, 'connection')) as [Socket];
    for await (const line of createInterface(socket)) {
      const message: RsyslogMessage = JSON.parse(line);
      if (message.programname === 'flowpact') yield message;
    }
  })();
  return {
    port,
    async next() {
      const { value, done } = await passedOn.next();
      if (done) throw new Error('rsyslog has gone');
      return value;
    },
  };
}

describe.skipIf(isWithout)(
  `rsyslog${isWithout ? ' (skipped: apt-get install -y rsyslog rsyslog-openssl)' : ''}`,
  () => {
    const expected = [
      {
        hostname: 'probe.example',
        'app-name': 'flowpact',
        procid: String(process.pid),
        msgid: 'bruteForce',
        syslogfacility: '16',
        syslogseverity: '3',
        'protocol-version': '1',
      },
      { msgid: 'detection', syslogseverity: '5' },
    ];

    const asProbe = (to: string, tls: OutputSettings['tls'] = {}) => {
      const settings = plainOutput({ to, what: 'both' });
      return open(to, { tls, syslog: { ...settings.syslog, hostname: 'probe.example' } });
    };
    const row = rowsFinding([{ a: 'zwei\nZeilen, "über" 3 octets' }]);

    function verify(got: readonly RsyslogMessage[]) {
      expect(got).toMatchObject(expected);
      expect(got[0]['structured-data']).toMatch(
        /^\[flowpact@32473 module="http" .*target="203\.0\.113\.0\/24"\]$/,
      );
      expect(JSON.parse(got[0].msg)).toMatchObject({ type: 'bruteForce', text: exampleEvent.text });
      expect(JSON.parse(got[1].msg).row).toEqual({ a: 'zwei\nZeilen, "über" 3 octets' });
      expect(Date.parse(got[0].timereported)).not.toBeNaN();
    }

    it('takes our messages over TCP with octet counting', { timeout: 60_000 }, async () => {
      const { port, next } = await startRsyslog(
        (at) => `input(type="imtcp" port="${at}" address="127.0.0.1")`,
        '',
      );
      const { output } = await asProbe(`syslog+tcp://127.0.0.1:${port}`);
      output.write(exampleEventFinding);
      output.write(row);
      verify([await next(), await next()]);
    });

    it('takes our messages over TLS', { timeout: 60_000 }, async () => {
      const directory = join(folder, 'certificates');
      mkdirSync(directory);
      const { key, cert } = selfSigned(directory);
      const { port, next } = await startRsyslog(
        (at) =>
          `input(type="imtcp" port="${at}" address="127.0.0.1" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")`,
        `defaultNetstreamDriverCAFile="${cert}" defaultNetstreamDriverCertFile="${cert}" defaultNetstreamDriverKeyFile="${key}"`,
      );
      const { output } = await asProbe(`syslog+tls://127.0.0.1:${port}`, { ca: readFileSync(cert) });
      output.write(exampleEventFinding);
      output.write(row);
      verify([await next(), await next()]);
    });

    it('takes our datagrams', { timeout: 60_000 }, async () => {
      const [tcpPort] = await freePorts(1);
      const { port, next } = await startRsyslog(
        (at) =>
          `input(type="imudp" port="${at}" address="127.0.0.1")\ninput(type="imtcp" port="${tcpPort}" address="127.0.0.1")`,
        '',
      );
      const datagrams = await asProbe(`syslog://127.0.0.1:${port}`);
      const stream = await asProbe(`syslog+tcp://127.0.0.1:${tcpPort}`);
      const got = new Map<string, RsyslogMessage>();
      // Datagrams from before rsyslog listens are lost; a message over TCP says when it is time to send more.
      for (let round = 0; got.size < 2; round++) {
        datagrams.output.write(exampleEventFinding);
        datagrams.output.write(row);
        stream.output.write(rowsFinding([{ round }]));
        for (;;) {
          const message = await next();
          const { round: seen } = JSON.parse(message.msg).row ?? {};
          if (seen === round) break;
          if (seen === undefined) got.set(message.msgid, message);
        }
      }
      verify([...got.values()].sort((a, b) => (a.msgid < b.msgid ? -1 : 1)));
    });
  },
);
