import { describe, expect, it } from 'vitest';
import { ResponseError, type Rule, ruleText } from '../../src/index.ts';

describe('ruleText', () => {
  it('says everything that a rule says', () => {
    const rule: Rule = {
      match: {
        destination: '192.0.2.10/32',
        source: '198.51.100.0/24',
        protocols: [6],
        sourcePorts: [{ low: 1024, high: 65535 }],
        destinationPorts: [{ low: 443 }, { low: 80 }],
        tcpFlags: { set: 0x02, clear: 0x10 },
        packetLengths: [{ low: 0, high: 60 }],
        isFragment: true,
      },
      action: { kind: 'rateLimit', octetsPerSecond: 125_000 },
    };
    expect(ruleText(rule)).toBe(
      'rate-limit 125000 octets/s from 198.51.100.0/24 to 192.0.2.10/32 protocol 6 source-port 1024-65535 ' +
        'destination-port 80,443 tcp-flags syn,!ack length 0-60 fragments',
    );
  });

  it('is the same for rules that say the same', () => {
    const one = ruleText({
      match: {
        destination: '2001:DB8:0::1',
        protocols: [17, 6, 17],
        destinationPorts: [{ low: 5, high: 9 }, { low: 10 }],
      },
      action: { kind: 'drop' },
    });
    const other = ruleText({
      match: { destination: '2001:db8::1/128', protocols: [6, 17], destinationPorts: [{ low: 5, high: 10 }] },
      action: { kind: 'drop' },
    });
    expect(one).toBe(other);
    expect(one).toBe('drop to 2001:db8::1/128 protocol 6,17 destination-port 5-10');
  });

  const drop = { kind: 'drop' } as const;
  it.each<[string, Rule]>([
    ['hit everybody', { match: {}, action: drop }],
    ['hit everybody', { match: { protocols: [17] }, action: drop }],
    ['different families', { match: { source: '192.0.2.1', destination: '2001:db8::1' }, action: drop }],
    ['bits behind the length', { match: { source: '192.0.2.1/24' }, action: drop }],
    ['not an IPv4 or IPv6', { match: { source: '192.0.2.1; flush ruleset' }, action: drop }],
    ['any protocol', { match: { source: '192.0.2.1', destinationPorts: [{ low: 80 }] }, action: drop }],
    ['of 1,', { match: { source: '192.0.2.1', protocols: [1], sourcePorts: [{ low: 80 }] }, action: drop }],
    [
      'below',
      { match: { source: '192.0.2.1', protocols: [6], sourcePorts: [{ low: 80, high: 79 }] }, action: drop },
    ],
    ['is empty', { match: { source: '192.0.2.1', protocols: [] }, action: drop }],
    ['whole number', { match: { source: '192.0.2.1', protocols: [256] }, action: drop }],
    [
      'both set and clear',
      { match: { source: '192.0.2.1', protocols: [6], tcpFlags: { set: 2, clear: 2 } }, action: drop },
    ],
    ['of TCP alone', { match: { source: '192.0.2.1', tcpFlags: { set: 2, clear: 0 } }, action: drop }],
    ['a blackhole', { match: { source: '192.0.2.1' }, action: { kind: 'blackhole' } }],
    ['a blackhole', { match: { destination: '192.0.2.1', protocols: [6] }, action: { kind: 'blackhole' } }],
    [
      'route target',
      { match: { source: '192.0.2.1' }, action: { kind: 'redirect', routeTarget: '1.2.3:4' } },
    ],
    [
      'route target',
      { match: { source: '192.0.2.1' }, action: { kind: 'redirect', routeTarget: '70000:70000' } },
    ],
    ['from 0 to 63', { match: { source: '192.0.2.1' }, action: { kind: 'mark', dscp: 64 } }],
    ['whole number', { match: { source: '192.0.2.1' }, action: { kind: 'rateLimit', octetsPerSecond: -1 } }],
  ])('refuses what no rule can say: %s', (reason, rule) => {
    expect(() => ruleText(rule)).toThrow(ResponseError);
    expect(() => ruleText(rule)).toThrow(reason);
  });

  it('takes the route targets of RFC 8955', () => {
    for (const routeTarget of ['65000:4294967295', '4200000000:65535', '192.0.2.1:100']) {
      const rule: Rule = { match: { source: '192.0.2.1' }, action: { kind: 'redirect', routeTarget } };
      expect(ruleText(rule)).toBe(`redirect ${routeTarget} from 192.0.2.1/32`);
    }
  });
});
