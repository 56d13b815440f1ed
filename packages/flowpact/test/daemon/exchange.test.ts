import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpenPgpKey, type NewKey } from '@flowpact/exchange';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../src/demo/free-ports.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { type RunningDaemon, startDaemon } from './running-daemon.ts';

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');
const names = { a: 'isp-a.example', b: 'isp-b.example' } as const;
const spaces = { a: '198.18.0.0/16', b: '203.0.113.0/24' } as const;
type Network = keyof typeof names;
const keys = {} as Record<Network, NewKey>;

beforeAll(async () => {
  await runCli('flowpact', ['generate', '-o', traffic, '--seed', '7']);
  for (const network of ['a', 'b'] as const) {
    keys[network] = await createOpenPgpKey({ name: names[network], email: `flex@${names[network]}` });
  }
});

/** Two networks that tell each other by signed mail, each with a folder and a configuration; nothing runs yet. */
async function twoNetworks(name: string) {
  const [portA, portB] = await freePorts(2);
  const ports = { a: portA, b: portB };
  const network = (own: Network, other: Network) => {
    const directory = join(folder, name, own);
    mkdirSync(join(directory, 'partners.d'), { recursive: true });
    writeFileSync(join(directory, 'own.asc'), keys[own].privateKey);
    writeFileSync(join(directory, 'partners.d', 'other.asc'), keys[other].publicKey);
    writeFileSync(
      join(directory, 'partners.d', 'other.yaml'),
      `name: ${names[other]}
addressSpace: [${spaces[other]}]
routes: [{transport: smtp, address: flex@${names[other]}}]
keys: [{file: other.asc}]
policy: {trustLevel: high}
`,
    );
    const yaml = `
collectors: [{listen: 'tcp://127.0.0.1:0'}]
modules: [{file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'}]
outputs: [{to: events.ndjson}]
http: {listen: '127.0.0.1:0'}
exchange:
  name: ${names[own]}
  addressSpace: [${spaces[own]}]
  keys: [{file: own.asc}]
  retryMs: 100
  mail:
    from: flex@${names[own]}
    relay: {server: '127.0.0.1:${ports[other]}'}
    listen: {address: '127.0.0.1:${ports[own]}'}
`;
    const config = join(directory, 'flowpact.yaml');
    writeFileSync(config, yaml);
    return { directory, config, start: () => startDaemon(directory, yaml) };
  };
  return { a: network('a', 'b'), b: network('b', 'a') };
}

const replay = (daemon: RunningDaemon) =>
  runCli('flowpact', ['replay', '-i', traffic, '-t', 'TCP', '-p', String(daemon.ports.tcp), '-n', '1']);

async function linesOf(args: readonly string[]): Promise<Record<string, unknown>[]> {
  const { stdout, stderr, code } = await runCli('flowpact', args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

async function stop(daemon: RunningDaemon): Promise<void> {
  daemon.process.kill('SIGTERM');
  expect((await daemon.result).code).toBe(0);
}

// Each test starts a dozen processes.
const timeout = 240_000;

describe('two daemons', { timeout }, () => {
  it('tell each other of an attack by signed mail, and commands show it', async () => {
    const { a, b } = await twoNetworks('signed');
    const daemonA = await a.start();
    const daemonB = await b.start();
    await replay(daemonA);
    await daemonA.sees(/"messageKind":"feedback".*message received/);

    const [conversation] = await linesOf(['conversation', 'list', '-c', a.config]);
    expect(conversation).toMatchObject({ partner: names.b, status: 'answered' });
    const { id } = conversation.root as { id: string };
    const turns = await linesOf(['conversation', 'show', id, '-c', a.config]);
    expect(turns.map(({ kind }) => kind)).toEqual(['alert', 'feedback']);
    expect(await daemonB.metrics()).toContain(
      `flowpact_exchange_messages_total{partner="${names.a}",what="received"} 1`,
    );

    // What a person says to it, after the answer that came by itself.
    const answer = (message: string, config: string) =>
      runCli('flowpact', [
        ...['conversation', 'answer', message, '--status', 'applied', '--reason', 'blocked', '-c', config],
      ]);
    const alert = `${names.a}/${id}`;
    expect((await answer(alert, b.config)).stdout).toMatch(/^isp-b\.example\/[0-9]+\n$/);
    await daemonA.sees(/"messageKind":"feedback"[\s\S]*"messageKind":"feedback".*message received/);
    expect((await linesOf(['conversation', 'show', id, '-c', a.config])).at(-1)).toMatchObject({
      kind: 'feedback',
      inReplyTo: { sender: names.a, id },
      outcome: { status: 'applied', reason: 'blocked' },
    });
    expect(await answer(alert, a.config)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is our own'),
    });
    expect(await answer(`${names.a}/1`, b.config)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`there is no message ${names.a}/1`),
    });

    // By hand, the other way round.
    const [event] = readFileSync(join(a.directory, 'events.ndjson'), 'utf8').split('\n');
    const sent = await runCli('flowpact', ['send', '-', '--to', names.a, '-c', b.config], { input: event });
    expect(sent.stdout).toMatch(/^isp-b\.example\/[0-9]+\n$/);
    await daemonA.sees(/"messageKind":"alert".*message received/);
    // B does not list it among A's languages, and A takes nothing in it.
    const asReport = await runCli('flowpact', ['send', '-', '--to', names.a, '--as', 'arf', '-c', b.config], {
      input: event,
    });
    expect(asReport).toMatchObject({ code: 0, stderr: expect.stringContaining('does not list') });
    await daemonB.sees(/"language":"arf"[^\n]*message in the outbox/);
    await daemonA.sees(/EXCHANGE_NO_MESSAGE/);
    const unknown = await runCli('flowpact', ['send', '-', '--to', 'nobody', '-c', b.config], {
      input: event,
    });
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no partner has the name "nobody"'),
    });

    await stop(daemonA);
    await stop(daemonB);
    expect((await runCli('flowpact', ['conversation', 'list', '-c', a.config])).stderr).toContain(
      'no daemon runs',
    );
    expect(await answer(alert, b.config)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no daemon runs'),
    });
  });

  it('lose nothing to kill -9: what was promised is sent by the next run', async () => {
    const { a, b } = await twoNetworks('killed');
    const first = await a.start();
    await replay(first);
    // Nobody takes mail there yet.
    await first.sees(/message could not be sent/);
    first.process.kill('SIGKILL');
    await first.result;
    const send = (language: string) =>
      runCli('flowpact', ['send', '-', '--to', names.b, '--as', language, '-c', a.config], {
        input: JSON.stringify({ type: 'other' }),
      });
    expect(await send('klingon')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no codec speaks klingon; there are flex, iodef2'),
    });

    const [waiting, ...others] = await linesOf(['outbox', 'list', '-c', a.config]);
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({ partner: names.b, state: 'pending' });
    const { id } = waiting.reference as { id: string };
    const shown = await runCli('flowpact', ['outbox', 'show', id, '-c', a.config]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ id, kind: 'alert' });
    // Whoever looks sets nothing in motion: no attempt is made that could fail.
    expect(shown.stderr).toBe('');

    const daemonB = await b.start();
    const second = await a.start();
    await second.sees(/"messageKind":"feedback".*message received/);
    expect(await linesOf(['outbox', 'list', '-c', a.config])).toEqual([]);
    expect(await daemonB.metrics()).toContain(
      `flowpact_exchange_messages_total{partner="${names.a}",what="received"} 1`,
    );
    await stop(second);
    await stop(daemonB);
  });

  it('takes new partners over on SIGHUP', async () => {
    const { a } = await twoNetworks('reloaded');
    const daemon = await a.start();
    writeFileSync(
      join(a.directory, 'partners.d', 'third.yaml'),
      'name: isp-c.example\nroutes: [{transport: smtp, address: x@isp-c.example}]\n',
    );
    daemon.process.kill('SIGHUP');
    await daemon.sees(/configuration read again/);
    const event = JSON.stringify({ type: 'other' });
    const sent = await runCli('flowpact', ['send', '-', '--to', 'isp-c.example', '-c', a.config], {
      input: event,
    });
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    await stop(daemon);
  });

  it('keeps a second one out of its state directory', async () => {
    const { a } = await twoNetworks('twice');
    const daemon = await a.start();
    const second = await runCli('flowpact', ['run', a.config]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('another daemon runs here') });
    await stop(daemon);
  });
});

describe('flowpact partners', { timeout }, () => {
  it('lists those of the partners directory, and finds what would keep messages away', async () => {
    const { a } = await twoNetworks('partners');
    const daemon = await a.start();
    expect(await linesOf(['partners', 'list', '-c', a.config])).toMatchObject([
      { name: names.b, keys: [{ file: 'other.asc' }] },
    ]);
    const unreachable = await runCli('flowpact', ['partners', 'check', '-c', a.config]);
    expect(unreachable.code).toBe(1);
    expect(unreachable.stdout).toContain('error: exchange.mail.relay: 127.0.0.1:');

    const partner = join(a.directory, 'partners.d', 'third.yaml');
    const routes = 'routes: [{transport: stomp, address: /queue/c}]';
    writeFileSync(partner, `name: isp-c.example\naddressSpace: [203.0.113.128/25]\n${routes}\n`);
    const { stdout } = await runCli('flowpact', ['partners', 'check', '--offline', '-c', a.config]);
    expect(stdout).toContain('error: isp-c.example: none of its routes is by a way that is configured');
    expect(stdout).toContain('error: isp-c.example: has no key that counts now');
    expect(stdout).toContain(
      'warning: isp-c.example: 203.0.113.128/25 is within 203.0.113.0/24 of isp-b.example',
    );

    writeFileSync(partner, 'name: isp-c.example\nrotes: []\n');
    daemon.process.kill('SIGHUP');
    await daemon.sees(
      /third\.yaml:2:1: rotes is not known; did you mean routes\?.*the old configuration goes on/,
    );
    await stop(daemon);
  });

  it('invites and accepts, once the fingerprint was compared', async () => {
    const { a, b } = await twoNetworks('invited');
    const file = join(folder, 'invitation.asc');
    const invited = await runCli('flowpact', ['partners', 'invite', '-o', file, '-c', b.config]);
    const [, fingerprint] = /by telephone: ([0-9A-F ]+)/.exec(invited.stderr) ?? [];

    const accept = (...options: readonly string[]) =>
      runCli('flowpact', ['partners', 'accept', file, '-c', a.config, ...options]);
    expect((await accept()).stderr).toContain('isp-b.example is a partner already');
    rmSync(join(a.directory, 'partners.d', 'other.yaml'));
    expect(await accept()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nobody can be asked here'),
    });
    const wrong = await accept('--fingerprint', '0000');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('is none of these keys') });
    expect(await linesOf(['partners', 'list', '-c', a.config])).toEqual([]);

    expect(await accept('--fingerprint', fingerprint, '--trust', 'medium')).toMatchObject({ code: 0 });
    expect(await linesOf(['partners', 'list', '-c', a.config])).toMatchObject([
      {
        name: names.b,
        addressSpace: [spaces.b],
        routes: [{ address: 'flex@isp-b.example' }],
        policy: { trustLevel: 'medium' },
      },
    ]);
    expect((await runCli('flowpact', ['config', 'check', a.config])).code).toBe(0);

    writeFileSync(file, readFileSync(file, 'utf8').replace(spaces.b, '0.0.0.0/0'));
    expect(await accept('--replace', '--fingerprint', fingerprint)).toMatchObject({ code: 1, stdout: '' });
  });
});
