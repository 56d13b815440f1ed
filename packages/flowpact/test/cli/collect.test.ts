import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const file = join(folder, 'traffic.ipfix');
const linesIn = (text: string) => text.split('\n').filter((line) => line !== '');

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
    [[], /nothing to collect from: give --read FILE, --tcp PORT or --udp PORT/],
    [['-r', 'x', '--tcp', '1'], /not both/],
    [['--udp', '0', '--once'], /--once goes with --tcp/],
    [['--tcp', 'x:y'], /not a port or HOST:PORT/],
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
