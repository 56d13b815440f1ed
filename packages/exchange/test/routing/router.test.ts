import {
  type Endpoint,
  type EventType,
  ipPrefixText,
  octetsToAddress,
  prefixOfEndpoint,
  prefixOfOctets,
  type SecurityEvent,
  type Tlp,
} from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartnerPolicy } from '../../src/index.ts';
import { createAddressSpace } from '../../src/partner/address-space.ts';
import { knownPartner } from '../../src/partner/known-partner.ts';
import { createRouter, type Router, type RoutingOptions } from '../../src/routing/router.ts';
import { prefixes } from '../partner/arbitrary-prefix.ts';
import { partnerNamed } from '../two-networks.ts';

interface Given {
  readonly space?: readonly string[];
  readonly asn?: number;
  readonly policy?: PartnerPolicy;
}

function routerOf(partners: Readonly<Record<string, Given>>, ownSpace: readonly string[] = []): Router {
  return createRouter(
    createAddressSpace(ownSpace, 'ours'),
    Object.entries(partners).map(([name, { space, asn, policy }]) =>
      knownPartner({
        ...partnerNamed(name),
        party: { name, asn },
        addressSpace: space,
        policy: policy ?? { trustLevel: 'high' },
      }),
    ),
  );
}

type Routed = SecurityEvent & { readonly tlp: Tlp };

function event(sources: readonly Endpoint[], targets: readonly Endpoint[] = [], tlp: Tlp = 'amber'): Routed {
  return { type: 'scan', sources, targets, tlp };
}

/** Who is told why, and who is not. */
function routed(router: Router, about: Routed, options?: RoutingOptions): Record<string, string> {
  const { routes, withheld } = router.route(about, options);
  return Object.fromEntries([
    ...routes.map(({ to, because }) => [to.name, because.map(({ kind }) => kind).join(' ')]),
    ...withheld.map(({ to, reason }) => [to.name, `not: ${reason}`]),
  ]);
}

describe('an event', () => {
  const router = routerOf(
    {
      big: { space: ['198.51.0.0/16', '2001:db8::/32'], asn: 64500 },
      small: { space: ['198.51.100.0/24'] },
      other: { space: ['203.0.113.0/24'], asn: 64501 },
    },
    ['192.0.2.0/24', '198.51.7.0/24'],
  );

  it.each<[string, Routed, Record<string, string>]>([
    ['its owner of the source', event([{ address: '203.0.113.7' }]), { other: 'ownsSource' }],
    ['its owner of the target', event([], [{ address: '2001:db8::1' }]), { big: 'ownsTarget' }],
    [
      'its owners of both',
      event([{ address: '203.0.113.7' }], [{ address: '198.51.1.1' }]),
      { other: 'ownsSource', big: 'ownsTarget' },
    ],
    [
      'the owner of the smallest network around',
      event([{ address: '198.51.100.9' }]),
      { small: 'ownsSource' },
    ],
    ['nobody, of our own network in a larger one', event([{ address: '198.51.7.9' }]), {}],
    ['nobody, of an address that nobody has', event([{ address: '100.64.0.1' }]), {}],
    [
      'the owners of parts of a network',
      event([{ address: '198.51.0.0', prefixLength: 16 }]),
      { big: 'ownsSource', small: 'ownsSource' },
    ],
    ['nobody, of everybody', event([{ address: '0.0.0.0', prefixLength: 0 }]), {}],
    ['nobody, of a forged source', event([{ address: '203.0.113.7', spoofed: true }]), {}],
    [
      'the owner of a target that somebody forges',
      event([], [{ address: '203.0.113.7', spoofed: true }]),
      { other: 'ownsTarget' },
    ],
    ["the holder of the AS, where the address is nobody's", event([{ asn: 64501 }]), { other: 'ownsSource' }],
    [
      'the owner of the address rather than that of the AS',
      event([{ address: '198.51.100.9', asn: 64501 }]),
      { small: 'ownsSource' },
    ],
    ['nobody, without sides', { type: 'scan', tlp: 'clear' }, {}],
  ])('is told %s', (_, about, expected) => {
    expect(routed(router, about)).toEqual(expected);
  });

  it('says which address and which network are the reason, one of a kind', () => {
    const { routes } = router.route(event([{ address: '198.51.1.1' }, { address: '198.51.2.2' }]));
    expect(routes.map(({ because }) => because)).toEqual([
      [{ kind: 'ownsSource', endpoint: '198.51.1.1/32', prefix: '198.51.0.0/16' }],
    ]);
  });

  it('goes to those who are named, and to nobody unknown', () => {
    const about = event([{ address: '203.0.113.7' }]);
    expect(routed(router, about, { to: ['small', 'other'] })).toEqual({
      other: 'ownsSource named',
      small: 'named',
    });
    expect(() => router.route(about, { to: ['nobody'] })).toThrowError(/no partner has the name "nobody"/);
  });

  it('reaches the partners that a scan of all networks finds', () => {
    const partner = fc.array(prefixes, { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(partner, { maxLength: 6 }), partner, prefixes, (spaces, own, asked) => {
        const named = (list: typeof own) => list.map(ipPrefixText);
        const found = routerOf(
          Object.fromEntries(spaces.map((space, i) => [`p${i}`, { space: named(space) }])),
          named(own),
        )
          .route(event([{ address: octetsToAddress(asked.octets)!, prefixLength: asked.length }]))
          .routes.map(({ to }) => to.name);
        const all = [
          ...spaces.flatMap((space, i) => space.map((p) => ({ p, owner: `p${i}` }))),
          ...own.map((p) => ({ p, owner: 'ours' })),
        ].filter(({ p }) => p.octets.length === asked.octets.length);
        const holds = (outer: typeof asked, inner: typeof asked) =>
          outer.length <= inner.length &&
          Buffer.compare(prefixOfOctets(inner.octets, outer.length).octets, outer.octets) === 0;
        const around = all.filter(({ p }) => holds(p, asked));
        const longest = Math.max(...around.map(({ p }) => p.length));
        const owners = all.filter(
          ({ p }) =>
            (holds(p, asked) && p.length === longest) || (holds(asked, p) && p.length > asked.length),
        );
        const isAnybody = asked.length < (asked.octets.length === 4 ? 8 : 12);
        const expected = isAnybody
          ? []
          : owners.map(({ owner }) => owner).filter((owner) => owner !== 'ours');
        expect(found.sort()).toEqual([...new Set(expected)].sort());
        expect(prefixOfEndpoint({ address: octetsToAddress(asked.octets)! })).toBeDefined();
      }),
    );
  });
});

describe('the Traffic Light Protocol', () => {
  const all: readonly EventType[] = ['scan'];
  const partners = {
    owner: { space: ['203.0.113.0/24'], policy: { trustLevel: 'high' } },
    client: { space: ['203.0.113.0/24'], policy: { trustLevel: 'high', isClient: true } },
    subscriber: { policy: { trustLevel: 'high', subscriptions: all } },
    named: { policy: { trustLevel: 'high' } },
    green: { policy: { subscriptions: all, disclosure: { maxTlp: 'green' } } },
  } as const;
  const router = routerOf(partners);
  const told = (tlp: Tlp, options: RoutingOptions) =>
    Object.entries(
      routed(router, event([{ address: '203.0.113.7' }], [], tlp), { to: ['named'], ...options }),
    )
      .filter(([, why]) => !why.startsWith('not'))
      .map(([name]) => name);

  it.each<[Tlp, readonly string[], readonly string[]]>([
    [
      'clear',
      ['owner', 'client', 'subscriber', 'named', 'green'],
      ['owner', 'client', 'subscriber', 'named', 'green'],
    ],
    [
      'green',
      ['owner', 'client', 'subscriber', 'named', 'green'],
      ['owner', 'client', 'subscriber', 'named', 'green'],
    ],
    ['amber', ['owner', 'client', 'named'], ['client']],
    ['amberStrict', ['owner', 'client', 'named'], []],
    ['red', ['named'], []],
  ])('%s', (tlp, found, relayed) => {
    expect(told(tlp, {}).sort()).toEqual([...found].sort());
    expect(told(tlp, { cameBy: ['elsewhere'] }).sort()).toEqual([...relayed].sort());
  });

  it('says why somebody is not told', () => {
    expect(routed(router, event([{ address: '203.0.113.7' }], [], 'red'), { to: ['named'] })).toEqual({
      owner: 'not: TLP:RED: the partner was not named',
      client: 'not: TLP:RED: the partner was not named',
      subscriber: 'not: TLP:RED: the partner was not named',
      named: 'named',
      green: 'not: TLP:RED, and the partner may see up to TLP:GREEN',
    });
  });

  it('tells nobody what it has from them', () => {
    const about = event([{ address: '203.0.113.7' }], [], 'clear');
    expect(Object.keys(routed(router, about, { cameBy: ['owner', 'green'] })).sort()).toEqual([
      'client',
      'subscriber',
    ]);
  });

  it('tells a partner of the types that it is told of, and one without trust nothing', () => {
    const some = routerOf({
      ddos: { space: ['203.0.113.0/24'], policy: { disclosure: { eventTypes: ['dDoS'] } } },
      nobody: { space: ['203.0.113.0/24'], policy: { trustLevel: 'none' } },
    });
    expect(routed(some, event([{ address: '203.0.113.7' }]))).toEqual({
      ddos: 'not: it is not told of the type scan',
      nobody: 'not: it is not told of the type scan',
    });
  });
});
