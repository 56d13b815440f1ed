import { describe, expect, it } from 'vitest';
import { createGobgpEmitter, type GobgpEmitterConfig, type Rule, ruleText } from '../../../src/index.ts';
import { createFakeGobgp } from './fake-gobgp.ts';

const nowMs = Date.UTC(2030, 0, 1);
const clock = { now: () => nowMs };
const untilMs = nowMs + 60_000;

function emitterOf(config: Partial<GobgpEmitterConfig> = {}) {
  const gobgp = createFakeGobgp();
  return { gobgp, emitter: createGobgpEmitter({ name: 'core', ...config }, { run: gobgp.run, clock }) };
}

const drop = (destination: string): Rule => ({ match: { destination }, action: { kind: 'drop' } });
const ours = { type: 8, communities: [64496 * 65536 + 8955] };
const discard = { type: 16, value: [{ type: 128, subtype: 6, as: 0, rate: 0 }] };
const to = (prefix: string) => ({ type: 1, value: { prefix } });

/** A table of one route, as GoBGP 3.10 shows it. */
function one(value: readonly object[], attrs: readonly object[], more: object = {}): object {
  return { key: [{ nlri: { value }, attrs: [{ type: 1, value: 2 }, ...attrs], ...more }] };
}

describe('createGobgpEmitter', () => {
  it('adds and takes out what rules say', async () => {
    const { emitter, gobgp } = emitterOf();
    const rule: Rule = {
      match: {
        destination: '192.0.2.10/32',
        source: '198.51.100.0/24',
        protocols: [6],
        sourcePorts: [{ low: 1024, high: 65535 }],
        destinationPorts: [{ low: 80 }, { low: 443 }],
        tcpFlags: { set: 2, clear: 16 },
        packetLengths: [{ low: 40, high: 60 }],
        isFragment: true,
      },
      action: { kind: 'drop' },
    };
    await emitter.apply(rule, untilMs);
    const words =
      'match destination 192.0.2.10/32 source 198.51.100.0/24 protocol ==6 destination-port ==80 ==443 source-port >=1024&<=65535 tcp-flags =S&!A packet-length >=40&<=60 fragment is-fragment then discard community 64496:8955';
    expect(gobgp.changes.at(-1)).toBe(`-u 127.0.0.1 -p 50051 global rib add -a ipv4-flowspec ${words}`);
    await emitter.withdraw(rule);
    expect(gobgp.changes).toHaveLength(1);
    gobgp.ribs['ipv4-flowspec'] = one([to('192.0.2.1/32')], [ours, discard]);
    await emitter.withdraw(drop('192.0.2.1/32'));
    expect(gobgp.changes.at(-1)).toContain(
      'rib del -a ipv4-flowspec match destination 192.0.2.1/32 then discard',
    );
  });

  it.each<[string, Rule]>([
    [
      '-a ipv6-flowspec match source 2001:db8::/64 then mark 46',
      { match: { source: '2001:db8::/64' }, action: { kind: 'mark', dscp: 46 } },
    ],
    [
      'then rate-limit 125000',
      { match: { source: '192.0.2.1/32' }, action: { kind: 'rateLimit', octetsPerSecond: 125_000 } },
    ],
    [
      'then redirect 65000:4294967295',
      { match: { source: '192.0.2.1/32' }, action: { kind: 'redirect', routeTarget: '65000:4294967295' } },
    ],
    // As it stands, GoBGP 3.10 would take it for 65535:100.
    [
      'then redirect 64086.59904:100',
      { match: { source: '192.0.2.1/32' }, action: { kind: 'redirect', routeTarget: '4200000000:100' } },
    ],
    [
      'then redirect 192.0.2.1:100',
      { match: { source: '192.0.2.1/32' }, action: { kind: 'redirect', routeTarget: '192.0.2.1:100' } },
    ],
    [
      'rib add -a ipv4 192.0.2.1/32 nexthop 192.0.2.1 community 65535:666,65535:65281,64496:8955',
      { match: { destination: '192.0.2.1/32' }, action: { kind: 'blackhole' } },
    ],
    [
      'rib add -a ipv6 2001:db8::1/128 nexthop 100::1',
      { match: { destination: '2001:db8::1/128' }, action: { kind: 'blackhole' } },
    ],
  ])('says %s', async (words, rule) => {
    const { emitter, gobgp } = emitterOf();
    expect(emitter.objection(rule)).toBeUndefined();
    await emitter.apply(rule, untilMs);
    expect(gobgp.changes.at(-1)).toContain(words);
  });

  it.each<[string, object]>([
    ['drop to 192.0.2.1/32', one([to('192.0.2.1/32')], [ours, discard])],
    [
      'drop from 198.51.100.0/24 to 192.0.2.10/32 protocol 6,17,132 source-port 5 destination-port 80,443,1024-2000 length 0-60 fragments',
      one(
        [
          to('192.0.2.10/32'),
          { type: 2, value: { prefix: '198.51.100.0/24' } },
          {
            type: 3,
            value: [
              { op: 1, value: 6 },
              { op: 1, value: 17 },
              { op: 129, value: 132 },
            ],
          },
          {
            type: 5,
            value: [
              { op: 1, value: 80 },
              { op: 17, value: 443 },
              { op: 19, value: 1024 },
              { op: 213, value: 2000 },
            ],
          },
          { type: 6, value: [{ op: 129, value: 5 }] },
          {
            type: 10,
            value: [
              { op: 3, value: 0 },
              { op: 197, value: 60 },
            ],
          },
          { type: 12, value: [{ op: 128, value: 2 }] },
        ],
        [ours, discard],
      ),
    ],
    [
      'rate-limit 125000000 octets/s to 192.0.2.11/32 protocol 6 tcp-flags !fin,syn,!rst,ack',
      one(
        [
          to('192.0.2.11/32'),
          { type: 3, value: [{ op: 129, value: 6 }] },
          {
            type: 9,
            value: [
              { op: 1, value: 18 },
              { op: 194, value: 5 },
            ],
          },
        ],
        [ours, { type: 16, value: [{ type: 128, subtype: 6, as: 0, rate: 125000000 }] }],
      ),
    ],
    [
      'mark 5 to 2001:db8::1/128 protocol 6 tcp-flags !syn,!cwr',
      one(
        [
          { ...to('2001:db8::1/128'), offset: 0 },
          { type: 3, value: [{ op: 129, value: 6 }] },
          { type: 9, value: [{ op: 130, value: 130 }] },
        ],
        [ours, { type: 16, value: [{ type: 128, subtype: 9, value: 5 }] }],
      ),
    ],
    [
      'redirect 65000:7 to 192.0.2.1/32',
      one([to('192.0.2.1/32')], [ours, { type: 16, value: [{ type: 128, subtype: 8, value: '65000:7' }] }]),
    ],
    [
      'redirect 192.0.2.1:100 to 192.0.2.1/32',
      one(
        [to('192.0.2.1/32')],
        [ours, { type: 16, value: [{ type: 129, subtype: 8, value: '192.0.2.1:100' }] }],
      ),
    ],
    [
      'redirect 4200000000:100 to 192.0.2.1/32',
      one(
        [to('192.0.2.1/32')],
        [ours, { type: 16, value: [{ type: 130, subtype: 8, value: '64086.59904:100' }] }],
      ),
    ],
    [
      'blackhole to 192.0.2.1/32',
      {
        '192.0.2.1/32': [
          {
            nlri: { prefix: '192.0.2.1/32' },
            attrs: [{ type: 8, communities: [4294902426, 4294967041, ...ours.communities] }],
          },
        ],
      },
    ],
  ])('reads %s', async (text, rib) => {
    const { emitter, gobgp } = emitterOf();
    gobgp.ribs['ipv4-flowspec'] = rib;
    const inForce = await emitter.inForce();
    expect(inForce.map(({ rule }) => ruleText(rule))).toEqual([text]);
    // It does not go by itself.
    expect(inForce[0].untilMs).toBeUndefined();
  });

  it.each<[string, object]>([
    ['without our mark', one([to('192.0.2.1/32')], [discard])],
    [
      'with our mark, learnt from a neighbour',
      one([to('192.0.2.1/32')], [ours, discard], { 'neighbor-ip': '192.0.2.9' }),
    ],
    ['with an offset', one([{ ...to('2001:db8::1/128'), offset: 64 }], [ours, discard])],
    [
      'with what rules do not ask',
      one([to('192.0.2.1/32'), { type: 4, value: [{ op: 129, value: 5 }] }], [ours, discard]),
    ],
    [
      'with an open range',
      one([to('192.0.2.1/32'), { type: 10, value: [{ op: 131, value: 5 }] }], [ours, discard]),
    ],
    [
      'with protocols as a range',
      one(
        [
          to('192.0.2.1/32'),
          {
            type: 3,
            value: [
              { op: 3, value: 5 },
              { op: 197, value: 7 },
            ],
          },
        ],
        [ours, discard],
      ),
    ],
    [
      'with other fragments',
      one([to('192.0.2.1/32'), { type: 12, value: [{ op: 128, value: 4 }] }], [ours, discard]),
    ],
    [
      'with two actions',
      one([to('192.0.2.1/32')], [ours, { type: 16, value: [...discard.value, ...discard.value] }]),
    ],
    ['without an action', one([to('192.0.2.1/32')], [ours])],
    [
      'with another action',
      one([to('192.0.2.1/32')], [ours, { type: 16, value: [{ type: 128, subtype: 7, value: 1 }] }]),
    ],
    ['that is an ordinary one', { key: [{ nlri: { prefix: '192.0.2.0/24' }, attrs: [ours] }] }],
  ])('leaves alone a route %s', async (_, rib) => {
    const { emitter, gobgp } = emitterOf();
    gobgp.ribs.ipv4 = rib;
    expect(await emitter.inForce()).toEqual([]);
    await emitter.withdraw(drop('192.0.2.1/32'));
    expect(gobgp.changes).toEqual([]);
  });

  it('does not write over a route of somebody else, nor one of ours with another action', async () => {
    const { emitter, gobgp } = emitterOf();
    gobgp.ribs['ipv4-flowspec'] = one([to('192.0.2.1/32')], [discard]);
    await expect(emitter.apply(drop('192.0.2.1/32'), untilMs)).rejects.toThrow(
      'somebody else has the same route',
    );
    gobgp.ribs['ipv4-flowspec'] = one([to('192.0.2.1/32')], [ours, discard]);
    const mark: Rule = { match: { destination: '192.0.2.1/32' }, action: { kind: 'mark', dscp: 1 } };
    await expect(emitter.apply(mark, untilMs)).rejects.toThrow('withdraw "drop to 192.0.2.1/32" first');
    expect(gobgp.changes).toEqual([]);
    await emitter.apply(drop('192.0.2.1/32'), untilMs);
    expect(gobgp.changes).toHaveLength(1);
  });

  it('does not begin with what is over, and says what gobgp says', async () => {
    const { emitter, gobgp } = emitterOf();
    await expect(emitter.apply(drop('192.0.2.1/32'), nowMs)).rejects.toThrow('its time is over');
    gobgp.ribs.ipv4 = 'context deadline exceeded';
    await expect(emitter.inForce()).rejects.toThrow('core: its ipv4 table cannot be read');
  });

  it('asks where it is told', async () => {
    const { emitter, gobgp } = emitterOf({
      api: 'unix:///run/gobgp.sock',
      netns: 'core',
      gobgp: '/opt/gobgp',
    });
    await emitter.inForce();
    expect(gobgp.calls[0].program).toBe('ip');
    expect(gobgp.calls[0].args.join(' ')).toBe(
      'netns exec core /opt/gobgp --target unix:///run/gobgp.sock -j global rib -a ipv4',
    );
    const other = emitterOf({ api: '[2001:db8::1]:50051' });
    await other.emitter.inForce();
    expect(other.gobgp.calls[0].args.join(' ')).toContain('-u 2001:db8::1 -p 50051');
  });

  it.each<Partial<GobgpEmitterConfig>>([
    { api: 'nowhere' },
    { api: '--help:1' },
    { mark: '65536:1' },
    { mark: 'no-export' },
    { nextHopIpv4: '::1' },
    { nextHopIpv6: '192.0.2.1' },
    { communities: ['65535:666', 'then'] },
  ])('refuses a configuration: %j', (config) => {
    expect(() => emitterOf(config)).toThrow(`gobgp: ${Object.keys(config)[0]}`);
  });

  it('knows what GoBGP cannot say', () => {
    const { emitter } = emitterOf();
    const of = (rule: Rule) => emitter.objection(rule);
    expect(
      of({ match: { source: '192.0.2.1/32' }, action: { kind: 'rateLimit', octetsPerSecond: 0 } }),
    ).toContain('drop');
    expect(
      of({ match: { source: '192.0.2.1/32' }, action: { kind: 'rateLimit', octetsPerSecond: 16_777_217 } }),
    ).toContain('16777216');
    expect(of({ match: { destination: '192.0.2.0/24' }, action: { kind: 'blackhole' } })).toContain('single');
  });
});
