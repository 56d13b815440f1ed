import { describe, expect, it } from 'vitest';
import {
  completePolicy,
  createExchange,
  createMemoryJournal,
  defaultPolicies,
  ExchangeError,
  type Partner,
  type PartnerPolicy,
  systemClock,
} from '../../src/index.ts';
import { knownPartner } from '../../src/partner/known-partner.ts';
import { partnerNamed } from '../two-networks.ts';

const withPolicy = (policy: PartnerPolicy): Partner => ({ ...partnerNamed('isp-b.example'), policy });

describe('a partner', () => {
  it.each<[PartnerPolicy, RegExp]>([
    [
      { trustLevel: 'highest' as never },
      /policy\.trustLevel has "highest"; there are none, low, medium, high/,
    ],
    [{ subscriptions: ['ddos' as never] }, /policy\.subscriptions has "ddos"; there are cuC, dDoS/],
    [{ foreignSpace: 'drop' as never }, /policy\.foreignSpace has "drop"; there are refuse, mark/],
    [{ disclosure: { eventTypes: ['ddos' as never] } }, /policy\.disclosure\.eventTypes has "ddos"/],
    [{ disclosure: { maxTlp: 'white' as never } }, /policy\.disclosure\.maxTlp has "white"; there are clear/],
    [
      { disclosure: { fields: ['urls' as never] } },
      /policy\.disclosure\.fields has "urls"; there are detector/,
    ],
    [{ disclosure: { maxFlows: -1 } }, /policy\.disclosure\.maxFlows is -1; it is a whole number from 0 to/],
    [
      { disclosure: { anonymisation: { kind: 'truncation', of: ['ours'], ipv4Bits: 33, ipv6Bits: 48 } } },
      /anonymisation\.ipv4Bits is 33; it is a whole number from 0 to 32/,
    ],
    [
      { disclosure: { anonymisation: { kind: 'prefixPreserving', of: ['ours'], key: Buffer.alloc(16) } } },
      /anonymisation\.key has 16 octets; it is 32 random ones/,
    ],
    [
      {
        disclosure: {
          anonymisation: { kind: 'prefixPreserving', of: ['theirs' as never], key: Buffer.alloc(32) },
        },
      },
      /anonymisation\.of has "theirs"; there are ours, attackers, others/,
    ],
    [
      { disclosure: { anonymisation: { kind: 'shuffle' } as never } },
      /anonymisation\.kind is none of none, truncation, prefixPreserving/,
    ],
    [{ asks: { actions: ['reboot' as never] } }, /policy\.asks\.actions has "reboot"; there are moreFlows/],
    [{ asks: { maxLifetimeSeconds: 0 } }, /policy\.asks\.maxLifetimeSeconds is 0/],
    [{ asks: { minIpv4PrefixLength: 33 } }, /policy\.asks\.minIpv4PrefixLength is 33/],
    [{ rateLimit: { messages: 0 } }, /policy\.rateLimit\.messages is 0; it is a whole number from 1/],
  ])('has no policy %j', (policy, reason) => {
    const make = () => knownPartner(withPolicy(policy));
    expect(make).toThrowError(ExchangeError);
    expect(make).toThrowError(reason);
    expect(make).toThrowError(/^partner "isp-b\.example": /);
  });

  it('is checked before an exchange knows it', () => {
    const partner = { ...partnerNamed('isp-b.example'), addressSpace: ['192.0.2.0/24', '192.0.2.7/24'] };
    expect(() =>
      createExchange(
        { self: { name: 'isp-a.example' }, partners: [partner] },
        { transports: [], codecs: [], journal: createMemoryJournal(), clock: systemClock },
      ),
    ).toThrowError(
      expect.objectContaining({
        code: 'EXCHANGE_BAD_CONFIG',
        message: expect.stringMatching(
          /^partner "isp-b\.example": addressSpace\[1\]: .*"192\.0\.2\.7\/24".* its network is 192\.0\.2\.0\/24$/,
        ),
      }),
    );
  });

  it('has the policy of its trust level where it has none of its own', () => {
    expect(completePolicy()).toEqual(defaultPolicies.low);
    const policy = completePolicy({ trustLevel: 'medium', asks: { maxLifetimeSeconds: 60 } });
    expect(policy).toEqual({
      ...defaultPolicies.medium,
      asks: { ...defaultPolicies.medium.asks, maxLifetimeSeconds: 60 },
    });
  });

  it('may see and ask no less the more it is trusted', () => {
    const levels = ['none', 'low', 'medium', 'high'] as const;
    for (const [i, level] of levels.slice(1).entries()) {
      const [less, more] = [defaultPolicies[levels[i]!], defaultPolicies[level]];
      expect(more.asks.actions).toEqual(expect.arrayContaining([...less.asks.actions]));
      expect(more.disclosure.fields).toEqual(expect.arrayContaining([...less.disclosure.fields]));
      expect(more.disclosure.eventTypes).toEqual(expect.arrayContaining([...less.disclosure.eventTypes]));
    }
    expect(defaultPolicies.none.asks.actions).toEqual([]);
    expect(defaultPolicies.none.disclosure.eventTypes).toEqual([]);
  });
});
