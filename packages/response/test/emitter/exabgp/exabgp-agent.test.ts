import { describe, expect, it } from 'vitest';
import { createMemoryKeptRules, type KeptRules } from '../../../src/emitter/kept-rules.ts';
import {
  createExabgpAgent,
  createExabgpApi,
  defaultExabgpAgent,
  type Rule,
  ruleText,
} from '../../../src/index.ts';
import { createVirtualTime } from '../virtual-time.ts';
import { createFakeExabgp } from './fake-exabgp.ts';

const to = (destination: string): Rule => ({ match: { destination }, action: { kind: 'drop' } });
const route = (destination: string): string => `destination-ipv4 ${destination}`;

async function started(
  state: KeptRules = createMemoryKeptRules(),
  time = createVirtualTime(),
  exabgp = createFakeExabgp(),
  maxRoutes = 10,
) {
  const ends: string[] = [];
  const api = createExabgpApi({ ...exabgp, timers: time.timers, onEnd: (why) => ends.push(why) });
  const log: string[] = [];
  const agent = createExabgpAgent(
    { ...defaultExabgpAgent, maxRoutes },
    { api, state, ...time, log: (line) => log.push(line) },
  );
  const start = agent.start();
  start.catch(() => {});
  await time.advance(0);
  return { agent, exabgp, time, state, ends, log, start, now: time.clock.now() };
}

describe('createExabgpAgent', () => {
  it('announces what it is told, and ends it in time', async () => {
    const { agent, exabgp, time, now } = await started();
    await agent.apply(to('192.0.2.1/32'), now + 60_000);
    await agent.apply(to('192.0.2.2/32'), now + 30_000);
    expect([...exabgp.routes.keys()]).toEqual([route('192.0.2.1/32'), route('192.0.2.2/32')]);
    expect((await agent.inForce()).map(({ rule, untilMs }) => [ruleText(rule), untilMs - now])).toEqual([
      ['drop to 192.0.2.1/32', 60_000],
      ['drop to 192.0.2.2/32', 30_000],
    ]);
    await time.advance(29_999);
    expect(exabgp.routes.size).toBe(2);
    await time.advance(1);
    expect([...exabgp.routes.keys()]).toEqual([route('192.0.2.1/32')]);
    await time.advance(30_000);
    expect(exabgp.routes.size).toBe(0);
    expect(await agent.inForce()).toEqual([]);
  });

  it('gives a rule that is applied again its new time, sooner or later', async () => {
    const { agent, exabgp, time, now } = await started();
    await agent.apply(to('192.0.2.1/32'), now + 30_000);
    await agent.apply(to('192.0.2.1/32'), now + 90_000);
    await time.advance(89_999);
    expect(exabgp.routes.size).toBe(1);
    await agent.apply(to('192.0.2.1/32'), now + 89_999 + 5);
    await time.advance(5);
    expect(exabgp.routes.size).toBe(0);
  });

  it('withdraws, also what is not there', async () => {
    const { agent, exabgp, now } = await started();
    await agent.apply(to('192.0.2.1/32'), now + 60_000);
    await agent.withdraw(to('192.0.2.1/32'));
    await agent.withdraw(to('192.0.2.1/32'));
    expect(exabgp.routes.size).toBe(0);
    expect(exabgp.commands.filter((command) => command.startsWith('withdraw'))).toHaveLength(1);
  });

  it('has written down what it announces, before it does', async () => {
    const { agent, exabgp, state, now } = await started();
    exabgp.mood = 'mute';
    void agent.apply(to('192.0.2.1/32'), now + 60_000).catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.read()).toHaveLength(1);
  });

  it('announces again what still has time after a restart of ExaBGP, and ends what has none', async () => {
    const { agent, state, time, now } = await started();
    await agent.apply(to('192.0.2.1/32'), now + 60_000);
    await agent.apply(to('192.0.2.2/32'), now + 10_000);
    agent.stop();
    await time.advance(20_000);
    const next = await started(state, time);
    await next.start;
    expect([...next.exabgp.routes.keys()]).toEqual([route('192.0.2.1/32')]);
    await time.advance(40_000);
    expect(next.exabgp.routes.size).toBe(0);
  });

  it('withdraws after its own restart what came to its end in between', async () => {
    const { agent, state, time, exabgp, now } = await started();
    await agent.apply(to('192.0.2.1/32'), now + 10_000);
    agent.stop();
    await time.advance(20_000);
    expect(exabgp.routes.size).toBe(1);
    const next = await started(state, time, exabgp);
    await next.start;
    expect(exabgp.routes.size).toBe(0);
  });

  it('tries until ExaBGP takes a withdrawal', async () => {
    const { agent, exabgp, time, now } = await started();
    await agent.apply(to('192.0.2.1/32'), now + 10_000);
    exabgp.mood = 'error';
    await time.advance(15_000);
    expect(exabgp.routes.size).toBe(1);
    exabgp.mood = 'well';
    await time.advance(1_000);
    expect(exabgp.routes.size).toBe(0);
  });

  it('keeps nothing that ExaBGP did not take', async () => {
    const { agent, exabgp, state, now } = await started();
    exabgp.mood = 'error';
    await expect(agent.apply(to('192.0.2.1/32'), now + 10_000)).rejects.toThrow('ExaBGP says error');
    // Whether it did is unknown, since the withdrawal failed as well: at its time it is tried again.
    expect(state.read()).toHaveLength(1);
    expect(await agent.inForce()).toEqual([]);
  });

  it('refuses what it cannot do', async () => {
    const { agent, now } = await started();
    await agent.apply(to('192.0.2.1/32'), now + 10_000);
    const slow: Rule = {
      match: { destination: '192.0.2.1/32' },
      action: { kind: 'rateLimit', octetsPerSecond: 9_600 },
    };
    await expect(agent.apply(slow, now + 10_000)).rejects.toThrow('withdraw "drop to 192.0.2.1/32" first');
    await agent.withdraw(slow);
    expect(await agent.inForce()).toHaveLength(1);
    await expect(agent.apply(to('192.0.2.2/32'), now)).rejects.toThrow('its time is over');
    await expect(agent.apply(to('192.0.2.2/32'), Number.NaN)).rejects.toThrow('its time is over');
    const wide: Rule = { match: { destination: '192.0.2.0/24' }, action: { kind: 'blackhole' } };
    await expect(agent.apply(wide, now + 10_000)).rejects.toThrow('only a single address');
    for (let last = 10; last < 19; last++) await agent.apply(to(`192.0.2.${last}/32`), now + 10_000);
    await expect(agent.apply(to('192.0.2.3/32'), now + 10_000)).rejects.toThrow('maxRoutes');
  });

  it.each<[string, Rule['match']]>([
    ['a default route', { destination: '0.0.0.0/0' }],
    ['a default route of IPv6', { source: '::/0' }],
    ['half of everything', { destination: '128.0.0.0/1' }],
    ['a wide source beside a narrow destination', { source: '198.51.0.0/16', destination: '192.0.2.1/32' }],
    ['one address less than its bound', { destination: '192.0.2.0/23' }],
    ['the same in IPv6', { destination: '2001:db8::/47' }],
    ['a wide network of IPv4 inside IPv6', { destination: '::ffff:192.0.0.0/104' }],
  ])('announces nothing wider than its own bounds: %s', async (_, match) => {
    const { agent, exabgp, state, now } = await started();
    const rule: Rule = { match, action: { kind: 'drop' } };
    await expect(agent.apply(rule, now + 10_000)).rejects.toThrow('the least that is allowed');
    expect(exabgp.routes.size).toBe(0);
    expect(state.read()).toEqual([]);
    await agent.apply(to('192.0.2.0/24'), now + 10_000);
    await agent.apply(to('2001:db8::/48'), now + 10_000);
    expect(exabgp.routes.size).toBe(2);
  });

  it('takes back what was announced under wider bounds', async () => {
    const time = createVirtualTime();
    const untilMs = time.clock.now() + 60_000;
    const state = createMemoryKeptRules(
      ['192.0.0.0/16', '192.0.2.1/32'].map((one) => ({ rule: to(one), untilMs })),
    );
    const { exabgp, start } = await started(state, time);
    await start;
    expect([...exabgp.routes.keys()]).toEqual([route('192.0.2.1/32')]);
    expect(exabgp.commands.join()).toContain('withdraw flow route { match { destination 192.0.0.0/16; }');
    expect(state.read()).toHaveLength(1);
  });

  it('ends where ExaBGP does not answer, shuts down, or is gone', async () => {
    const mute = createFakeExabgp();
    mute.mood = 'mute';
    const { start, ends, time, agent, now } = await started(undefined, undefined, mute);
    await time.advance(10_000);
    await expect(start).rejects.toThrow('exabgp.api.ack');
    expect(ends).toHaveLength(1);
    await expect(agent.apply(to('192.0.2.1/32'), now + 60_000)).rejects.toThrow('has not started');
    for (const last of ['shutdown', undefined]) {
      const { exabgp, ends, time } = await started();
      if (last === undefined) exabgp.end();
      else exabgp.input.write(`${last}\n`);
      await time.advance(0);
      expect(ends).toHaveLength(1);
    }
  });
});
