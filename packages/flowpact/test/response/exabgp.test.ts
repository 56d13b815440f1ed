import { createExabgpEmitter, type Rule, ruleText } from '@flowpact/response';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLab, type Lab, labTools } from './lab/lab.ts';
import { type LabRouter, startBird, startExabgp, startFrr, startGobgp } from './lab/routers.ts';

const { skip, note } = labTools('exabgp', 'bird', 'gobgpd', 'vtysh');
const soon = { timeout: 20_000, interval: 100 };

const rules: readonly Rule[] = [
  {
    match: {
      destination: '192.0.2.10/32',
      source: '198.51.100.0/24',
      protocols: [6],
      sourcePorts: [{ low: 1024, high: 65535 }],
      destinationPorts: [{ low: 80 }, { low: 443 }],
      tcpFlags: { set: 0x02, clear: 0x10 },
      packetLengths: [{ low: 40, high: 60 }],
    },
    action: { kind: 'drop' },
  },
  {
    match: { destination: '192.0.2.11/32', protocols: [17, 47], isFragment: true },
    action: { kind: 'rateLimit', octetsPerSecond: 125_000 },
  },
  { match: { source: '198.51.100.7/32' }, action: { kind: 'redirect', routeTarget: '65000:100' } },
  { match: { destination: '192.0.2.13/32' }, action: { kind: 'mark', dscp: 8 } },
  {
    match: {
      destination: '2001:db8::10/128',
      source: '2001:db8:1::/48',
      protocols: [17],
      sourcePorts: [{ low: 53 }],
    },
    action: { kind: 'drop' },
  },
  { match: { destination: '192.0.2.99/32' }, action: { kind: 'blackhole' } },
  { match: { destination: '2001:db8::99/128' }, action: { kind: 'blackhole' } },
];

describe.skipIf(skip)(`ExaBGP and its neighbours${note}`, () => {
  let lab: Lab;
  let routers: Record<'bird' | 'gobgp' | 'frr', LabRouter>;
  let socket: string;

  beforeAll(async () => {
    lab = await createLab();
    const [bird, gobgp, frr] = await Promise.all([startBird(lab), startGobgp(lab), startFrr(lab)]);
    routers = { bird, gobgp, frr };
    ({ socket } = await startExabgp(lab, [2, 3, 4]));
  }, 60_000);
  afterAll(() => lab?.stop());

  const held: Record<'bird' | 'gobgp' | 'frr', readonly string[]> = {
    bird: [
      '192.0.2.99/32 (65535,666) (65535,65281)',
      '2001:db8::99/128 (65535,666) (65535,65281)',
      'flow4 { dst 192.0.2.10/32; src 198.51.100.0/24; proto 6; dport 80,443; sport 1024..65535; tcp flags 0x2/0x2 && 0x0/0x10; length 40..60; } (generic, 0x80060000, 0x0)',
      'flow4 { dst 192.0.2.11/32; proto 17,47; fragment !!is_fragment; } (generic, 0x80060000, 0x47f42400)',
      'flow4 { dst 192.0.2.13/32; } (generic, 0x80090000, 0x8)',
      'flow4 { src 198.51.100.7/32; } (generic, 0x8008fde8, 0x64)',
      'flow6 { dst 2001:db8::10/128; src 2001:db8:1::/48; next header 17; sport 53; } (generic, 0x80060000, 0x0)',
    ],
    gobgp: [
      '192.0.2.99/32 {Communities: blackhole, no-export}',
      '2001:db8::99/128 {Communities: blackhole, no-export}',
      '[destination: 192.0.2.10/32][source: 198.51.100.0/24][protocol: ==tcp][destination-port: ==80 ==443][source-port: >=1024&<=65535][tcp-flags: =S&!A][packet-length: >=40&<=60] {Extcomms: [discard]}',
      '[destination: 192.0.2.11/32][protocol: ==udp ==gre][fragment: is-fragment] {Extcomms: [rate: 125000.000000]}',
      '[destination: 192.0.2.13/32] {Extcomms: [remark: 8]}',
      '[destination: 2001:db8::10/128/0][source: 2001:db8:1::/48/0][protocol: ==udp][source-port: ==53] {Extcomms: [discard]}',
      '[source: 198.51.100.7/32] {Extcomms: [redirect: 65000:100]}',
    ],
    frr: [
      '192.0.2.99/32 blackhole no-export',
      '2001:db8::99/128 blackhole no-export',
      'Destination Address 192.0.2.10/32, Source Address 198.51.100.0/24, IP Protocol = 6, Destination Port = 80 , = 443, Source Port >= 1024 , <= 65535, TCP Flags = 2,&∋ ! 16, Packet Length >= 40 , <= 60, FS:rate 0.000000, not installed in PBR',
      'Destination Address 192.0.2.11/32, IP Protocol = 17 , = 47, Packet Fragment ∋ 2, FS:rate 125000.000000, not installed in PBR',
      'Destination Address 192.0.2.13/32, FS:marking 8, not installed in PBR',
      'Destination Address 2001:db8::10/128/off 0, Source Address 2001:db8:1::/48/off 0, IP Protocol = 17, Source Port = 53, FS:rate 0.000000, not installed in PBR',
      'Source Address 198.51.100.7/32, FS:redirect VRF RT:65000:100, not installed in PBR',
    ],
  };

  async function hold(expected: typeof held): Promise<void> {
    for (const name of ['bird', 'gobgp', 'frr'] as const) {
      await vi.waitFor(async () => expect(await routers[name].routes()).toEqual(expected[name]), soon);
    }
  }

  it('hold exactly the rules that were handed over, until each is withdrawn or at its end', async () => {
    const emitter = createExabgpEmitter({ name: 'edge', socket });
    const untilMs = Date.now() + 60_000;
    for (const rule of rules) {
      expect(emitter.objection(rule)).toBeUndefined();
      await emitter.apply(rule, untilMs);
    }
    await hold(held);
    const inForce = await emitter.inForce();
    expect(inForce.map(({ rule }) => ruleText(rule)).sort()).toEqual(rules.map(ruleText).sort());

    // The first is withdrawn, the others come to their end by themselves.
    await emitter.withdraw(rules[0]);
    await hold({
      bird: held.bird.filter((_, i) => i !== 2),
      gobgp: held.gobgp.filter((_, i) => i !== 2),
      frr: held.frr.filter((_, i) => i !== 2),
    });
    for (const rule of rules.slice(1)) await emitter.apply(rule, Date.now() + 1_000);
    await hold({ bird: [], gobgp: [], frr: [] });
    expect(await emitter.inForce()).toEqual([]);
  }, 60_000);

  it('are left alone where a rule is none for BGP', async () => {
    const emitter = createExabgpEmitter({ name: 'edge', socket });
    const drop: Rule = { match: { destination: '192.0.2.20/32' }, action: { kind: 'drop' } };
    await emitter.apply(drop, Date.now() + 60_000);
    await expect(
      emitter.apply({ ...drop, action: { kind: 'mark', dscp: 1 } }, Date.now() + 60_000),
    ).rejects.toThrow('withdraw "drop to 192.0.2.20/32" first');
    await emitter.withdraw(drop);
    expect(await emitter.inForce()).toEqual([]);
  }, 60_000);
});
