import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutcomeStatus } from '@flowpact/event';
import { type Mitigation, ruleText } from '@flowpact/response';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RealBroker, realBrokers } from '../../../exchange/test/transport/stomp/real-brokers.ts';
import { connectOffice } from '../../src/control/control-client.ts';
import { controlSocketName } from '../../src/control/control-server.ts';
import { connectResponse } from '../../src/control/response-client.ts';
import type { ResponseOffice } from '../../src/response/response-office.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { type RunningDaemon, startDaemon } from '../daemon/running-daemon.ts';
import { createLab, type Lab, labTools } from './lab/lab.ts';
import { type LabRouter, startBird, startExabgp, startFrr, startGobgp } from './lab/routers.ts';

const [rabbitMq] = realBrokers;
const { skip, note } = labTools('exabgp', 'bird', 'gobgpd', 'vtysh', 'nft', rabbitMq.program);
const soon = { timeout: 60_000, interval: 100 };

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');
/** Whom the attack is against, who lets the attacker send with a router before it, and with a packet filter. */
type Network = 'a' | 'b' | 'c';
const nameOf = (network: Network) => `isp-${network}.example`;
const attacker = '203.0.113.3';
const target = '198.18.80.78';

const partnerYaml = (network: Network, space: string) =>
  `{name: ${nameOf(network)}, addressSpace: [${space}], languages: [flex], routes: [{transport: stomp, address: /queue/${network}}], policy: {trustLevel: high}}`;

const yamlOf = (network: Network, broker: RealBroker, partners: readonly string[], more: string) => `
collectors: [{listen: 'tcp://127.0.0.1:0'}]
http: {listen: '127.0.0.1:0'}
exchange:
  name: ${nameOf(network)}
  addressSpace: [${network === 'a' ? '198.18.0.0/16' : '203.0.113.0/24'}]
  stomp: {server: '127.0.0.1:${broker.port}', user: guest, passwordFile: ../password, address: /queue/${network}}
  partners: [${partners.join(', ')}]
${more}`;

const responseYaml = (emitter: string) => `
response:
  mode: approve
  playbook: [{from: [high], eventTypes: [bruteForce], level: auto, emitters: [edge], lifetimeSeconds: 600}]
  emitters: [${emitter}]
  limits: {reconcileMs: 500}
`;

const replay = (daemon: RunningDaemon) =>
  runCli('flowpact', ['replay', '-i', traffic, '-t', 'TCP', '-p', String(daemon.ports.tcp), '-n', '1']);

/**
 * Somebody else and the attacker connect to a server; prints who got through. The attacker asks first, so that the other's
 * connection shows that the attacker's would be there, too.
 */
const connections = `
const net = require('node:net');
const through = [];
const server = net.createServer().listen(80, '${target}', () => {
  const from = (localAddress) => {
    const socket = net.connect({ host: '${target}', port: 80, localAddress });
    return socket.on('connect', () => through.push(localAddress)).on('error', (error) => { throw error; });
  };
  from('${attacker}');
  from('10.99.0.1').on('connect', () => setImmediate(() => {
    console.log(JSON.stringify(through.sort()));
    process.exit();
  }));
});`;

describe.skipIf(skip)(`an alert over RabbitMQ${note}`, () => {
  let broker: RealBroker;
  let lab: Lab;
  let routers: Record<'bird' | 'gobgp' | 'frr', LabRouter>;
  let socket: string;
  let flows: number;

  beforeAll(async () => {
    [broker, lab] = await Promise.all([rabbitMq.create(), createLab()]);
    for (const address of [attacker, target])
      await lab.ask('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo']);
    const [bird, gobgp, frr, generated] = await Promise.all([
      startBird(lab),
      startGobgp(lab),
      startFrr(lab),
      runCli('flowpact', ['generate', '-o', traffic, '--seed', '7']),
      broker.start(),
    ]);
    routers = { bird, gobgp, frr };
    flows = Number(/([0-9,]+) flows/.exec(generated.stdout + generated.stderr)?.[1].replaceAll(',', ''));
    ({ socket } = await startExabgp(lab, [2, 3, 4]));
    writeFileSync(join(folder, 'password'), 'guest');
  }, 180_000);
  afterAll(() => Promise.all([lab?.stop(), broker?.remove()]));

  async function start(network: Network, partners: readonly string[], more: string) {
    const directory = join(folder, network);
    mkdirSync(directory);
    const daemon = await startDaemon(directory, yamlOf(network, broker, partners, more));
    return { ...daemon, control: { path: join(directory, 'state', controlSocketName) } };
  }

  async function connected(): Promise<readonly string[]> {
    return JSON.parse(await lab.ask(process.execPath, ['-e', connections]));
  }

  it('leads to a proposal, a yes to rules in routers and in a packet filter, and the partner hears of it to the end', async () => {
    const toA = [partnerYaml('a', '198.18.0.0/16')];
    const [a, b, c] = await Promise.all([
      start(
        'a',
        [partnerYaml('b', '203.0.113.0/24'), partnerYaml('c', '203.0.113.0/24')],
        "modules: [{file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'}]",
      ),
      start('b', toA, responseYaml(`{kind: exabgp, name: edge, socket: ${socket}}`)),
      start('c', toA, responseYaml(`{kind: nftables, name: edge, hook: input, netns: ${lab.netns}}`)),
    ]);
    for (const daemon of [b, c]) {
      await replay(daemon);
      await daemon.reaches('flowpact_records_total', flows);
    }
    await replay(a);

    // Both propose, with what the rules would have hit, and nothing is done yet.
    const [officeB, officeC] = [b, c].map(({ control }) => connectResponse(control));
    const proposedBy = (office: ResponseOffice) =>
      vi.waitFor(async () => {
        const found = await office.mitigations(['proposed']);
        expect(found).toHaveLength(rules.length);
        return [...found].reverse();
      }, soon);
    const [proposedB, proposedC] = [await proposedBy(officeB), await proposedBy(officeC)];
    for (const proposed of [proposedB, proposedC]) {
      expect(proposed.map(({ candidates, chosen }) => ruleText(candidates[chosen].rule))).toEqual(rules);
    }
    const listed = await runCli('flowpact', ['mitigate', 'list', '--state', 'proposed', '-c', b.configFile]);
    const [first] = listed.stdout.split('\n', 1).map((line) => JSON.parse(line) as Mitigation);
    expect(first).toMatchObject({ level: 'approve', origin: { partner: nameOf('a') } });
    const { attack, others } = first.candidates[first.chosen].collateral ?? {};
    expect(attack?.hit.flows).toBeGreaterThan(0);
    expect(others?.hit.flows).toBe(0);
    expect(await routers.bird.routes()).toEqual([]);
    expect(await connected()).toEqual(['10.99.0.1', attacker]);

    const approve = ['mitigate', 'approve', proposedB[0].id, '--as', 'anna', '-c', b.configFile];
    expect(await runCli('flowpact', approve)).toMatchObject({ code: 0 });
    for (const { id } of proposedB.slice(1)) await officeB.approve(id, 'anna');
    for (const { id } of proposedC) await officeC.approve(id, 'anna');
    await holdAll(routers, held);
    const inForce = (office: ResponseOffice) =>
      vi.waitFor(async () => {
        expect(await office.mitigations(['confirmed'])).toHaveLength(rules.length);
      }, soon);
    await Promise.all([inForce(officeB), inForce(officeC)]);
    expect(await connected()).toEqual(['10.99.0.1']);
    expect(await lab.ask('nft', ['list', 'table', 'inet', 'flowpact'])).toMatch(
      /ip saddr @\w+ tcp dport 80 counter packets [1-9]/,
    );

    // To its end in a second.
    for (const { id } of proposedB) await officeB.extend(id, 'anna', 1);
    for (const { id } of proposedC) await officeC.extend(id, 'anna', 1);
    await holdAll(routers, { bird: [], gobgp: [], frr: [] });
    const ofA = await connectOffice(a.control);
    await vi.waitFor(async () => {
      for (const network of ['b', 'c'] as const) {
        const said = ((await ofA?.conversations()) ?? [])
          .filter(({ partner }) => partner === nameOf(network))
          .flatMap(({ turns }) => turns.flatMap(({ outcome }) => outcome?.status ?? []));
        const count = (wanted: OutcomeStatus) => said.filter((status) => status === wanted).length;
        expect(count('applied')).toBeGreaterThanOrEqual(rules.length);
        expect(count('expired')).toBe(rules.length);
      }
    }, soon);
    expect(await connected()).toEqual(['10.99.0.1', attacker]);
  }, 180_000);
});

const rules = [`drop from ${attacker}/32 protocol 6 destination-port 80`];

/** What each prints. */
const held = {
  bird: [`flow4 { src ${attacker}/32; proto 6; dport 80; } (generic, 0x80060000, 0x0)`],
  gobgp: [`[source: ${attacker}/32][protocol: ==tcp][destination-port: ==80] {Extcomms: [discard]}`],
  frr: [
    `Source Address ${attacker}/32, IP Protocol = 6, Destination Port = 80, FS:rate 0.000000, not installed in PBR`,
  ],
};

async function holdAll(
  routers: Readonly<Record<keyof typeof held, LabRouter>>,
  expected: Readonly<Record<keyof typeof held, readonly string[]>>,
): Promise<void> {
  for (const name of ['bird', 'gobgp', 'frr'] as const) {
    await vi.waitFor(async () => expect(await routers[name].routes()).toEqual(expected[name]), soon);
  }
}
