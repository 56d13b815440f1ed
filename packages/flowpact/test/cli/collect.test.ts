import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { createMessageFramer } from '@flowpact/ipfix';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemTool } from '../../../../test/system-tool.ts';
import { runCli, startCli } from './run-cli.ts';
import { selfSigned } from './tls-files.ts';
import { temporaryFolder } from './workspace.ts';

const openssl = systemTool('openssl', 'openssl');
const zstd = systemTool('zstd', 'zstd');
const folder = temporaryFolder();
const file = join(folder, 'traffic.ipfix');
const linesIn = (text: string) => text.split('\n').filter((line) => line !== '');

/** A pcap of raw IPv4 packets, a datagram for each message of an IPFIX file. */
function captureOf(ipfix: Uint8Array): Buffer {
  const header = Buffer.from('a1b2c3d400020004000000000000000000040000' + '00000065', 'hex');
  const packets = messagesOf(ipfix).flatMap((message) => {
    const packet = Buffer.alloc(28 + message.length);
    packet.writeUInt16BE(0x4500, 0);
    packet.writeUInt16BE(packet.length, 2);
    packet.writeUInt16BE(0x4011, 8); // time to live 64, UDP
    packet.set([192, 0, 2, 1, 192, 0, 2, 2], 12);
    packet.writeUInt16BE(50000, 20);
    packet.writeUInt16BE(4739, 22);
    packet.writeUInt16BE(8 + message.length, 24);
    packet.set(message, 28);
    const record = Buffer.alloc(16);
    record.writeUInt32BE(packet.length, 8);
    record.writeUInt32BE(packet.length, 12);
    return [record, packet];
  });
  return Buffer.concat([header, ...packets]);
}

function messagesOf(ipfix: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  createMessageFramer({}, { onMessage: (message) => messages.push(message) }).push(ipfix);
  return messages;
}

beforeAll(async () => {
  await runCli('flowpact', ['generate', '-o', file, '--duration', '60s', '--no-attack']);
});

describe('flowpact collect', () => {
  it('reads several files and standard input', async () => {
    const one = await runCli('flowpact', ['collect', '-r', file]);
    const two = await runCli('flowpact', ['collect', '-r', file, file]);
    const piped = await runCli('flowpact', ['collect', '-r', '-'], { input: readFileSync(file) });
    expect(linesIn(one.stdout).length).toBeGreaterThan(2000);
    expect(two.stdout).toBe(one.stdout + one.stdout);
    expect(piped.stdout).toBe(one.stdout);
    for (const line of linesIn(one.stdout)) JSON.parse(line);
  });

  it('prints what was received over TCP and ends with the exporter (--once)', async () => {
    const collect = startCli('flowpact', ['collect', '--tcp', '0', '--once']);
    const [, port] = await collect.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    connect(Number(port), '127.0.0.1').end(readFileSync(file));
    const { code, stdout } = await collect.result;
    expect(code).toBe(0);
    expect(stdout).toBe((await runCli('flowpact', ['collect', '-r', file])).stdout);
  });

  it('listens to UDP until Ctrl-C, and then has written everything', async () => {
    const target = join(folder, 'udp.ndjson');
    const collect = startCli('flowpact', [
      'collect',
      '--udp',
      '127.0.0.1:0',
      '--format',
      'ipfixcol',
      '-o',
      target,
    ]);
    const [, port] = await collect.sees(/udp:\/\/127\.0\.0\.1:([0-9]+)/);
    const sent = await runCli('ipfixsend', ['-i', file, '-p', port, '-n', '1', '-S', '2000']);
    expect(sent.code, sent.stderr).toBe(0);
    // The end is known when a message of our own, of another domain, has been counted.
    const probe = createSocket('udp4');
    probe.send(Buffer.from('000a00105acf79c400000000000000ff', 'hex'), Number(port), '127.0.0.1');
    probe.send(Buffer.from('0009', 'hex'), Number(port), '127.0.0.1');
    await collect.sees(/IPFIX_MESSAGE_TOO_SHORT/);
    probe.close();
    collect.process.kill('SIGINT');
    const { code, stderr } = await collect.result;
    expect(code).toBe(0);
    const expected = await runCli('flowpact', ['collect', '-r', file, '--format', 'ipfixcol']);
    expect(readFileSync(target, 'utf8')).toBe(expected.stdout);
    expect(stderr).toMatch(/1 malformed messages or sets/);
  });

  it('reads captures of export traffic, compressed files and folders', async () => {
    const inputs = join(folder, 'inputs');
    mkdirSync(inputs);
    const bytes = readFileSync(file);
    writeFileSync(join(inputs, '1.pcap'), captureOf(bytes));
    writeFileSync(join(inputs, '2.ipfix.gz'), gzipSync(bytes));
    writeFileSync(join(inputs, '3.pcap.gz'), gzipSync(captureOf(bytes)));
    const { code, stdout } = await runCli('flowpact', ['collect', '-r', inputs]);
    const once = (await runCli('flowpact', ['collect', '-r', file])).stdout;
    expect(code).toBe(0);
    expect(stdout).toBe(once + once + once);
    const replayed = startCli('flowpact', ['collect', '--tcp', '0', '--once']);
    const [, port] = await replayed.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    await runCli('flowpact', ['replay', '-i', join(inputs, '1.pcap'), '-t', 'TCP', '-p', port, '-n', '1']);
    expect((await replayed.result).stdout).toBe(once);
    const piped = await runCli('flowpact', ['collect', '-r', '-'], { input: captureOf(bytes) });
    expect(piped.stdout).toBe(once);
  });

  it.skipIf(zstd.skip)(`reads what zstd has compressed, also from standard input${zstd.note}`, async () => {
    const inputs = join(folder, 'zstd');
    mkdirSync(inputs);
    const compress = (input: Uint8Array) => execFileSync('zstd', ['-q', '-c'], { input });
    const bytes = readFileSync(file);
    writeFileSync(join(inputs, '1.ipfix.zst'), compress(bytes));
    writeFileSync(join(inputs, '2.pcap.zst'), compress(captureOf(bytes)));
    const once = (await runCli('flowpact', ['collect', '-r', file])).stdout;
    expect((await runCli('flowpact', ['collect', '-r', inputs])).stdout).toBe(once + once);
    expect((await runCli('flowpact', ['collect', '-r', '-'], { input: compress(bytes) })).stdout).toBe(once);
  });

  it('passes only what a filter lets through, and shows where a filter is wrong', async () => {
    const filter = 'dst port 53 and proto udp';
    const { code, stdout, stderr } = await runCli('flowpact', ['collect', '-r', file, '--filter', filter]);
    const all = linesIn((await runCli('flowpact', ['collect', '-r', file])).stdout);
    const wanted = all.filter((line) => JSON.parse(line).destinationTransportPort === 53);
    expect({ code, lines: linesIn(stdout) }).toEqual({ code: 0, lines: wanted });
    const [passed, records] = [wanted.length, all.length].map((count) => count.toLocaleString('en-US'));
    expect(stderr).toContain(`${passed} of ${records} flow records`);
    const wrong = await runCli('flowpact', ['collect', '-r', file, '--filter', 'dst prt 53']);
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/column 5[\s\S]*\^/) });
  });

  it('knows the templates of an exporter on UDP after a restart', async () => {
    const templates = join(folder, 'templates.json');
    const all = messagesOf(readFileSync(file));
    const records: number[] = [];
    for (const messages of [all.slice(0, 10), all.slice(10)]) {
      const collect = startCli('flowpact', [
        'collect',
        '--udp',
        '0',
        '--templates',
        templates,
        '-o',
        join(folder, 'kept.ndjson'),
      ]);
      const [, port] = await collect.sees(/udp:\/\/127\.0\.0\.1:([0-9]+)/);
      const socket = createSocket('udp4');
      for (const message of messages)
        await new Promise((sent) => socket.send(message, Number(port), '127.0.0.1', sent));
      socket.close();
      collect.process.kill('SIGINT');
      records.push(
        Number(/([0-9,]+) flow records/.exec((await collect.result).stderr)?.[1].replaceAll(',', '')),
      );
    }
    const expected = linesIn((await runCli('flowpact', ['collect', '-r', file])).stdout).length;
    expect(records[0] + records[1]).toBe(expected);
    expect(records[1]).toBeGreaterThan(0);
  });

  it.skipIf(openssl.skip)(
    `receives IPFIX over TLS from exporters with the right certificate${openssl.note}`,
    async () => {
      const { key, cert } = selfSigned(folder);
      const tls = ['--tls', '0', '--tls-key', key, '--tls-cert', cert, '--tls-ca', cert, '--once'];
      const collect = startCli('flowpact', ['collect', ...tls]);
      const [, port] = await collect.sees(/tls:\/\/127\.0\.0\.1:([0-9]+)/);
      const own = {
        key: readFileSync(key),
        cert: readFileSync(cert),
        ca: readFileSync(cert),
        servername: 'localhost',
      };
      const stranger = connectTls({
        ...own,
        key: undefined,
        cert: undefined,
        port: Number(port),
        host: '127.0.0.1',
      });
      await once(stranger, 'error');
      connectTls({ ...own, port: Number(port), host: '127.0.0.1' }).end(readFileSync(file));
      const { code, stdout } = await collect.result;
      expect(code).toBe(0);
      expect(stdout).toBe((await runCli('flowpact', ['collect', '-r', file])).stdout);
    },
  );

  it('shifts times to the present on demand', async () => {
    const { stdout } = await runCli('flowpact', [
      'collect',
      '-r',
      file,
      '--time',
      'now',
      '--format',
      'ipfixcol',
    ]);
    const ends = linesIn(stdout).map((line) => JSON.parse(line)['ipfix.flowEndMilliseconds'] as number);
    const now = Date.now();
    expect(ends.every((end) => Math.abs(now - end) < 120_000)).toBe(true);
  });

  it('takes files without --read, and knows JSON lines when it sees them', async () => {
    const once = (await runCli('flowpact', ['collect', '-r', file])).stdout;
    expect((await runCli('flowpact', ['collect', file, file, '-q'])).stdout).toBe(once + once);
    const lines = join(folder, 'lines.ndjson');
    writeFileSync(lines, once);
    expect(await runCli('flowpact', ['collect', lines])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/lines\.ndjson: these are JSON lines, .* flowpact detect -i reads them/),
    });
  });

  it('tells what is wrong with a file, keeps what is right, and fails', async () => {
    const broken = join(folder, 'broken.ipfix');
    const bytes = readFileSync(file);
    writeFileSync(broken, bytes.subarray(0, bytes.length - 5));
    const { code, stdout, stderr } = await runCli('flowpact', ['collect', '-r', broken]);
    expect(code).toBe(1);
    expect(linesIn(stdout).length).toBeGreaterThan(2000);
    expect(stderr).toMatch(/broken\.ipfix: .*\[IPFIX_TRUNCATED\]/);
  });

  it('ends quietly when the reader of its output goes away', async () => {
    const collect = startCli('flowpact', ['collect', '-r', file, file, file, file]);
    await once(collect.process.stdout, 'data');
    collect.process.stdout.destroy();
    const [code] = await once(collect.process, 'exit');
    expect(code).toBe(0);
  });

  it.each([
    [[], /nothing to collect from: give --read FILE, --tcp, --udp or --tls PORT/],
    [['-r', 'x', '--tcp', '1'], /not both/],
    [['--udp', '0', '--once'], /--once goes with --tcp or --tls/],
    [['--tcp', 'x:y'], /not a port or HOST:PORT/],
    [['--tls', '0'], /--tls needs --tls-key FILE and --tls-cert FILE/],
    [['-r', 'x', '--format', 'xml'], /flowpact, ipfixcol/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli('flowpact', ['collect', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('fails where it cannot listen or read', async () => {
    expect(await runCli('flowpact', ['collect', '--tcp', '192.0.2.1:4739'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('192.0.2.1:4739'),
    });
    expect(await runCli('flowpact', ['collect', '-r', join(folder, 'none')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ENOENT'),
    });
  });
});
