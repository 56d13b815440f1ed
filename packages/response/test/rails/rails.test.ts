import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createMemoryEmitter,
  createRails,
  defaultRails,
  guardEmitter,
  type HeldRule,
  type Origin,
  type RailsConfig,
  ResponseError,
  type Rule,
  type RuleOrder,
  responseModes,
  ruleText,
} from '../../src/index.ts';
import { watchedEmitters } from '../emitter/watched-emitters.ts';

const nowMs = Date.UTC(2030, 0, 1);
const request: Origin = {
  kind: 'request',
  partner: 'isp-b.example',
  reference: { id: '7', from: { name: 'isp-b.example' } } as never,
  addressSpace: ['203.0.113.0/24', '2001:db8:b::/48'],
};

function ordered(rule: Rule, more: Partial<RuleOrder> = {}): RuleOrder {
  const order = { rule, untilMs: nowMs + 60_000, origin: { kind: 'event' } as const };
  return { ...order, approvedBy: [], needsApproval: false, ...more };
}

const to = (destination: string): Rule => ({ match: { destination }, action: { kind: 'drop' } });
const from = (source: string): Rule => ({ match: { source }, action: { kind: 'drop' } });

describe.each(watchedEmitters)('the rails of an emitter: $kind', ({ create }) => {
  async function guarded(config: Partial<RailsConfig> = {}, held: readonly HeldRule[] = []) {
    const watched = await create();
    const clock = { ms: nowMs, now: () => clock.ms };
    const rails = createRails({ ...defaultRails, mode: 'auto', ...config }, { clock, inForce: () => held });
    return { ...watched, clock, rails, guarded: guardEmitter(watched.emitter, rails) };
  }

  async function refused(order: RuleOrder, reason: string | RegExp, config: Partial<RailsConfig> = {}) {
    const { guarded: emitter, asked } = await guarded(config);
    await emitter.start();
    const before = asked().length;
    const error = await emitter.apply(order).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ResponseError);
    expect((error as ResponseError).code).toMatch(/^RESPONSE_(REFUSED|BAD_RULE)$/);
    expect((error as ResponseError).message).toMatch(reason);
    expect(asked().slice(before)).toEqual([]);
    await emitter.stop();
  }

  it('let a rule pass that nothing is against', async () => {
    const { guarded: emitter, asked } = await guarded();
    await emitter.start();
    await emitter.apply(ordered(to('192.0.2.10')));
    expect(asked().join('\n')).toContain('192.0.2.10/32');
    await emitter.withdraw(to('192.0.2.10'));
    await emitter.stop();
  });

  it.each([
    '0.0.0.0/0',
    '::/0',
    '0:0:0:0:0:0:0:0/0',
    '::0.0.0.0/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '192.0.2.0/23',
    '2001:db8::/47',
    '8000::/1',
    // All of IPv4, and a half of it, in the spellings of IPv6.
    '::ffff:0:0/96',
    '::ffff:0.0.0.0/97',
    '::/48',
    '64:ff9b::/96',
    '64:ff9b::/64',
    '2002::/24',
    '2002:c000::/24',
  ])('no rule for everybody: %s', async (prefix) => {
    const more = { minIpv6PrefixLength: prefix.startsWith('2002:') ? 24 : 48 };
    await refused(ordered(to(prefix)), /shorter than|bits behind/, more);
    await refused(ordered(from(prefix)), /shorter than|bits behind/, more);
    await refused(
      ordered({ match: { source: prefix, destination: prefix }, action: { kind: 'drop' } }),
      /./,
      more,
    );
  });

  it.each([
    '0/0',
    '0.0.0.0/00',
    '000.0.0.0/0',
    '0.0.0.0/0 ',
    '0.0.0.0/-0',
    '0x0/0',
    '::%eth0/0',
    '',
    '*',
    'any',
  ])('no rule that is no prefix: "%s"', async (prefix) => {
    await refused(ordered(to(prefix)), 'not a rule');
    await refused(ordered(from(prefix)), 'not a rule');
  });

  it('never a default route, not even where the configuration says so', async () => {
    for (const field of ['minIpv4PrefixLength', 'minIpv6PrefixLength']) {
      await expect(guarded({ [field]: 0 })).rejects.toThrow(`rails: ${field}`);
    }
  });

  it.each([
    ['192.0.2.10/32', '192.0.2.10'],
    ['192.0.2.10/32', '192.0.2.0/24'],
    ['192.0.2.0/24', '192.0.2.128/25'],
    ['192.0.2.10/32', '::ffff:192.0.2.10'],
    ['192.0.2.10/32', '::ffff:c000:20a/128'],
    ['192.0.2.10/32', '0:0:0:0:0:FFFF:C000:020A'],
    ['192.0.2.10/32', '64:ff9b::192.0.2.10'],
    ['192.0.2.10/32', '2002:c000:20a::/48'],
    ['192.0.2.10/32', '2002:c000:20a:1::5'],
    ['::ffff:192.0.2.10', '192.0.2.10'],
    ['::ffff:192.0.2.0/120', '192.0.2.77'],
    ['2001:db8:1::/48', '2001:DB8:0001:0::9'],
    ['2001:db8:1::53', '2001:db8:1::/64'],
    ['0.0.0.0/0', '198.51.100.9'],
  ])('nothing that meets the allow list: %s and a rule for %s', async (allowed, prefix) => {
    const config = { allowList: ['10.0.0.0/8', allowed] };
    await refused(ordered(to(prefix)), 'allow list', config);
    await refused(ordered(from(prefix)), 'allow list', config);
  });

  it('of a partner only rules to addresses that it answers for', async () => {
    const origin = request;
    for (const [rule, reason] of [
      [to('192.0.2.10'), 'does not answer for 192.0.2.10/32'],
      [to('203.0.112.0/24'), 'does not answer for'],
      [to('2001:db8:c::/48'), 'does not answer for'],
      [to('::ffff:203.0.113.1'), 'does not answer for'],
      [from('203.0.113.7'), 'without a destination'],
    ] as const) {
      await refused(ordered(rule, { origin }), reason);
    }
    await refused(
      ordered(to('203.0.113.0/24'), { origin: { ...request, addressSpace: ['203.0.113.0/25'] } }),
      'answer for',
    );
    await refused(ordered(to('203.0.113.1'), { origin: { ...request, addressSpace: [] } }), 'answer for');
    await refused(
      ordered(to('203.0.113.1'), { origin: { ...request, addressSpace: ['all'] } }),
      'not an IPv4',
    );
    await refused(
      ordered(to('0.0.0.0/0'), { origin: { ...request, addressSpace: ['0.0.0.0/0'] } }),
      'shorter',
    );
    await refused(ordered(to('192.0.2.1'), { origin: { kind: 'someone' } as never }), 'nobody knows who');
    const { guarded: emitter } = await guarded();
    await emitter.start();
    await emitter.apply(ordered(to('203.0.113.1'), { origin }));
    await emitter.stop();
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['a string', String(nowMs + 1_000)],
    ['ISO', '2030-01-01T00:00:01Z'],
    ['a Date', new Date(nowMs + 1_000)],
    ['an array', [nowMs + 1_000]],
    ['an object', { valueOf: 5 }],
    ['null', null],
    ['undefined', undefined],
    ['a bigint', BigInt(nowMs + 1_000)],
    ['a part of a millisecond', nowMs + 0.5],
    ['now', nowMs],
    ['the past', nowMs - 1],
    ['1970', 0],
    ['before 1970', -1],
    ['beyond the ceiling', nowMs + 86_400_001],
    ['in 100 years', nowMs + 100 * 365 * 86_400_000],
    ['the largest number', Number.MAX_VALUE],
  ])('no life time that is none or too long: %s', async (_, untilMs) => {
    await refused(ordered(to('192.0.2.10'), { untilMs: untilMs as number }), /it ends|life time/);
  });

  it('of what a partner tells only rules between it or us and others, and never without a person', async () => {
    const origin = { ...request, ownSpace: ['198.51.100.0/24'] };
    const drop = (source: string, destination: string): Rule => ({
      match: { source, destination },
      action: { kind: 'drop' },
    });
    const reason = 'neither we nor isp-b.example answer for an end of it';
    await refused(ordered(to('192.0.2.10'), { origin, approvedBy: ['anna'] }), reason);
    await refused(ordered(drop('192.0.2.7', '192.0.2.10'), { origin, approvedBy: ['anna'] }), reason);
    await refused(ordered(from('192.0.2.7'), { origin, approvedBy: ['anna'] }), reason);
    await refused(ordered(to('198.51.100.7'), { origin }), '0 of the person who must approve it');
    for (const rule of [
      from('198.51.100.7'),
      to('198.51.100.7'),
      to('203.0.113.9'),
      drop('198.51.100.7', '192.0.2.10'),
    ]) {
      const { guarded: emitter, asked } = await guarded();
      await emitter.start();
      const before = asked().length;
      await emitter.apply(ordered(rule, { origin, approvedBy: ['anna'] }));
      expect(asked().length).toBeGreaterThan(before);
      await emitter.withdraw(rule);
      await emitter.stop();
    }
  });

  it('one to the ceiling exactly', async () => {
    const { guarded: emitter } = await guarded();
    await emitter.start();
    await emitter.apply(ordered(to('192.0.2.10'), { untilMs: nowMs + 86_400_000 }));
    await emitter.stop();
  });

  it('nothing where the mode is off or dry-run', async () => {
    const approvedBy = ['anna', 'ben'];
    for (const mode of ['off', 'dry-run'] as const) {
      await refused(ordered(to('192.0.2.10'), { approvedBy }), `mode is ${mode}`, { mode });
    }
    await refused(ordered(to('192.0.2.10'), { approvedBy }), 'mode is dry-run', defaultRails);
  });

  it('what is in force may be taken back in every mode', async () => {
    for (const mode of responseModes) {
      const { guarded: emitter, emitter: unguarded, asked } = await guarded({ mode });
      await emitter.start();
      await unguarded.apply(to('192.0.2.10/32'), nowMs + 60_000);
      const before = asked().length;
      await emitter.withdraw(to('192.0.2.10'));
      expect(asked().length).toBeGreaterThan(before);
      await emitter.stop();
    }
  });

  it('no rule without the people who must approve it', async () => {
    const rule = to('192.0.2.10');
    const approve = { mode: 'approve' } as const;
    await refused(ordered(rule), '0 of the person', approve);
    for (const needsApproval of [true, undefined, 0, 'false'] as boolean[]) {
      await refused(ordered(rule, { needsApproval }), '0 of the person');
    }
    for (const approvedBy of [[''], [' '], ['flowpact'], ['Flowpact '], ['ISP-B.example']]) {
      await refused(ordered(to('203.0.113.1'), { approvedBy, origin: request }), '0 of the person', approve);
    }
    const two = { ...approve, approvals: 2 } as const;
    for (const approvedBy of [
      ['anna'],
      ['anna', 'anna'],
      ['anna', 'Anna '],
      ['anna', 'ａｎｎａ'],
      ['anna', 'flowpact'],
    ]) {
      await refused(ordered(rule, { approvedBy }), '1 of the 2 different people', two);
    }
    const { guarded: emitter } = await guarded(two);
    await emitter.start();
    await emitter.apply(ordered(rule, { approvedBy: ['anna', 'ben'] }));
    await emitter.stop();
  });

  it('what was checked is what is applied', async () => {
    const { guarded: emitter, asked } = await guarded({ allowList: ['192.0.2.99/32'] });
    await emitter.start();
    const match = { destination: '192.0.2.10' };
    const order = ordered({ match, action: { kind: 'drop' } });
    const before = asked().length;
    const applying = emitter.apply(order);
    match.destination = '192.0.2.99';
    await applying;
    expect(asked().slice(before).join('\n')).toContain('192.0.2.10/32');
    expect(asked().slice(before).join('\n')).not.toContain('192.0.2.99');
    await emitter.stop();
  });

  it('a rule that says something else each time it is asked is asked once', async () => {
    const { guarded: emitter, asked } = await guarded({ allowList: ['192.0.2.99/32'] });
    await emitter.start();
    const answers = ['192.0.2.10', '192.0.2.99', '0.0.0.0/0'];
    const match = {
      get destination() {
        return answers.shift();
      },
    };
    const before = asked().length;
    await emitter.apply(ordered({ match, action: { kind: 'drop' } }));
    expect(asked().slice(before).join('\n')).toContain('192.0.2.10/32');
    await emitter.stop();
  });

  it('no rule that is made of more than data', async () => {
    const lying = { toString: () => '192.0.2.10' } as never;
    await refused(ordered({ match: { destination: lying }, action: { kind: 'drop' } }), 'more than data');
    await refused(ordered(new Proxy(to('192.0.2.10'), {})), 'more than data');
    await refused(
      ordered({ match: Object.create({ destination: '192.0.2.10' }), action: { kind: 'drop' } }),
      'everybody',
    );
    await refused(
      ordered({ match: { destination: '192.0.2.10' }, action: { kind: 'flush' } as never }),
      'nothing can do',
    );
    await refused(
      ordered({
        match: { source: '192.0.2.1' },
        action: { kind: 'redirect', routeTarget: ['65000:1'] as never },
      }),
      'route target',
    );
    await refused(
      ordered({
        match: { destination: '192.0.2.10' },
        action: { kind: 'rateLimit', octetsPerSecond: '1; drop' as never },
      }),
      'whole number',
    );
  });

  it('no more rules than the caps allow, a thousand of them at once', async () => {
    const { guarded: emitter, clock } = await guarded({ maxPerMinute: 60, maxInForce: 90 });
    await emitter.start();
    const burst = async (network: number, size = 200): Promise<number> => {
      const orders = Array.from({ length: size }, (_, i) =>
        ordered(to(`10.${network}.${i >> 8}.${i & 255}`), { untilMs: clock.ms + 3_600_000 }),
      );
      const results = await Promise.allSettled(orders.map((order) => emitter.apply(order)));
      return results.filter(({ status }) => status === 'fulfilled').length;
    };
    expect(await burst(0, 1_000)).toBe(60);
    expect(await burst(1)).toBe(0);
    clock.ms += 59_999;
    expect(await burst(2)).toBe(0);
    clock.ms += 1;
    expect(await burst(3)).toBe(30);
    clock.ms += 3_600_000;
    expect(await burst(4)).toBe(60);
    await emitter.stop();
  });
});

describe('the caps', () => {
  const create = () => createMemoryEmitter();
  const clock = { now: () => nowMs };
  const railsOf = (config: Partial<RailsConfig>, held: readonly HeldRule[] = []) =>
    createRails({ ...defaultRails, mode: 'auto', ...config }, { clock, inForce: () => held });

  it('hold for each partner', async () => {
    const emitter = guardEmitter(create(), railsOf({ maxInForcePerPartner: 2 }));
    const one = (last: number, partner: string) =>
      emitter.apply(ordered(to(`203.0.113.${last}`), { origin: { ...request, partner } }));
    await one(1, 'b');
    await one(2, 'b');
    await expect(one(3, 'b')).rejects.toThrow('maxInForcePerPartner');
    await one(4, 'c');
    // Ours count for nobody.
    await emitter.apply(ordered(to('203.0.113.5')));
    await emitter.withdraw(to('203.0.113.2/32'));
    await one(3, 'b');
  });

  it('hold for each target, however it is written', async () => {
    const emitter = guardEmitter(create(), railsOf({ maxInForcePerTarget: 3 }));
    for (const destination of ['192.0.2.10', '192.0.2.10/31', '192.0.2.8/30']) {
      await emitter.apply(ordered(to(destination)));
    }
    await expect(emitter.apply(ordered(to('192.0.2.0/24')))).rejects.toThrow('maxInForcePerTarget');
    await emitter.apply(ordered(to('192.0.2.12')));
    await emitter.apply(ordered(from('192.0.2.10')));
  });

  it('let what is in force be renewed, and count it once', async () => {
    const emitter = guardEmitter(
      create(),
      railsOf({ maxInForce: 1, maxPerMinute: 1, maxInForcePerTarget: 1 }),
    );
    for (const destination of ['2001:db8::1', '2001:DB8:0::1', '2001:db8::1/128']) {
      await emitter.apply(ordered(to(destination)));
    }
    await expect(emitter.apply(ordered(to('2001:db8::2')))).rejects.toThrow('maxInForce');
    await emitter.withdraw(to('2001:db8::1'));
    await expect(emitter.apply(ordered(to('2001:db8::2')))).rejects.toThrow('maxPerMinute');
  });

  it('count what is written down, as after a restart', async () => {
    const held = Array.from({ length: 3 }, (_, i): HeldRule => {
      const rule = to(`203.0.113.${i}/32`);
      const whenMs = { sinceMs: nowMs - 30_000, untilMs: nowMs + 60_000 };
      return { emitter: 'memory', rule, text: ruleText(rule), ...whenMs, partner: 'isp-b.example' };
    });
    const refusal = (config: Partial<RailsConfig>, order: RuleOrder) =>
      guardEmitter(create(), railsOf(config, held)).apply(order);
    const order = ordered(to('203.0.113.9'), { origin: request });
    await expect(refusal({ maxInForce: 3 }, order)).rejects.toThrow('(maxInForce)');
    await expect(refusal({ maxInForcePerPartner: 3 }, order)).rejects.toThrow('maxInForcePerPartner');
    await expect(refusal({ maxPerMinute: 3 }, order)).rejects.toThrow('maxPerMinute');
    await refusal({ maxInForce: 4, maxPerMinute: 4 }, order);
    await refusal({ maxInForce: 3 }, ordered(held[0].rule, { origin: request }));
    // Another who wants the same takes no place of those in all, but one of its own.
    await refusal(
      { maxInForcePerPartner: 3 },
      ordered(held[0].rule, { origin: { ...request, partner: 'c' } }),
    );
  });

  it('count what failed, since it may be in force, until it is taken back', async () => {
    let fault: 'fail' | undefined = 'fail';
    const emitter = guardEmitter(createMemoryEmitter({ fault: () => fault }), railsOf({ maxInForce: 1 }));
    await expect(emitter.apply(ordered(to('192.0.2.1')))).rejects.toThrow('failed');
    await expect(emitter.apply(ordered(to('192.0.2.2')))).rejects.toThrow('maxInForce');
    await expect(emitter.withdraw(to('192.0.2.1'))).rejects.toThrow('failed');
    await expect(emitter.apply(ordered(to('192.0.2.2')))).rejects.toThrow('maxInForce');
    fault = undefined;
    await emitter.withdraw(to('192.0.2.1'));
    await emitter.apply(ordered(to('192.0.2.2')));
  });

  it('keep counting a rule that is applied again while it is taken back', async () => {
    const rails = railsOf({ maxInForce: 1 });
    let release = (): void => {};
    const memory = create();
    const slow = { ...memory, withdraw: () => new Promise<void>((resolve) => (release = resolve)) };
    const emitter = guardEmitter(slow, rails);
    await emitter.apply(ordered(to('192.0.2.1')));
    const withdrawn = emitter.withdraw(to('192.0.2.1'));
    await emitter.apply(ordered(to('192.0.2.1')));
    release();
    await withdrawn;
    await expect(emitter.apply(ordered(to('192.0.2.2')))).rejects.toThrow('maxInForce');
  });

  it('are never passed, whatever is asked in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            withdraw: fc.boolean(),
            last: fc.nat(15),
            partner: fc.constantFrom('b', 'c'),
            afterMs: fc.nat(30_000),
          }),
          { maxLength: 60 },
        ),
        async (steps) => {
          const time = { ms: nowMs, now: () => time.ms };
          const config = { mode: 'auto', maxInForce: 8, maxInForcePerPartner: 5, maxPerMinute: 6 } as const;
          const rails = createRails({ ...defaultRails, ...config }, { clock: time });
          const emitter = guardEmitter(create(), rails);
          const inForce = new Map<number, { partner: string; untilMs: number }>();
          const passed: number[] = [];
          for (const { withdraw, last, partner, afterMs } of steps) {
            time.ms += afterMs;
            for (const [key, { untilMs }] of inForce) if (untilMs <= time.ms) inForce.delete(key);
            const rule = to(`203.0.113.${last}`);
            if (withdraw) {
              await emitter.withdraw(rule);
              inForce.delete(last);
              continue;
            }
            const untilMs = time.ms + 90_000;
            const order = ordered(rule, { untilMs, origin: { ...request, partner } });
            const ok = await emitter.apply(order).then(
              () => true,
              () => false,
            );
            if (!ok) continue;
            if (!inForce.has(last)) passed.push(time.ms);
            inForce.set(last, { partner, untilMs });
            expect(inForce.size).toBeLessThanOrEqual(8);
            for (const who of ['b', 'c']) {
              expect([...inForce.values()].filter((held) => held.partner === who).length).toBeLessThanOrEqual(
                5,
              );
            }
            expect(passed.filter((ms) => ms > time.ms - 60_000).length).toBeLessThanOrEqual(6);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('createRails', () => {
  const clock = { now: () => nowMs };

  it.each<[keyof RailsConfig, unknown]>([
    ['mode', 'on'],
    ['minIpv4PrefixLength', 33],
    ['minIpv6PrefixLength', 129],
    ['minIpv4PrefixLength', '24'],
    ['maxLifetimeSeconds', 0],
    ['maxLifetimeSeconds', Number.POSITIVE_INFINITY],
    ['approvals', 3],
    ['maxInForce', Number.NaN],
    ['maxInForcePerPartner', -1],
    ['maxInForcePerTarget', 1.5],
    ['maxPerMinute', 0],
    ['allowList', ['192.0.2.0/24', '192.0.2.1/24']],
  ])('says what is wrong with the configuration: %s', (field, value) => {
    expect(() => createRails({ ...defaultRails, [field]: value }, { clock })).toThrow(`rails: ${field}`);
  });

  it('takes the more careful mode of the configuration and the operator', () => {
    for (const configured of responseModes) {
      for (const set of responseModes) {
        const rails = createRails({ ...defaultRails, mode: configured }, { clock, mode: () => set });
        const careful = responseModes.indexOf(configured) < responseModes.indexOf(set) ? configured : set;
        expect(rails.mode).toBe(careful);
      }
    }
  });

  it('is not moved by whoever holds its configuration', () => {
    const allowList = ['192.0.2.0/24'];
    const config = { ...defaultRails, allowList };
    const rails = createRails(config, { clock });
    allowList.length = 0;
    expect(rails.refusal(to('192.0.2.1'), { kind: 'event' })).toContain('allow list');
  });

  it('tells beforehand what a rule would be refused for', () => {
    const rails = createRails(defaultRails, { clock });
    expect(rails.refusal(to('192.0.2.1'), { kind: 'event' })).toBeUndefined();
    expect(rails.refusal(to('0.0.0.0/0'), { kind: 'event' })).toContain('shorter');
    expect(rails.refusal(to('nowhere'), { kind: 'event' })).toContain('not a rule');
    expect(rails.refusal(to('192.0.2.1'), request)).toContain('does not answer for');
    expect(rails.refusal(to('192.0.2.1'), { ...request, addressSpace: ['?'] })).toContain('not an IPv4');
  });
});
