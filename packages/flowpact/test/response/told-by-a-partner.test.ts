import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleText } from '@flowpact/response';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RealBroker, realBrokers } from '../../../exchange/test/transport/stomp/real-brokers.ts';
import { connectOffice } from '../../src/control/control-client.ts';
import { controlSocketName } from '../../src/control/control-socket.ts';
import { connectResponse } from '../../src/control/response-client.ts';
import type { ResponseOffice } from '../../src/response/response-office.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { type RunningDaemon, startDaemon } from '../daemon/running-daemon.ts';
import { type DualStackHost, writeDualStackAttacks } from './lab/dual-stack-attacks.ts';
import { createLab, type Lab, labTools } from './lab/lab.ts';
import { type LabRouter, startBird, startExabgp, startFrr, startGobgp } from './lab/routers.ts';
import { whoGetsThrough } from './lab/who-gets-through.ts';

const [rabbitMq] = realBrokers;
const { skip, note } = labTools('exabgp', 'bird', 'gobgpd', 'vtysh', 'nft', rabbitMq.program);
const soon = { timeout: 60_000, interval: 100 };

const folder = temporaryFolder();
const attacks = writeDualStackAttacks(folder);
const { attacker, server, victim } = attacks;
/** Not concerned by any of it. */
const other: DualStackHost = { ipv4: '10.99.0.1', ipv6: '2001:db8:99::1' };
const visits = (['ipv4', 'ipv6'] as const).map((family) => ({
  suspect: attacker[family],
  other: other[family],
  server: server[family],
}));
const everybody = [attacker, other].flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]).sort();
const allButTheAttacker = [other.ipv4, other.ipv6].sort();

/**
 * A finds what goes on: passwords are tried on its servers, and a customer of its, B, is flooded. B, with routers before it,
 * lets the attacker send, and so does C, with a packet filter.
 */
type Network = 'a' | 'b' | 'c';
const nameOf = (network: Network) => `isp-${network}.example`;
const attackers = '203.0.113.0/24, "2001:db8:cb00::/48"';
const spaceOf: Readonly<Record<Network, string>> = {
  a: '198.18.0.0/16, "2001:db8:c612::/48"',
  b: `${attackers}, ${victim.ipv4}/32, "${victim.ipv6}/128"`,
  c: attackers,
};

const partnerYaml = (network: Network) =>
  `{name: ${nameOf(network)}, addressSpace: [${spaceOf[network]}], languages: [flex], routes: [{transport: stomp, address: /queue/${network}}], policy: {trustLevel: high}}`;

const yamlOf = (network: Network, broker: RealBroker, more: string) => `
collectors: [{listen: 'tcp://127.0.0.1:0'}]
http: {listen: '127.0.0.1:0'}
exchange:
  name: ${nameOf(network)}
  addressSpace: [${spaceOf[network]}]
  stomp: {server: '127.0.0.1:${broker.port}', user: guest, passwordFile: ../password, address: /queue/${network}}
  partners: [${(network === 'a' ? (['b', 'c'] as const) : (['a'] as const)).map(partnerYaml).join(', ')}]
${more}`;

const responseYaml = (emitter: string) => `
response:
  mode: approve
  playbook:
    - {from: [high], eventTypes: [bruteForce], level: auto, emitters: [edge], lifetimeSeconds: 600}
    - {from: [high], eventTypes: [dDoS], level: auto, emitters: [edge], actions: [{kind: blackhole}], lifetimeSeconds: 600}
  emitters: [${emitter}]
  limits: {reconcileMs: 500}
`;

const replay = (daemon: RunningDaemon) =>
  runCli('flowpact', ['replay', '-i', attacks.file, '-t', 'TCP', '-p', String(daemon.ports.tcp), '-n', '1']);

describe.skipIf(skip)(`alerts over RabbitMQ${note}`, () => {
  let broker: RealBroker;
  let lab: Lab;
  let routers: Record<'bird' | 'gobgp' | 'frr', LabRouter>;
  let socket: string;

  beforeAll(async () => {
    [broker, lab] = await Promise.all([rabbitMq.create(), createLab()]);
    for (const address of [attacker.ipv4, server.ipv4])
      await lab.ask('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo']);
    for (const { ipv6 } of [attacker, server, other])
      await lab.ask('ip', ['addr', 'add', `${ipv6}/128`, 'dev', 'lo', 'nodad']);
    const [bird, gobgp, frr] = await Promise.all([
      startBird(lab),
      startGobgp(lab),
      startFrr(lab),
      broker.start(),
    ]);
    routers = { bird, gobgp, frr };
    ({ socket } = await startExabgp(lab, [2, 3, 4]));
    writeFileSync(join(folder, 'password'), 'guest');
  }, 180_000);
  afterAll(() => Promise.all([lab?.stop(), broker?.remove()]));

  async function start(network: Network, more: string) {
    const directory = join(folder, network);
    mkdirSync(directory);
    const daemon = await startDaemon(directory, yamlOf(network, broker, more));
    return { ...daemon, control: { path: join(directory, 'state', controlSocketName) } };
  }

  it('lead to proposals, a yes to routes for IPv4 and IPv6 in routers and to rules in a packet filter, and the partner hears of it to the end', async () => {
    const modules = attacks.modules.map((file) => `{file: '${file}'}`).join(', ');
    const [a, b, c] = await Promise.all([
      start('a', `modules: [${modules}]`),
      start('b', responseYaml(`{kind: exabgp, name: edge, socket: ${socket}}`)),
      start('c', responseYaml(`{kind: nftables, name: edge, hook: input, netns: ${lab.netns}}`)),
    ]);
    for (const daemon of [b, c]) {
      await replay(daemon);
      await daemon.reaches('flowpact_records_total', attacks.flows);
    }
    await replay(a);

    // Both propose, with what the rules would have hit, and nothing is done yet.
    const [officeB, officeC] = [b, c].map(({ control }) => connectResponse(control));
    const proposedBy = (office: ResponseOffice, rules: readonly string[]) =>
      vi.waitFor(async () => {
        const found = await office.mitigations(['proposed']);
        expect(found.map(({ candidates, chosen }) => ruleText(candidates[chosen].rule)).sort()).toEqual(
          rules,
        );
        return found;
      }, soon);
    const proposedB = await proposedBy(officeB, [...blackholes, ...drops].sort());
    const proposedC = await proposedBy(officeC, [...drops].sort());
    for (const { level, origin, candidates, chosen } of [...proposedB, ...proposedC]) {
      expect({ level, origin }).toMatchObject({ level: 'approve', origin: { partner: nameOf('a') } });
      const { attack, others } = candidates[chosen].collateral ?? {};
      expect(attack?.hit.flows).toBeGreaterThan(0);
      expect(others?.hit.flows).toBe(0);
    }
    const listed = await runCli('flowpact', ['mitigate', 'list', '--state', 'proposed', '-c', b.configFile]);
    expect(JSON.parse(listed.stdout.split('\n', 1)[0])).toMatchObject({ id: proposedB[0].id });
    expect(await routers.bird.routes()).toEqual([]);
    expect(await whoGetsThrough(lab, visits)).toEqual(everybody);

    const approve = ['mitigate', 'approve', proposedB[0].id, '--as', 'anna', '-c', b.configFile];
    expect(await runCli('flowpact', approve)).toMatchObject({ code: 0 });
    for (const { id } of proposedB.slice(1)) await officeB.approve(id, 'anna');
    for (const { id } of proposedC) await officeC.approve(id, 'anna');
    await holdAll(routers, held);
    const inForce = (office: ResponseOffice, count: number) =>
      vi.waitFor(async () => expect(await office.mitigations(['confirmed'])).toHaveLength(count), soon);
    await Promise.all([inForce(officeB, proposedB.length), inForce(officeC, proposedC.length)]);
    expect(await whoGetsThrough(lab, visits)).toEqual(allButTheAttacker);
    const table = await lab.ask('nft', ['list', 'table', 'inet', 'flowpact']);
    expect(table).toMatch(/ip saddr @\w+ tcp dport 80 counter packets [1-9]/);
    expect(table).toMatch(/ip6 saddr @\w+ tcp dport 80 counter packets [1-9]/);

    // To its end in a second.
    for (const { id } of proposedB) await officeB.extend(id, 'anna', 1);
    for (const { id } of proposedC) await officeC.extend(id, 'anna', 1);
    await holdAll(routers, { bird: [], gobgp: [], frr: [] });
    const ofA = await connectOffice(a.control);
    await vi.waitFor(async () => {
      for (const [network, { length }] of [
        ['b', proposedB],
        ['c', proposedC],
      ] as const) {
        const said = ((await ofA?.conversations()) ?? [])
          .filter(({ partner }) => partner === nameOf(network))
          .map(({ turns }) => turns.flatMap(({ outcome }) => outcome?.status ?? []));
        expect(said).toEqual(Array.from({ length }, () => expect.arrayContaining(['applied'])));
        expect(said.map((statuses) => statuses.at(-1))).toEqual(Array.from({ length }, () => 'expired'));
      }
    }, soon);
    expect(await whoGetsThrough(lab, visits)).toEqual(everybody);
  }, 300_000);
});

const drops = [attacker.ipv4, attacker.ipv6].map(
  (address) => `drop from ${prefix(address)} protocol 6 destination-port 80`,
);
const blackholes = [victim.ipv4, victim.ipv6].map((address) => `blackhole to ${prefix(address)}`);

/** What each prints: for BGP, (65535,666) is BLACKHOLE and (65535,65281) NO_EXPORT. */
const held: Readonly<Record<'bird' | 'gobgp' | 'frr', readonly string[]>> = {
  bird: [
    ...[victim.ipv4, victim.ipv6].map((address) => `${prefix(address)} (65535,666) (65535,65281)`),
    `flow4 { src ${prefix(attacker.ipv4)}; proto 6; dport 80; } (generic, 0x80060000, 0x0)`,
    `flow6 { src ${prefix(attacker.ipv6)}; next header 6; dport 80; } (generic, 0x80060000, 0x0)`,
  ],
  gobgp: [
    ...[victim.ipv4, victim.ipv6].map((address) => `${prefix(address)} {Communities: blackhole, no-export}`),
    `[source: ${prefix(attacker.ipv4)}][protocol: ==tcp][destination-port: ==80] {Extcomms: [discard]}`,
    `[source: ${prefix(attacker.ipv6)}/0][protocol: ==tcp][destination-port: ==80] {Extcomms: [discard]}`,
  ],
  frr: [
    ...[victim.ipv4, victim.ipv6].map((address) => `${prefix(address)} blackhole no-export`),
    ...[prefix(attacker.ipv4), `${prefix(attacker.ipv6)}/off 0`].map(
      (source) =>
        `Source Address ${source}, IP Protocol = 6, Destination Port = 80, FS:rate 0.000000, not installed in PBR`,
    ),
  ],
};

function prefix(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

async function holdAll(
  routers: Readonly<Record<keyof typeof held, LabRouter>>,
  expected: Readonly<Record<keyof typeof held, readonly string[]>>,
): Promise<void> {
  for (const name of ['bird', 'gobgp', 'frr'] as const) {
    await vi.waitFor(
      async () => expect(await routers[name].routes()).toEqual(expected[name].toSorted()),
      soon,
    );
  }
}
