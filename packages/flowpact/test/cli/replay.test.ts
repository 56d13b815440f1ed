import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createMessageFramer } from '@flowpact/ipfix';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemTool } from '../../../../test/system-tool.ts';
import { runCli, startCli } from './run-cli.ts';
import { selfSigned } from './tls-files.ts';
import { temporaryFolder } from './workspace.ts';

const openssl = systemTool('openssl', 'openssl');
const folder = temporaryFolder();
const file = join(folder, 'traffic.ipfix');

beforeAll(async () => {
  await runCli('flowpact', ['generate', '-o', file, '--duration', '20s', '--no-attack']);
});

/** Accepts one connection and collects what comes. */
async function receiver() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let begun = () => {};
  const begins = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const received = once(server, 'connection').then(async ([socket]) => {
    const chunks: Buffer[] = [];
    for await (const chunk of socket) {
      chunks.push(chunk);
      begun();
    }
    server.close();
    return Buffer.concat(chunks);
  });
  return { port: String((server.address() as { port: number }).port), begins, received };
}

describe.each([
  ['flowpact', ['replay']],
  ['ipfixsend', []],
] as const)('%s %j', (bin, command) => {
  it('takes the collector as a URL', async () => {
    const { port, received } = await receiver();
    const to = `tcp://127.0.0.1:${port}`;
    expect((await runCli(bin, [...command, file, '-n', '1', '-d', to])).code).toBe(0);
    expect(await received).toEqual(readFileSync(file));
    const wrong = await runCli(bin, [...command, file, '-d', 'http://127.0.0.1:1']);
    expect(wrong.stderr).toContain('give udp://HOST:PORT or tcp://HOST:PORT or tls://HOST:PORT');
  });

  it('sends the file unchanged, as often as asked for', async () => {
    const { port, received } = await receiver();
    const { code, stderr } = await runCli(bin, [
      ...command,
      '-i',
      file,
      '-p',
      port,
      '-t',
      'TCP',
      '-n',
      '2',
      '-c',
    ]);
    expect(code).toBe(0);
    const bytes = readFileSync(file);
    expect((await received).equals(Buffer.concat([bytes, bytes]))).toBe(true);
    expect(stderr).toMatch(
      /^flowpact: sent [0-9,]+ messages, [0-9,]+ bytes to 127\.0\.0\.1:[0-9]+ in [0-9.]+ s\n$/,
    );
  });

  it('goes on for ever without -n, and Ctrl-C ends it with a whole message', async () => {
    const { port, begins, received } = await receiver();
    const running = startCli(bin, [...command, '-i', file, '-p', port, '-t', 'TCP', '-s', '100K']);
    await begins;
    running.process.kill('SIGINT');
    expect((await running.result).code).toBe(130);
    const bytes = await received;
    const framer = createMessageFramer({}, { onMessage: () => undefined });
    framer.push(bytes);
    framer.end(); // throws where a message is cut
    const pass = readFileSync(file);
    const passes = Buffer.concat(Array(Math.ceil(bytes.length / pass.length)).fill(pass));
    expect(bytes.equals(passes.subarray(0, bytes.length))).toBe(true);
  });
});

describe('flowpact replay', () => {
  it('refuses before it connects, so that nothing is left waiting', async () => {
    const capture = join(folder, 'empty.pcap');
    writeFileSync(capture, Buffer.from('a1b2c3d40002000400000000000000000004000000000065', 'hex'));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    let connections = 0;
    server.on('connection', () => connections++);
    const { port } = server.address() as { port: number };
    const args = ['replay', '-i', capture, '-t', 'TCP', '-p', String(port), '-s', '10K'];
    const { code, stderr } = await runCli('flowpact', args);
    server.close();
    expect({ code, connections }).toEqual({ code: 2, connections: 0 });
    expect(stderr).toMatch(/-s does not go with a capture/);
  });

  it('sends JSON lines of collect as IPFIX again', async () => {
    const lines = await runCli('flowpact', ['collect', '-r', file]);
    const input = join(folder, 'flows.ndjson');
    writeFileSync(input, lines.stdout);
    const collect = startCli('flowpact', ['collect', '--tcp', '0', '--once']);
    const [, port] = await collect.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    const { code, stderr } = await runCli('flowpact', [
      'replay',
      '-i',
      input,
      '-p',
      port,
      '-t',
      'TCP',
      '-n',
      '1',
    ]);
    expect(code, stderr).toBe(0);
    const bare = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => {
          const { templateId: _id, ...fields } = JSON.parse(line);
          return fields;
        });
    const sortable = (text: string) =>
      bare(text)
        .map((fields) => JSON.stringify(Object.entries(fields).sort()))
        .sort();
    expect(sortable((await collect.result).stdout)).toEqual(sortable(lines.stdout));
  });

  it('moves times to the present, replaces the domain, and lets passes go on from each other', async () => {
    const collect = startCli('flowpact', ['collect', '--tcp', '0', '--once']);
    const [, port] = await collect.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    const options = ['-O', '77', '--now', '--monotonic', '-n', '2'];
    const { code, stderr } = await runCli('flowpact', [
      'replay',
      '-i',
      file,
      '-p',
      port,
      '-t',
      'TCP',
      ...options,
    ]);
    expect(code, stderr).toBe(0);
    const { stdout, stderr: summary } = await collect.result;
    const flows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(flows.map(({ observationDomainId }) => observationDomainId))).toEqual(new Set([77]));
    expect(
      flows.every(
        ({ flowEndMilliseconds }) => Math.abs(Date.now() - Date.parse(flowEndMilliseconds)) < 120_000,
      ),
    ).toBe(true);
    expect(summary).not.toContain('lost');
  });

  it.skipIf(openssl.skip)(
    `sends over TLS with a certificate, also as ipfixsend2 is told to${openssl.note}`,
    async () => {
      const { key, cert } = selfSigned(folder);
      const both = join(folder, 'both.pem');
      writeFileSync(both, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
      const listening = ['--tls', '0', '--tls-key', key, '--tls-cert', cert, '--tls-ca', cert, '--once'];
      const collect = startCli('flowpact', ['collect', ...listening]);
      const [, port] = await collect.sees(/tls:\/\/127\.0\.0\.1:([0-9]+)/);
      const tls = ['-i', file, '-n', '1', '-t', 'TLS', '-p', port];
      expect(await runCli('ipfixsend', tls)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('self-signed certificate'),
      });
      const sent = await runCli('ipfixsend', [
        ...tls,
        '--tls-ca',
        cert,
        '-C',
        both,
        '-O',
        '9',
        '-s',
        '50000000B',
      ]);
      expect(sent.code, sent.stderr).toBe(0);
      const flows = (await collect.result).stdout.trimEnd().split('\n');
      expect(flows.every((line) => JSON.parse(line).observationDomainId === 9)).toBe(true);
    },
  );

  it('says that it goes on until Ctrl-C, and ends then', async () => {
    const sending = startCli('flowpact', ['replay', '-i', file, '-S', '100']);
    await sending.sees(/again and again until Ctrl-C; -n 1 sends once/);
    sending.process.kill('SIGINT');
    const { code, stderr } = await sending.result;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/sent [0-9,]+ messages/) });
  });

  it('tells that nobody listens', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const port = String(socket.address().port);
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    const sent = await runCli('flowpact', ['replay', '-i', file, '-p', port, '-n', '1', '-S', '1000']);
    expect(sent.stderr).toMatch(/sent [0-9,]+ messages.*; [0-9,]+ came back, because nobody listens there/);
    const exported = await runCli('flowpact', ['collect', '-r', file, '--export', `udp://127.0.0.1:${port}`]);
    expect(exported.stderr).toMatch(/[0-9,]+ messages came back, because nobody listens there/);
  });

  it('takes the file without -i, and says where there is none', async () => {
    const { port, received } = await receiver();
    const sent = await runCli('flowpact', ['replay', file, '-t', 'TCP', '-p', port, '-n', '1']);
    expect(sent.code, sent.stderr).toBe(0);
    expect(await received).toEqual(readFileSync(file));
    expect(await runCli('flowpact', ['replay', '-n', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to send: give -i FILE'),
    });
    expect((await runCli('ipfixsend', ['-n', '1'])).code).toBe(1);
  });

  it('tells what it can where ipfixsend is given nothing', async () => {
    const { code, stdout } = await runCli('ipfixsend', []);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Usage: ipfixsend') });
  });

  it('says that it cannot connect, or read', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    expect(await runCli('flowpact', ['replay', '-i', file, '-t', 'TCP', '-p', String(port)])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^flowpact: .*ECONNREFUSED/),
    });
    expect(await runCli('flowpact', ['replay', '-i', join(folder, 'none'), '-n', '1'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ENOENT/),
    });
  });

  it.each([
    [['-t', 'SCTP'], /SCTP is not there/],
    [['-t', 'DTLS'], /DTLS is not there: Node\.js has none\. Use TLS/],
    [['-t', 'smoke'], /UDP, TCP or TLS/],
    [['-C', 'cert.pem'], /-C and --tls-ca go with -t TLS/],
    [['-p', '70000'], /1 to 65535/],
    [['-s', '10T'], /K, M or G/],
    [['-R', '0'], /above 0/],
    [['-n', '1.5'], /whole number/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli('flowpact', ['replay', '-i', file, ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect((await runCli('ipfixsend', ['-i', file, ...args])).code).toBe(1);
  });
});
