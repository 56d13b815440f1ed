import type { Ask } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { attack, block, createScene, partner, planDrop, requestOf } from './scene.ts';

describe('a request', () => {
  it('is accepted, and the partner hears when it is applied and when it has expired', async () => {
    const scene = await createScene();
    const message = requestOf([block]);
    expect(await scene.mitigator.request(message, [block], partner)).toMatchObject({ status: 'accepted' });
    await scene.time.advance(0);
    expect(scene.told).toEqual([
      {
        id: '1',
        outcome: {
          status: 'applied',
          untilMs: scene.time.now() + 600_000,
          applied: [{ action: 'block', scope: [{ address: '198.51.100.7' }], lifetimeSeconds: 600 }],
        },
      },
    ]);
    await scene.time.advance(601_000);
    expect(scene.told.map(({ outcome }) => outcome.status)).toEqual(['applied', 'expired']);
    expect(await scene.rules()).toEqual([]);
  });

  it('is received where a person decides, and then as the person decides', async () => {
    const scene = await createScene({ plan: planDrop('approve') });
    for (const id of ['1', '2']) {
      const message = requestOf([block], attack(`198.51.100.${id}`));
      expect(await scene.mitigator.request(message, [block], partner)).toMatchObject({ status: 'received' });
    }
    await scene.mitigator.approve('1', 'anna');
    await scene.mitigator.reject('2', 'anna', 'that is our resolver');
    await scene.time.advance(1_000);
    const of = (id: string) =>
      scene.told.filter((each) => each.id === id).map(({ outcome }) => outcome.status);
    expect(of('1')).toEqual(['accepted', 'applied']);
    expect(scene.told.find(({ id }) => id === '2')?.outcome).toEqual({
      status: 'rejected',
      reason: 'that is our resolver',
    });
  });

  it('gets the answer of today when it comes again', async () => {
    const scene = await createScene();
    const message = requestOf([block]);
    const both = await Promise.all([
      scene.mitigator.request(message, [block], partner),
      scene.mitigator.request(message, [block], partner),
    ]);
    expect(both).toMatchObject([{ status: 'accepted' }, { status: 'accepted' }]);
    await scene.time.advance(0);
    expect(await scene.mitigator.request(message, [block], partner)).toMatchObject({ status: 'applied' });
    await scene.mitigator.withdraw('1', 'anna');
    await scene.time.advance(0);
    await scene.restart();
    expect(await scene.mitigator.request(message, [block], partner)).toMatchObject({ status: 'withdrawn' });
    expect(scene.mitigator.mitigations()).toHaveLength(1);
    expect(scene.emitter.calls.filter(({ kind }) => kind === 'apply')).toHaveLength(1);
  });

  it.each<[string, readonly Ask[], number | undefined]>([
    ['asks for nothing', [], undefined],
    ['without a life time', [{ action: 'block' }], undefined],
    ['at most 86400 s', [{ action: 'block', lifetimeSeconds: 100 * 366 * 86_400 }], undefined],
    ['at most 86400 s', [{ action: 'block', lifetimeSeconds: 2n ** 70n }], undefined],
    ['it expired at', [block], -1],
    ['more than a year', [block], 100 * 366 * 86_400_000],
  ])('is refused, answered and written down: %s', async (reason, asks, expiresInMs) => {
    const scene = await createScene();
    const message = requestOf(asks);
    const dated =
      expiresInMs === undefined
        ? message
        : { ...message, conversation: { asks, expiresMs: scene.time.now() + expiresInMs } };
    const outcome = await scene.mitigator.request(dated, asks, partner);
    expect(outcome.status).toBe('rejected');
    expect(outcome.reason).toContain(reason);
    expect(scene.mitigator.mitigations()).toEqual([]);
    expect(scene.log.lines.at(-1)).toContain('"kind":"refused"');
  });

  it('for foreign space, or for everybody, fails at the rails and is answered', async () => {
    const foreign = { ...attack(), targets: [{ address: '203.0.113.9' }] };
    const everybody = { ...attack(), targets: [{ address: '0.0.0.0', prefixLength: 0 }] };
    for (const event of [foreign, everybody]) {
      const scene = await createScene({
        plan: async () => [
          {
            level: 'auto',
            lifetimeSeconds: 600,
            candidates: [
              {
                rule: {
                  match: { destination: event === foreign ? '203.0.113.9/32' : '0.0.0.0/0' },
                  action: { kind: 'drop' },
                },
                emitter: 'memory',
              },
            ],
            chosen: 0,
          },
        ],
      });
      await scene.mitigator.request(requestOf([block], event), [block], partner);
      await scene.time.advance(1_000);
      expect(scene.told).toMatchObject([{ outcome: { status: 'failed' } }]);
      expect(scene.emitter.calls.filter(({ kind }) => kind === 'apply')).toEqual([]);
    }
  });

  it('is refused after 60 of a minute, with two lines in the log for 10,000 of them', async () => {
    const scene = await createScene({ plan: planDrop('approve') });
    const answers = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const message = requestOf([block], attack(`198.51.100.${i % 256}`));
      const { status } = await scene.mitigator.request(message, [block], partner);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(answers)).toEqual({ received: 20, rejected: 9_980 });
    await scene.time.advance(61_000);
    const refused = scene.log.lines.filter((line) => line.includes('"kind":"refused"'));
    expect(refused).toHaveLength(2);
    expect(refused[1]).toContain('"count":9979');
    expect(scene.mitigator.mitigations()).toHaveLength(20);
    // Another partner is not affected.
    const other = { ...partner, name: 'isp-c.example' };
    const message = { ...requestOf([block], attack('203.0.113.1')), sender: { name: other.name } };
    expect(await scene.mitigator.request(message, [block], other)).toMatchObject({ status: 'received' });
  });

  it('is refused where playbook and emitters have nothing for it, and where all is off', async () => {
    const scene = await createScene({ plan: async () => [] });
    expect(await scene.mitigator.request(requestOf([block]), [block], partner)).toMatchObject({
      status: 'rejected',
      reason: 'nothing here can do that, or may',
    });
    await scene.mitigator.stopAll('anna');
    expect(await scene.mitigator.request(requestOf([block]), [block], partner)).toMatchObject({
      reason: expect.stringContaining('mode off'),
    });
  });

  it('is answered again after a restart that came before the partner was told', async () => {
    let isReachable = false;
    const told: string[] = [];
    const scene = await createScene({
      tell: async (_mitigation, { status }) => {
        if (!isReachable) throw new Error('the outbox is full');
        told.push(status);
      },
    });
    await scene.mitigator.request(requestOf([block]), [block], partner);
    await scene.time.advance(0);
    await scene.mitigator.withdraw('1', 'anna');
    await scene.time.advance(5_000);
    expect(told).toEqual([]);
    await scene.restart();
    isReachable = true;
    await scene.time.advance(5_000);
    expect(told).toEqual(['withdrawn']);
    await scene.restart();
    await scene.time.advance(5_000);
    expect(told).toEqual(['withdrawn']);
  });
});
