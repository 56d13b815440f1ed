import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemTool } from '../../../../test/system-tool.ts';
import { runCli, startCli } from './run-cli.ts';
import { selfSigned } from './tls-files.ts';
import { temporaryFolder } from './workspace.ts';

const openssl = systemTool('openssl', 'openssl');
const folder = temporaryFolder();
const file = join(folder, 'traffic.ipfix');
let flows: Record<string, unknown>[] = [];

const collect = (...args: string[]) => runCli('flowpact', ['collect', ...args]);
const flowsIn = (ndjson: string): Record<string, unknown>[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  await runCli('flowpact', ['generate', '-o', file, '--duration', '60s', '--no-attack']);
  flows = flowsIn((await collect('-r', file)).stdout);
});

describe('flowpact collect', () => {
  it('--format csv prints a heading and a line for each flow', async () => {
    const { code, stdout } = await collect('-r', file, '--format', 'csv');
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(heading).toBe(
      'flowStart,flowEnd,protocol,sourceAddress,sourcePort,destinationAddress,destinationPort,packets,octets,tcpFlags',
    );
    expect(lines.length).toBe(flows.length);
    expect(lines[0].split(',')[3]).toBe(flows[0].sourceIPv4Address);
  });

  it('--top prints the largest groups', async () => {
    const { code, stdout } = await collect('-r', file, '--top', 'dstport,flows', '--limit', '2');
    const count = (port: number) =>
      flows.filter(({ destinationTransportPort }) => destinationTransportPort === port).length;
    expect(code).toBe(0);
    const rows = stdout
      .split('\n')
      .slice(1, 3)
      .map((line) => line.split(/\s+/));
    expect(rows.map(([port, number]) => [Number(port), Number(number)])).toEqual(
      [443, 53, 80, 22]
        .map((port) => [port, count(port)])
        .sort((a, b) => b[1] - a[1])
        .slice(0, 2),
    );
    expect(stdout).toMatch(/^total: /m);
  });

  it('--export sends the flows on to another collector, filtered without gaps', async () => {
    const second = startCli('flowpact', ['collect', '--tcp', '0', '--once']);
    const [, port] = await second.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    const { code } = await collect('-r', file, '--filter', 'port 53', '--export', `tcp://127.0.0.1:${port}`);
    expect(code).toBe(0);
    const { stdout, stderr } = await second.result;
    const bare = ({ templateId: _id, exportTime: _time, ...fields }: Record<string, unknown>) => fields;
    const wanted = flows.filter(
      (flow) => flow.sourceTransportPort === 53 || flow.destinationTransportPort === 53,
    );
    expect(flowsIn(stdout).map(bare)).toEqual(wanted.map(bare));
    expect(stderr).not.toContain('lost');
  });

  it.skipIf(openssl.skip)(
    `--export sends them by TLS, with certificates on both sides${openssl.note}`,
    async () => {
      const { key, cert } = selfSigned(folder);
      const ours = ['--tls-key', key, '--tls-cert', cert, '--tls-ca', cert];
      const second = startCli('flowpact', ['collect', '--tls', '0', ...ours, '--once']);
      const [, port] = await second.sees(/tls:\/\/127\.0\.0\.1:([0-9]+)/);
      const exporting = ours.map((option) => option.replace(/^--/, '--export-'));
      const url = ['--export', `tls://127.0.0.1:${port}`];
      const untrusted = await collect('-r', file, ...url);
      expect(untrusted).toMatchObject({ code: 1, stderr: expect.stringMatching(/self-signed certificate/) });
      const sent = await collect('-r', file, ...url, ...exporting);
      expect(sent.code, sent.stderr).toBe(0);
      expect(flowsIn((await second.result).stdout)).toHaveLength(flows.length);
    },
  );

  it('--slices writes IPFIX files that can be read again', async () => {
    const slices = join(folder, 'slices');
    const { code } = await collect('-r', file, '--slices', slices, '--period', '1h');
    expect(code).toBe(0);
    expect(readdirSync(slices).every((name) => /^flows-[0-9]{8}-[0-9]{6}(-[0-9]+)?\.ipfix$/.test(name))).toBe(
      true,
    );
    const again = flowsIn((await collect('-r', slices)).stdout);
    expect(again.length).toBe(flows.length);
  });

  it('--anonymise gives every address another, the same each time, and keeps common prefixes', async () => {
    const key = join(folder, 'key');
    writeFileSync(key, '00112233445566778899aabbccddeeff'.repeat(2));
    const { code, stdout } = await collect('-r', file, '--anonymise', key);
    expect(code).toBe(0);
    const hidden = flowsIn(stdout);
    const mapped = new Map<unknown, unknown>();
    for (const [i, flow] of flows.entries()) {
      const known = mapped.get(flow.sourceIPv4Address);
      expect(known === undefined || known === hidden[i].sourceIPv4Address).toBe(true);
      mapped.set(flow.sourceIPv4Address, hidden[i].sourceIPv4Address);
      expect(hidden[i].octetDeltaCount).toBe(flow.octetDeltaCount);
    }
    expect(new Set(mapped.values()).size).toBe(mapped.size);
    expect([...mapped].filter(([before, after]) => before === after).length).toBeLessThan(mapped.size / 10);
    const prefixes = (addresses: Iterable<unknown>) =>
      new Set([...addresses].map((text) => String(text).split('.').slice(0, 2).join('.'))).size;
    expect(prefixes(mapped.values())).toBe(prefixes(mapped.keys()));
  });

  it('--anonymise-field treats single fields, without a key where none is needed', async () => {
    const rules = ['ipv4=truncate:24', 'ipv6=remove', 'sourceTransportPort=remove'];
    const { code, stdout } = await collect('-r', file, '--anonymise-field', ...rules);
    expect(code).toBe(0);
    flowsIn(stdout).forEach((flow, i) => {
      const { sourceIPv4Address } = flows[i];
      const truncated = String(sourceIPv4Address).replace(/[0-9]+$/, '0');
      if (sourceIPv4Address !== undefined) expect(flow.sourceIPv4Address).toBe(truncated);
      expect(flow).not.toHaveProperty('sourceTransportPort');
      expect(flow.destinationTransportPort).toBe(flows[i].destinationTransportPort);
    });
  });

  it('--doctor tells how each exporter does', async () => {
    const { stderr } = await collect('-r', file, '--doctor', '-o', join(folder, 'doctor.ndjson'));
    expect(stderr).toContain(`${file}: `);
    expect(stderr).toMatch(/^ {2}IPFIX, observation domain 0: [0-9,]+ records in [0-9,]+ messages$/m);
  });

  it('--doctor tells of clocks and of sampling, and how listeners fared', async () => {
    const quiet = ['-o', join(folder, 'live.ndjson'), '--doctor'];
    const running = startCli('flowpact', ['collect', '--tcp', '0', '--once', ...quiet]);
    const [, port] = await running.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    await runCli('ipfixsend', ['-i', file, '-t', 'TCP', '-p', port, '-n', '1']);
    const { stderr } = await running.result;
    expect(stderr).toMatch(/^tcp:\/\/127\.0\.0\.1:[0-9]+: 1 exporter, [0-9,]+ messages$/m);
    expect(stderr).toMatch(/its clock is [0-9,]+ s behind ours: .*; let both follow NTP/);
    expect(stderr).toMatch(/no sampling rate told, 1 assumed: if it samples/);
    const alone = startCli('flowpact', ['collect', '--udp', '0', ...quiet]);
    await alone.sees(/udp:\/\//);
    alone.process.kill('SIGINT');
    expect((await alone.result).stderr).toMatch(
      /0 exporters, 0 messages\n {2}nothing came: is this the address[\s\S]*listen on 0\.0\.0\.0:PORT/,
    );
  });

  it('--metrics serves the counters to Prometheus while it collects', async () => {
    const running = startCli('flowpact', [
      'collect',
      '--tcp',
      '0',
      '--metrics',
      '0',
      '-o',
      join(folder, 'metrics.ndjson'),
    ]);
    const [, port] = await running.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    const [url] = await running.sees(/http:\/\/127\.0\.0\.1:[0-9]+\/metrics/);
    const sent = await runCli('ipfixsend', ['-i', file, '-t', 'TCP', '-p', port, '-n', '1']);
    expect(sent.code, sent.stderr).toBe(0);
    const recordsTold = async () => {
      const text = await (await fetch(url)).text();
      return [...text.matchAll(/^\w*records_total\{[^}]*\} ([0-9]+)$/gm)].some(
        ([, value]) => Number(value) === flows.length,
      );
    };
    while (!(await recordsTold())) await new Promise(setImmediate);
    const text = await (await fetch(url)).text();
    expect(text).toMatch(
      new RegExp(`^flowpact_listener_messages_total\\{listener="tcp://127.0.0.1:${port}"\\} [0-9]+$`, 'm'),
    );
    expect(text).toMatch(new RegExp(`^flowpact_output_records_total ${flows.length}$`, 'm'));
    expect(text).toMatch(/^flowpact_output_dropped_total 0$/m);
    expect((await fetch(new URL('/', url))).status).toBe(404);
    running.process.kill('SIGINT');
    expect((await running.result).code).toBe(0);
  });

  it('ends where it cannot listen, whatever it has opened before', async () => {
    const receiver = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as { port: number };
    const opened = ['--metrics', '0', '-o', `tcp://127.0.0.1:${port}`];
    const { code, stderr } = await collect('--tcp', '192.0.2.1:4739', ...opened);
    receiver.close();
    expect(code).toBe(1);
    expect(stderr).toContain('192.0.2.1:4739');
  });

  it.each([
    [['--top', 'src', '--slices', 'x'], 2, /at most one of --top, --export and --slices/],
    [['--top', 'nothing'], 1, /nothing/],
    [['--export', 'x'], 2, /udp:\/\/HOST:PORT/],
    [['--anonymise', '/nonexistent/key'], 1, /\/nonexistent\/key/],
    [['--anonymise-field', 'ipv4'], 2, /NAME=TREATMENT/],
    [['--anonymise-field', 'ipv4=truncate:24'], 1, /needs a key/],
    [['--anonymise-field', 'nosuchfield=remove', 'ipv4=keep', 'ipv6=keep'], 1, /no element is named/],
    [['--limit', '0'], 2, /whole number from 1/],
  ])('refuses %j', async (args, code, message) => {
    const result = await collect('-r', file, ...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
  });
});
