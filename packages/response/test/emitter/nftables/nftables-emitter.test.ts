import { describe, expect, it } from 'vitest';
import { nftKey } from '../../../src/emitter/nftables/nft-key.ts';
import { nftSetName } from '../../../src/emitter/nftables/nft-script.ts';
import {
  createNftablesEmitter,
  type NftablesEmitterConfig,
  normalRule,
  type Rule,
} from '../../../src/index.ts';
import { createFakeNft } from './fake-nft.ts';

const nowMs = Date.UTC(2030, 0, 1);
const clock = { now: () => nowMs };

function emitterOf(config: Partial<NftablesEmitterConfig> = {}) {
  const nft = createFakeNft();
  return { nft, emitter: createNftablesEmitter({ name: 'wall', ...config }, { run: nft.run, clock }) };
}

const tcp = normalRule({
  match: {
    destination: '192.0.2.10',
    source: '198.51.100.0/24',
    protocols: [6],
    sourcePorts: [{ low: 1024, high: 65535 }],
    destinationPorts: [{ low: 80 }, { low: 443 }, { low: 1024, high: 2000 }],
    tcpFlags: { set: 2, clear: 16 },
    packetLengths: [{ low: 40, high: 60 }, { low: 100 }],
    isFragment: true,
  },
  action: { kind: 'drop' },
});
const ipv6 = normalRule({
  match: {
    destination: '2001:db8::/64',
    source: '2001:db8:1::5',
    protocols: [6, 17],
    destinationPorts: [{ low: 53 }],
    isFragment: true,
  },
  action: { kind: 'rateLimit', octetsPerSecond: 125_000 },
});
const marked = normalRule({ match: { source: '192.0.2.11' }, action: { kind: 'mark', dscp: 8 } });
const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
const equal = (left: object, right: unknown) => ({ match: { op: '==', left, right } });
const counter = { counter: { packets: 5, bytes: 500 } };

const place = `add table inet flowpact
add chain inet flowpact rules { type filter hook forward priority -10; policy accept; }
`;

/** As nft 1.0.6 shows these rules: the map that leads to the rule, and what looks into it, come first. */
function listed(rule: Rule, elem: object, expr: readonly object[], handle = 7): object[] {
  const set = nftSetName(rule);
  const { map, chain, network } = nftKey(rule);
  const named = (expr as { match?: { right: unknown } }[]).map((each) =>
    each.match?.right === '@' ? { match: { ...each.match, right: `@${set}` } } : each,
  );
  return [
    { set: { family: 'inet', name: set, table: 'flowpact', handle: 2, elem: [{ elem }] } },
    { rule: { family: 'inet', table: 'flowpact', chain, handle, expr: named } },
    { map: { family: 'inet', name: map, map: 'verdict', elem: [[network, { jump: { target: chain } }]] } },
    { chain: { family: 'inet', name: chain } },
    { rule: { chain: 'rules', handle: handle + 100, expr: [{ vmap: { data: `@${map}` } }] } },
  ];
}
const listedTcp = listed(tcp, { val: '192.0.2.10', timeout: 59, expires: 58 }, [
  equal(payload('ip', 'daddr'), '@'),
  equal(payload('ip', 'saddr'), { prefix: { addr: '198.51.100.0', len: 24 } }),
  equal(payload('tcp', 'sport'), { range: [1024, 65535] }),
  equal(payload('tcp', 'dport'), { set: [80, 443, { range: [1024, 2000] }] }),
  equal({ '&': [payload('tcp', 'flags'), [2, 16]] }, 2),
  equal({ meta: { key: 'length' } }, { set: [{ range: [40, 60] }, 100] }),
  { match: { op: '!=', left: { '&': [payload('ip', 'frag-off'), 16383] }, right: 0 } },
  counter,
  { drop: null },
]);
const listedIpv6 = listed(
  ipv6,
  { val: { prefix: { addr: '2001:db8::', len: 64 } }, timeout: 61, expires: 60 },
  [
    equal(payload('ip6', 'daddr'), '@'),
    equal(payload('ip6', 'saddr'), '2001:db8:1::5'),
    equal({ meta: { key: 'l4proto' } }, { set: [6, 17] }),
    equal(payload('th', 'dport'), 53),
    equal({ exthdr: { name: 'frag' } }, true),
    { limit: { rate: 125000, burst: 0, per: 'second', inv: true, rate_unit: 'bytes', burst_unit: 'bytes' } },
    counter,
    { drop: null },
  ],
);
const listedMarked = listed(marked, { val: '192.0.2.11', timeout: 5, expires: 4 }, [
  equal(payload('ip', 'saddr'), '@'),
  counter,
  { mangle: { key: payload('ip', 'dscp'), value: 8 } },
]);

const without = (place: number): object[] => listedMarked.filter((_, i) => i !== place);

describe('createNftablesEmitter', () => {
  it('makes a rule and the set that it lives by, checked first', async () => {
    const { emitter, nft } = emitterOf();
    await emitter.apply(tcp, nowMs + 59_500);
    const set = nftSetName(tcp);
    const { chain } = nftKey(tcp);
    expect(nft.scripts.at(-1)).toBe(
      `${place}add map inet flowpact d4_32 { type ipv4_addr : verdict; }
add chain inet flowpact ${chain}
add element inet flowpact d4_32 { 192.0.2.10 : jump ${chain} }
add rule inet flowpact rules ip daddr vmap @d4_32
add set inet flowpact ${set} { type ipv4_addr; flags timeout; }
add rule inet flowpact ${chain} ip daddr @${set} ip saddr 198.51.100.0/24 meta l4proto { 6 } th sport { 1024-65535 } th dport { 80, 443, 1024-2000 } tcp flags & 18 == 2 meta length { 40-60, 100 } ip frag-off & 0x3fff != 0 counter drop
flush set inet flowpact ${set}
add element inet flowpact ${set} { 192.0.2.10 timeout 59500ms }
`,
    );
    const written = nft.calls.filter(({ args }) => args.includes('-f'));
    for (let i = 0; i < written.length; i += 2) {
      expect(written[i].args).toEqual(['-c', '-f', '-']);
      expect(written[i + 1]).toEqual({ ...written[i], args: ['-f', '-'] });
    }
  });

  it('changes nothing where the check fails', async () => {
    const { emitter, nft } = emitterOf();
    nft.fails = ({ args, input = '' }) => args.includes('-c') && input.includes('add rule');
    await expect(emitter.apply(tcp, nowMs + 59_500)).rejects.toThrow('nft says no');
    expect(nft.scripts).toEqual([]);
    nft.fails = () => false;
    await emitter.apply(tcp, nowMs + 59_500);
    expect(nft.scripts.at(-1)).toContain('add rule');
  });

  it('reads back what is in the kernel', async () => {
    const { emitter, nft } = emitterOf();
    nft.table = [{ metainfo: {} }, ...listedTcp, ...listedIpv6, ...listedMarked];
    expect(await emitter.inForce()).toEqual([
      { rule: tcp, untilMs: nowMs + 58_000 },
      { rule: ipv6, untilMs: nowMs + 60_000 },
      { rule: marked, untilMs: nowMs + 4_000 },
    ]);
  });

  it.each([
    [
      'a rule that says something else',
      listed(tcp, { val: '192.0.2.10', expires: 5 }, [equal(payload('ip', 'daddr'), '@'), { drop: null }]),
    ],
    ['a rule twice', [...listedMarked, listedMarked[1]]],
    ['a set without a rule', without(1)],
    ['a rule without a set', without(0)],
    ['a set that is empty', [{ set: { name: nftSetName(marked) } }, ...without(0)]],
    ['a rule that no map leads to', without(2)],
    ['a rule whose map nothing looks into', without(4)],
    [
      'a rule that its map leads past',
      [...without(2), { map: { name: nftKey(marked).map, elem: [['192.0.2.11', { accept: null }]] } }],
    ],
    ['a set of another name', [{ set: { name: 'mine', elem: [{ elem: { val: '192.0.2.1' } }] } }]],
    [
      'a rule of somebody else',
      [{ rule: { handle: 1, expr: [equal(payload('ip', 'daddr'), '192.0.2.1')] } }],
    ],
  ])('does not take for its own %s', async (_, table) => {
    const { emitter, nft } = emitterOf();
    nft.table = table;
    expect(await emitter.inForce()).toEqual([]);
  });

  it('gives a rule that is there its new time, and makes it no second time', async () => {
    const { emitter, nft } = emitterOf();
    nft.table = listedMarked;
    await emitter.apply(marked, nowMs + 10_000);
    const set = nftSetName(marked);
    const { chain } = nftKey(marked);
    expect(nft.scripts.at(-1)).toBe(
      `${place}add map inet flowpact s4_32 { type ipv4_addr : verdict; }
add chain inet flowpact ${chain}
add element inet flowpact s4_32 { 192.0.2.11 : jump ${chain} }
flush set inet flowpact ${set}
add element inet flowpact ${set} { 192.0.2.11 timeout 10000ms }
`,
    );
  });

  it('sweeps away what has ended, and withdraws', async () => {
    const { emitter, nft } = emitterOf();
    const another = normalRule({ ...tcp, match: { destination: '192.0.2.10', protocols: [17] } });
    const [anotherSet, anotherRule] = listed(another, { val: '192.0.2.10', expires: 5 }, [], 8);
    const [, ...restOfIpv6] = listedIpv6;
    nft.table = [...listedTcp, anotherSet, anotherRule, { set: { name: nftSetName(ipv6) } }, ...restOfIpv6];
    await emitter.withdraw(tcp);
    // The chain of the other rule to the same host stays, with what leads there.
    const [keyOfIpv6, keyOfTcp] = [nftKey(ipv6), nftKey(tcp)];
    expect(nft.scripts.at(-1)).toBe(
      `delete rule inet flowpact ${keyOfIpv6.chain} handle 7
delete rule inet flowpact ${keyOfTcp.chain} handle 7
delete element inet flowpact d6_64 { 2001:db8:: }
delete rule inet flowpact rules handle 107
delete map inet flowpact d6_64
delete chain inet flowpact ${keyOfIpv6.chain}
delete set inet flowpact ${nftSetName(ipv6)}
delete set inet flowpact ${nftSetName(tcp)}
`,
    );
    nft.table = [];
    const before = nft.calls.length;
    await emitter.withdraw(tcp);
    expect(nft.calls.slice(before).map(({ args }) => args.join(' '))).toEqual([
      '-j -nn list table inet flowpact',
    ]);
  });

  it('makes the table where somebody has taken it away', async () => {
    const { emitter, nft } = emitterOf();
    let isThere = false;
    nft.fails = ({ args, input = '' }) => {
      if (args[0] === '-f') isThere ||= input.startsWith('add table');
      return args.includes('list') && !isThere;
    };
    expect(await emitter.inForce()).toEqual([]);
    expect(nft.scripts).toEqual([place]);
  });

  it('does not begin with what is over', async () => {
    const { emitter, nft } = emitterOf();
    await expect(emitter.apply(marked, nowMs)).rejects.toThrow('its time is over');
    expect(nft.scripts.join()).not.toContain('element');
  });

  it('goes where it is told', async () => {
    const { emitter, nft } = emitterOf({
      table: 'flowpact_edge',
      hook: 'prerouting',
      priority: -150,
      netns: 'edge',
      nft: '/sbin/nft',
    });
    await emitter.start();
    expect(nft.calls[0]).toMatchObject({
      program: 'ip',
      args: ['netns', 'exec', 'edge', '/sbin/nft', '-c', '-f', '-'],
    });
    expect(nft.calls[0].input).toBe(
      'add table inet flowpact_edge\nadd chain inet flowpact_edge rules { type filter hook prerouting priority -150; policy accept; }\n',
    );
  });

  it.each([
    ['table', 'filter'],
    ['table', 'flowpact; flush ruleset'],
    ['hook', 'output'],
    ['priority', 1e9],
    ['priority', '0; }'],
  ])('refuses a configuration: %s %s', (field, value) => {
    expect(() => emitterOf({ [field]: value })).toThrow(`nftables: ${field}`);
  });

  it('knows what nftables cannot say', () => {
    const { emitter } = emitterOf();
    const of = (action: Rule['action']) =>
      emitter.objection({ match: { destination: '192.0.2.1/32' }, action });
    expect(of({ kind: 'drop' })).toBeUndefined();
    expect(of({ kind: 'rateLimit', octetsPerSecond: 1e10 })).toBeUndefined();
    expect(of({ kind: 'rateLimit', octetsPerSecond: 1e10 + 1 })).toContain('rates up to');
    expect(of({ kind: 'rateLimit', octetsPerSecond: 0 })).toContain('drop');
    expect(of({ kind: 'redirect', routeTarget: '65000:1' })).toContain('route targets');
    expect(of({ kind: 'blackhole' })).toContain('drop');
  });
});
