import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createIpfixEncoder } from '@flowpact/ipfix';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');
const biflows = join(folder, 'biflows.ipfix');
const reverse = 29305;

const collect = (...args: string[]) => runCli('flowpact', ['collect', '-q', ...args]);
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
const flowsOf = (ndjson: string): Record<string, unknown>[] =>
  linesOf(ndjson).map((line) => JSON.parse(line));

/** One biflow (RFC 5103), and options data that name its ingress interface. */
function writeBiflows(path: string): void {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
  encoder.defineTemplate({
    id: 256,
    fields: [
      { id: 8, length: 4 },
      { id: 12, length: 4 },
      { id: 1, length: 4 },
      { id: 1, pen: reverse, length: 4 },
      { id: 10, length: 4 },
    ],
  });
  encoder.defineTemplate({
    id: 257,
    scopeFieldCount: 1,
    fields: [
      { id: 10, length: 4 },
      { id: 82, length: 8 },
    ],
  });
  encoder.addRecord(257, [5, 'uplink'], 1_700_000_000);
  encoder.addRecord(256, ['192.0.2.1', '198.51.100.1', 100, 300, 5], 1_700_000_000);
  encoder.flush(1_700_000_000);
  writeFileSync(path, Buffer.concat(messages));
}

beforeAll(async () => {
  writeBiflows(biflows);
  await runCli('flowpact', ['generate', '-o', traffic, '--duration', '60s', '--no-attack']);
});

describe('flowpact collect', () => {
  it('--biflow flows makes two flows of one, which the filter sees', async () => {
    const one = flowsOf((await collect('-r', biflows)).stdout).filter((flow) => 'octetDeltaCount' in flow);
    expect(one).toMatchObject([{ octetDeltaCount: 100, reverseOctetDeltaCount: 300 }]);
    const both = ['-r', biflows, '--biflow', 'flows', '--format', 'csv', '--columns', 'sourceAddress,octets'];
    expect(linesOf((await collect(...both)).stdout)).toEqual([
      'sourceAddress,octets',
      '192.0.2.1,100',
      '198.51.100.1,300',
    ]);
    const filtered = await collect(...both, '--filter', 'src ip 198.51.100.1');
    expect(linesOf(filtered.stdout).slice(1)).toEqual(['198.51.100.1,300']);
  });

  it('--names tells what options data call an interface', async () => {
    const flows = flowsOf((await collect('-r', biflows, '--names')).stdout);
    expect(flows.at(-1)).toMatchObject({ ingressInterface: 5, ingressInterfaceName: 'uplink' });
  });

  it('--sampling and --counts give raw and scaled counts', async () => {
    const counted = async (...args: string[]) =>
      flowsOf((await collect('-r', biflows, '--sampling', '10', ...args)).stdout).at(-1);
    expect(await counted()).toMatchObject({ octetDeltaCount: 100 });
    expect(await counted('--counts', 'scaled')).toMatchObject({ octetDeltaCount: 1000, samplingRate: 10 });
    expect(await counted('--counts', 'both')).toMatchObject({
      octetDeltaCount: 100,
      scaledOctetDeltaCount: 1000,
      reverseOctetDeltaCount: 300,
      samplingRate: 10,
    });
    const csv = await collect('-r', biflows, '--sampling', '10', '--counts', 'both', '--format', 'csv');
    expect(linesOf(csv.stdout)).toEqual([
      'flowStart,flowEnd,protocol,sourceAddress,sourcePort,destinationAddress,destinationPort,packets,octets,scaledPackets,scaledOctets,tcpFlags',
      ',,,192.0.2.1,,198.51.100.1,,,100,,1000,',
    ]);
    const top = await collect('-r', biflows, '--sampling', '10', '--counts', 'scaled', '--top', 'src,octets');
    expect(top.stdout).toMatch(/192\.0\.2\.1 .* 1000 \(100\.0%\)/);
  });

  it('--sampling of one exporter goes before what all have', async () => {
    const collecting = startCli('flowpact', [
      ...['collect', '--tcp', '0', '--once', '--counts', 'scaled'],
      ...['--sampling', '10', '127.0.0.1=7'],
    ]);
    const [, port] = await collecting.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    connect(Number(port), '127.0.0.1').end(readFileSync(biflows));
    const { stdout } = await collecting.result;
    expect(flowsOf(stdout).at(-1)).toMatchObject({ octetDeltaCount: 700, samplingRate: 7 });
  });

  it('--ipfixcol-option changes the lines of IPFIXcol', async () => {
    const [options, flow] = flowsOf(
      (
        await collect(
          ...['-r', biflows, '--format', 'ipfixcol'],
          ...['--ipfixcol-option', 'ignoreOptions=no', 'ignoreUnknown=no', 'prefix=flow.', 'odid=yes'],
        )
      ).stdout,
    );
    expect(options).toMatchObject({ '@type': 'ipfix.optionsEntry', 'flow.interfaceName': 'uplink' });
    expect(flow).toMatchObject({ 'flow.octetDeltaCount': 100, 'flow.e29305id1': 300, 'flow.odid': 0 });
  });

  it('--rotate writes files that have their names when they are complete, and --keep keeps the last', async () => {
    const target = join(folder, 'rotated');
    mkdirSync(target);
    const whole = (await collect('-r', traffic, '--format', 'csv')).stdout;
    const limits = ['--rotate', '1d,50kB', '--format', 'csv'];
    expect((await collect('-r', traffic, ...limits, '-o', join(target, 'a.csv'))).code).toBe(0);
    const order = (name: string) => Number(/\.([0-9]+)\.csv$/.exec(name)?.[1] ?? 0);
    const names = readdirSync(target).sort((a, b) => order(a) - order(b));
    const heading = `${linesOf(whole)[0]}\n`;
    const parts = names.map((name) => readFileSync(join(target, name), 'utf8'));
    expect(names.length).toBeGreaterThan(3);
    expect(parts.every((part) => part.startsWith(heading))).toBe(true);
    expect(heading + parts.map((part) => part.slice(heading.length)).join('')).toBe(whole);
    await collect('-r', traffic, ...limits, '--keep', '2', '-o', join(target, 'a.csv'));
    expect(readdirSync(target)).toHaveLength(2);
  });

  it('completes the file that it writes when Ctrl-C comes', async () => {
    const target = join(folder, 'interrupted');
    mkdirSync(target);
    const collecting = startCli('flowpact', [
      ...['collect', '--tcp', '0', '-o', join(target, 'x.ndjson'), '--rotate', '1h', '--metrics', '0'],
    ]);
    const [, port] = await collecting.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    const exporter = connect(Number(port), '127.0.0.1');
    exporter.end(readFileSync(traffic));
    exporter.resume();
    await once(exporter, 'close');
    collecting.process.kill('SIGINT');
    expect((await collecting.result).code).toBe(0);
    const [name] = readdirSync(target);
    expect(name).toMatch(/^x-[0-9]{8}-[0-9]{6}\.ndjson$/);
    expect(readFileSync(join(target, name), 'utf8')).toBe((await collect('-r', traffic)).stdout);
  });

  it('-o tcp-listen serves lines to clients', async () => {
    const collecting = startCli('flowpact', [
      'collect',
      '--tcp',
      '0',
      '--once',
      '-o',
      'tcp-listen://127.0.0.1:0',
      '--when-slow',
      'wait',
    ]);
    const [, linesPort] = await collecting.sees(/clients that connect to 127\.0\.0\.1:([0-9]+)/);
    const [, port] = await collecting.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    const client = connect(Number(linesPort), '127.0.0.1');
    let text = '';
    client.on('data', (chunk) => {
      text += chunk;
    });
    await once(client, 'connect');
    connect(Number(port), '127.0.0.1').end(readFileSync(traffic));
    await once(client, 'close');
    expect((await collecting.result).code).toBe(0);
    expect(text).toBe((await collect('-r', traffic)).stdout);
  });

  it('-o tcp with --when-slow drop goes on without its receiver, and counts', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    const target = ['-o', `tcp://127.0.0.1:${port}`];
    const { code, stderr } = await runCli('flowpact', [
      'collect',
      '-r',
      biflows,
      ...target,
      '--when-slow',
      'drop',
    ]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /ECONNREFUSED.*lines are dropped[\s\S]*2 records dropped because the receiver was slow or away/,
      ),
    });
    expect(await collect('-r', biflows, ...target)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('-o tcp fails where its receiver leaves', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy())).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await collect('-r', traffic, traffic, traffic, '-o', `tcp://127.0.0.1:${port}`);
    server.close();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/cannot write to tcp:.*: the receiver closed the connection/),
    });
  });

  it('fails clearly where the disk is full, a folder is none, or a folder cannot be written', async () => {
    expect(await collect('-r', traffic, '-o', '/dev/full')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot write to \/dev\/full: ENOSPC.*make room, or write elsewhere/),
    });
    expect(await collect('-r', traffic, '-o', join(traffic, 'x'), '--rotate', '5m')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot write .*traffic\.ipfix\/x/),
    });
    expect(await collect('-r', traffic, '-o', join(folder, 'none', 'x'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot write .*none\/x: ENOENT/),
    });
    expect(await collect('-r', traffic, '--slices', join(traffic, 'x'))).toMatchObject({ code: 1 });
    // Standard output on a full disk, as a shell would have it.
    const shell = spawn('sh', [
      '-c',
      `"$0" "$1" collect -q -r "$2" > /dev/full`,
      process.execPath,
      join(import.meta.dirname, '../../bin/flowpact.js'),
      traffic,
    ]);
    let told = '';
    shell.stderr.on('data', (chunk) => {
      told += chunk;
    });
    const [code] = await once(shell, 'close');
    expect({ code, told }).toEqual({ code: 1, told: expect.stringContaining('standard output: ENOSPC') });
  });

  it.each([
    [['--rotate', '5m'], /only files can be rotated, not -: give -o FILE/],
    [['--rotate', '5x', '-o', 'x'], /A time \(5m, 1h, 1d\), a size/],
    [['--rotate', '0s', '-o', 'x'], /A time/],
    [['--rotate', '5m', '-o', 'udp://127.0.0.1:1'], /only files can be rotated/],
    [['--rotate', '5m', '--top', 'src'], /--rotate does not go with --top/],
    [['--keep', '5'], /--keep goes with --rotate/],
    [['--keep', '5', '--rotate', '5m', '-o', '%Y/x'], /--keep needs slices in one folder/],
    [['--sampling', '0'], /--sampling takes 1000/],
    [['--counts', 'both', '--format', 'ipfixcol'], /--counts goes with --format flowpact or csv/],
    [['--names', '--format', 'csv'], /--names goes with --format flowpact, not csv/],
    [['--names', '--top', 'src'], /about lines, not about --top/],
    [['--columns', 'octets'], /--columns goes with --format csv/],
    [['--ipfixcol-option', 'odid=yes'], /goes with --format ipfixcol/],
    [['--format', 'ipfixcol', '--ipfixcol-option', 'odid'], /takes NAME=VALUE/],
    [
      ['--format', 'ipfixcol', '--ipfixcol-option', 'color=yes'],
      /the option color is not supported here; metadata/,
    ],
    [['--format', 'ipfixcol', '--ipfixcol-option', 'odid=maybe'], /odid is one of .*yes.*, not "maybe"/],
    [['--format', 'ipfixcol', '--ipfixcol-option', 'prefix=ü'], /printable ASCII/],
    [['-o', 'sctp://127.0.0.1:1'], /DTLS and SCTP are not there, because Node\.js has neither: use udp:/],
    [['--export', 'dtls://127.0.0.1:1'], /DTLS and SCTP are not there/],
    [['--export', 'http://127.0.0.1:1'], /http:\/\/127\.0\.0\.1:1 cannot be used here: give udp:/],
    [['--export', 'x'], /--export takes udp:\/\/HOST:PORT/],
    [['--export', 'udp://127.0.0.1:1', '-o', 'x'], /-o does not go with --export/],
    [['--export', 'tcp://127.0.0.1:1', '--export-tls-ca', 'x'], /go with --export tls:/],
    [['--export', 'tls://127.0.0.1:1', '--export-tls-key', 'x'], /go together/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli('flowpact', ['collect', '-r', biflows, ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('refuses to listen for what is not there, and says so in its help', async () => {
    const { code, stderr } = await collect('--udp', 'dtls://0.0.0.0:4740');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/DTLS and SCTP are not there.*--tls/),
    });
    expect((await collect('--help')).stdout).toContain('DTLS and SCTP are not there');
  });
});
