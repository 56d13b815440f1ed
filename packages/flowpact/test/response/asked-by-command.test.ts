import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SecurityEvent, stringifyEvent } from '@flowpact/event';
import { expect, it, vi } from 'vitest';
import { controlSocketName } from '../../src/control/control-socket.ts';
import { connectResponse } from '../../src/control/response-client.ts';
import { freePorts } from '../../src/demo/free-ports.ts';
import type { GroundTruth } from '../../src/generate/traffic.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { startDaemon } from '../daemon/running-daemon.ts';
import { startRuleAgent } from './rule-agent.ts';

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');
const soon = { timeout: 20_000, interval: 100 };

const names = { a: 'isp-a.example', b: 'isp-b.example' } as const;
const spaces = { a: '198.18.0.0/16', b: '203.0.113.0/24' } as const;
type Network = keyof typeof names;

/** What every network has, each with mail from and to the other. */
function exchangeYaml(own: Network, other: Network, ports: Readonly<Record<Network, number>>): string {
  return `
collectors: [{listen: 'tcp://127.0.0.1:0'}]
http: {listen: '127.0.0.1:0'}
exchange:
  name: ${names[own]}
  addressSpace: [${spaces[own]}]
  retryMs: 100
  mail:
    from: flex@${names[own]}
    relay: {server: '127.0.0.1:${ports[other]}'}
    listen: {address: '127.0.0.1:${ports[own]}'}
  partners:
    - {name: ${names[other]}, addressSpace: [${spaces[other]}], languages: [flex], routes: [{transport: smtp, address: flex@${names[other]}}], policy: {trustLevel: high}}
`;
}

async function start(network: Network, yaml: string) {
  const directory = join(folder, network);
  mkdirSync(directory, { recursive: true });
  const daemon = await startDaemon(directory, yaml);
  const flowpact = (...args: string[]) => runCli('flowpact', [...args, '-c', daemon.configFile]);
  return { ...daemon, flowpact, control: { path: join(directory, 'state', controlSocketName) } };
}

it('a person asks a partner by command for a rule, hears of it, and takes the request back', async () => {
  const generated = await runCli('flowpact', ['generate', '-o', traffic, '--attack', 'ssh-brute-force']);
  const { attacks }: GroundTruth = JSON.parse(readFileSync(`${traffic}.truth.json`, 'utf8'));
  const [{ attackers, stages }] = attacks;
  const [attacker] = attackers;
  const [{ startMs, endMs, targets }] = stages;
  const event: SecurityEvent = {
    ...{ type: 'bruteForce', confidence: 90, startMs, endMs },
    sources: [{ address: attacker }],
    targets: [{ address: targets[0], protocol: 6, ports: [{ low: 22 }] }],
  };
  const eventFile = join(folder, 'event.json');
  writeFileSync(eventFile, stringifyEvent(event));

  const [portA, portB] = await freePorts(2);
  const ports = { a: portA, b: portB };
  mkdirSync(join(folder, 'b'));
  const agent = await startRuleAgent(join(folder, 'b', 'agent.sock'));
  const a = await start('a', exchangeYaml('a', 'b', ports));
  const b = await start(
    'b',
    `${exchangeYaml('b', 'a', ports)}
response:
  mode: approve
  playbook: [{from: [high], asks: [block], level: approve, emitters: [edge]}]
  emitters: [{kind: exabgp, name: edge, socket: agent.sock}]
  limits: {reconcileMs: 500}
`,
  );
  await runCli('flowpact', ['replay', '-i', traffic, '-t', 'TCP', '-p', String(b.ports.tcp), '-n', '1']);
  const [, flows] = /([0-9,]+) flows/.exec(generated.stderr) ?? [];
  await b.reaches('flowpact_records_total', Number(flows.replaceAll(',', '')));

  const send = ['send', eventFile, '--to', names.b];
  expect(await a.flowpact(...send, '--ask', 'block')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Say it with --for'),
  });
  expect(await a.flowpact(...send, '--for', '10m')).toMatchObject({ code: 2 });
  const asked = await a.flowpact(...send, '--ask', 'block', '--for', '10m');
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^isp-a\.example\/[0-9]+\n$/) });
  const request = asked.stdout.trim();

  const office = connectResponse(b.control);
  const proposed = await vi.waitFor(async () => {
    const found = await office.mitigations(['proposed']);
    expect(found).toHaveLength(1);
    return found[0];
  }, soon);
  expect(proposed).toMatchObject({ origin: { partner: names.a }, lifetimeSeconds: 600 });
  expect(await b.flowpact('mitigate', 'approve', proposed.id, '--as', 'anna')).toMatchObject({ code: 0 });
  const rule = `drop from ${attacker}/32 to ${targets[0]}/32 protocol 6 destination-port 22`;
  await vi.waitFor(() => expect(agent.rules()).toEqual([rule]), soon);

  /** What B has answered, as A's command prints it. */
  const said = async (): Promise<readonly (string | undefined)[]> => {
    const { stdout } = await a.flowpact('conversation', 'show', request);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).outcome?.status);
  };
  await vi.waitFor(async () => expect(await said()).toContain('applied'), soon);
  const withdraw = ['conversation', 'withdraw', request, '--reason', 'it was our own scanner'];
  expect(await b.flowpact(...withdraw)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`is one of ${names.a}`),
  });
  expect(await a.flowpact(...withdraw)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^isp-a\.example\/[0-9]+\n$/),
  });
  await vi.waitFor(() => expect(agent.rules()).toEqual([]), soon);
  await vi.waitFor(async () => expect((await said()).at(-1)).toBe('withdrawn'), soon);
  expect((await office.mitigation(proposed.id))?.state).toBe('withdrawn');
  expect(await a.flowpact(...withdraw)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('counts no longer'),
  });
  expect(await a.flowpact('conversation', 'withdraw', `${names.a}/1`)).toMatchObject({ code: 2 });
}, 240_000);
