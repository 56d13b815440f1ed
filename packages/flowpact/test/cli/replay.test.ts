import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createMessageFramer } from '@flowpact/ipfix';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

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
    expect(bytes.equals(readFileSync(file).subarray(0, bytes.length))).toBe(true);
  });
});

describe('flowpact replay', () => {
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
