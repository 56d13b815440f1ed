import { describe, expect, it } from 'vitest';
import type { MemoryEmitterFault } from '../../src/emitter/memory-emitter.ts';
import { attack, block, createScene, dropOf, partner, planDrop, requestOf } from './scene.ts';

const rule = 'drop from 198.51.100.7/32 to 192.0.2.10/32';

describe('the life of a mitigation', () => {
  it('goes by itself where playbook and mode let it, and ends in time', async () => {
    const scene = await createScene();
    const [proposed] = await scene.mitigator.propose(attack());
    await scene.time.advance(0);
    expect(proposed?.id).toBe('1');
    expect(await scene.rules()).toEqual([rule]);
    expect(scene.mitigator.mitigation('1')).toMatchObject({
      state: 'confirmed',
      untilMs: scene.time.now() + 3_600_000,
    });
    // Its event goes on.
    for (let minute = 0; minute < 59; minute++) {
      await scene.time.advance(60_000);
      expect(await scene.mitigator.propose(attack())).toHaveLength(1);
    }
    expect(await scene.rules()).toEqual([rule]);
    await scene.time.advance(61_000);
    expect(await scene.rules()).toEqual([]);
    expect(scene.path('1')).toBe('proposed approved applying applied confirmed withdrawing expired');
  });

  it('waits for a person where the playbook or the mode wants one', async () => {
    for (const [level, mode] of [
      ['approve', 'auto'],
      ['auto', 'approve'],
    ] as const) {
      const scene = await createScene({ plan: planDrop(level), rails: { mode } });
      await scene.mitigator.propose(attack());
      await scene.time.advance(5_000);
      expect(scene.emitter.calls.filter(({ kind }) => kind === 'apply')).toEqual([]);
      await scene.mitigator.approve('1', 'anna', { why: 'seen it' });
      await scene.time.advance(0);
      expect(await scene.rules()).toEqual([rule]);
      expect(scene.mitigator.mitigation('1')?.approvals).toMatchObject([{ who: 'anna' }]);
    }
  });

  it('wants two different people where the rails do', async () => {
    const scene = await createScene({ plan: planDrop('approve'), rails: { approvals: 2 } });
    await scene.mitigator.propose(attack());
    await scene.mitigator.approve('1', 'anna');
    expect(scene.mitigator.mitigation('1')?.state).toBe('proposed');
    await expect(scene.mitigator.approve('1', 'Anna ')).rejects.toThrow('somebody else');
    await expect(scene.mitigator.approve('1', 'flowpact')).rejects.toMatchObject({
      code: 'RESPONSE_REFUSED',
    });
    await scene.mitigator.approve('1', 'ben');
    await scene.time.advance(0);
    expect(await scene.rules()).toEqual([rule]);
  });

  it('forgets the yes to another candidate', async () => {
    const other = { match: { source: '198.51.100.7' }, action: { kind: 'drop' } } as const;
    const scene = await createScene({
      rails: { approvals: 2 },
      plan: async ({ event }) => [
        {
          level: 'approve',
          lifetimeSeconds: 60,
          candidates: [
            { rule: dropOf(event), emitter: 'memory' },
            { rule: other, emitter: 'memory' },
            { rule: other, emitter: 'memory', refusal: 'hits too many' },
          ],
          chosen: 0,
        },
      ],
    });
    await scene.mitigator.propose(attack());
    await scene.mitigator.approve('1', 'anna');
    await expect(scene.mitigator.approve('1', 'ben', { candidate: 2 })).rejects.toThrow('hits too many');
    await expect(scene.mitigator.approve('1', 'ben', { candidate: 9 })).rejects.toThrow('no candidate 9');
    await scene.mitigator.approve('1', 'ben', { candidate: 1 });
    expect(scene.mitigator.mitigation('1')).toMatchObject({ state: 'proposed', approvals: [{ who: 'ben' }] });
    await scene.mitigator.approve('1', 'anna', { candidate: 1 });
    await scene.time.advance(0);
    expect(await scene.rules()).toEqual(['drop from 198.51.100.7/32']);
  });

  it('does nothing in mode off, and nothing but writing in dry-run', async () => {
    const off = await createScene({ rails: { mode: 'off' } });
    expect(await off.mitigator.propose(attack())).toEqual([]);
    const dry = await createScene({ rails: { mode: 'dry-run' } });
    expect(await dry.mitigator.propose(attack())).toMatchObject([{ state: 'proposed' }]);
    await expect(dry.mitigator.approve('1', 'anna')).rejects.toThrow('mode dry-run');
    await dry.time.advance(120_000);
    expect(dry.emitter.calls).toEqual([]);
  });

  it('lets people look only at what the playbook lets them look at', async () => {
    const scene = await createScene({ plan: planDrop('propose') });
    await scene.mitigator.propose(attack());
    await expect(scene.mitigator.approve('1', 'anna')).rejects.toThrow('looked at only');
    await scene.mitigator.reject('1', 'anna', 'no');
    expect(scene.mitigator.mitigation('1')?.turns.at(-1)).toMatchObject({
      state: 'rejected',
      who: 'anna',
      why: 'no',
    });
  });

  it('rejects at once what something is against, and does not repeat itself', async () => {
    const scene = await createScene({ plan: planDrop('auto', { refusal: 'it hits 400 other hosts' }) });
    expect(await scene.mitigator.propose(attack())).toMatchObject([{ state: 'rejected' }]);
    expect(await scene.mitigator.propose(attack())).toEqual([]);
    const entries = scene.log.lines.length;
    await scene.time.advance(3_500_000);
    expect(await scene.mitigator.propose(attack())).toEqual([]);
    expect(scene.log.lines.length).toBe(entries);
    await scene.time.advance(200_000);
    expect(await scene.mitigator.propose(attack())).toMatchObject([{ id: '2' }]);
  });

  it('is one for each rule at an emitter, whatever calls for it', async () => {
    const scene = await createScene();
    const both = await Promise.all([scene.mitigator.propose(attack()), scene.mitigator.propose(attack())]);
    expect(both.flat().map(({ id }) => id)).toEqual(['1', '1']);
    const outcome = await scene.mitigator.request(requestOf([block]), [block], partner);
    expect(outcome.status).toMatch(/accepted|applied/);
    expect(scene.mitigator.mitigations()).toHaveLength(1);
  });

  it('can be extended within the longest life time, and withdrawn', async () => {
    const scene = await createScene({ limits: { quietAfterMs: 10_000_000 } });
    await scene.mitigator.propose(attack());
    await scene.time.advance(1_000);
    await expect(scene.mitigator.extend('1', 'anna', 86_401)).rejects.toThrow('86400');
    await expect(scene.mitigator.extend('1', 'anna', 0.5)).rejects.toThrow('0.5');
    await scene.mitigator.extend('1', 'anna', 7_200);
    await scene.time.advance(7_000_000);
    expect(await scene.rules()).toEqual([rule]);
    await scene.mitigator.withdraw('1', 'ben', 'over');
    await scene.time.advance(0);
    expect(await scene.rules()).toEqual([]);
    expect(scene.mitigator.mitigation('1')?.state).toBe('withdrawn');
    await expect(scene.mitigator.withdraw('1', 'ben')).rejects.toMatchObject({
      code: 'RESPONSE_WRONG_STATE',
    });
    await expect(scene.mitigator.withdraw('77', 'ben')).rejects.toMatchObject({
      code: 'RESPONSE_UNKNOWN_MITIGATION',
    });
  });

  it('expires, and has not failed, where its time is over before its emitter gets to it', async () => {
    let isHanging = false;
    const scene = await createScene({
      limits: { emitterTimeoutMs: 1_200, reconcileMs: 10_000 },
      emitter: { fault: ({ kind }) => (isHanging && kind === 'inForce' ? 'hang' : undefined) },
    });
    await scene.mitigator.propose(attack());
    await scene.time.advance(9_000);
    isHanging = true;
    await scene.time.advance(1_100);
    isHanging = false;
    expect(scene.emitter.hanging).toBe(1);
    // Over at 11.1 s; what hangs is given up at 11.2 s.
    await scene.mitigator.extend('1', 'anna', 1);
    await scene.time.advance(30_000);
    expect(await scene.rules()).toEqual([]);
    expect(scene.path('1')).toMatch(/applying withdrawing expired$/);
    expect(scene.mitigator.mitigation('1')?.state).toBe('expired');
  });

  it('is taken back when its event is not seen any more, and comes back with it, as approved', async () => {
    const scene = await createScene({ plan: planDrop('approve'), limits: { quietAfterMs: 60_000 } });
    await scene.mitigator.propose(attack());
    await scene.mitigator.approve('1', 'anna');
    await scene.time.advance(50_000);
    await scene.mitigator.propose(attack());
    await scene.time.advance(50_000);
    expect(await scene.rules()).toEqual([rule]);
    await scene.time.advance(11_000);
    expect(await scene.rules()).toEqual([]);
    expect(scene.mitigator.mitigation('1')?.state).toBe('withdrawn');
    const { untilMs } = scene.mitigator.mitigation('1') ?? {};
    await scene.mitigator.propose(attack());
    await scene.time.advance(0);
    expect(await scene.rules()).toEqual([rule]);
    expect(scene.mitigator.mitigation('2')?.approvals).toMatchObject([{ who: 'anna' }]);
    expect(scene.mitigator.mitigation('2')?.untilMs).toBeLessThanOrEqual(untilMs ?? 0);
  });

  it('is probed at emitters that hide the traffic, ever more seldom', async () => {
    const scene = await createScene({
      hidingEmitters: ['memory'],
      limits: { probeAfterMs: 60_000, quietAfterMs: 1_000 },
    });
    const spans: number[] = [];
    for (let round = 0; round < 3; round++) {
      await scene.mitigator.propose(attack());
      await scene.time.advance(0);
      const sinceMs = scene.time.now();
      while ((await scene.rules()).length > 0) await scene.time.advance(1_000);
      spans.push(Math.round((scene.time.now() - sinceMs) / 1_000));
    }
    expect(spans).toEqual([60, 120, 240]);
  });

  it('expires as a proposal that nobody decides on', async () => {
    const scene = await createScene({ plan: planDrop('approve'), limits: { proposalMs: 60_000 } });
    await scene.mitigator.propose(attack());
    await scene.time.advance(60_000);
    expect(scene.path('1')).toBe('proposed expired');
  });

  it('makes room by letting the oldest proposals expire', async () => {
    const scene = await createScene({ plan: planDrop('approve'), limits: { maxOpen: 3 } });
    for (let i = 1; i <= 5; i++) await scene.mitigator.propose(attack(`198.51.100.${i}`));
    expect(scene.mitigator.mitigations({ states: ['proposed'] }).map(({ id }) => id)).toEqual([
      '5',
      '4',
      '3',
    ]);
    for (const id of ['3', '4', '5']) await scene.mitigator.approve(id, 'anna');
    await scene.time.advance(0);
    await expect(scene.mitigator.propose(attack())).rejects.toMatchObject({ code: 'RESPONSE_FULL' });
  });

  it('keeps so many ended ones', async () => {
    const scene = await createScene({ plan: planDrop('approve'), limits: { maxEnded: 2 } });
    for (let i = 1; i <= 5; i++) {
      await scene.mitigator.propose(attack(`198.51.100.${i}`));
      await scene.mitigator.reject(String(i), 'anna');
    }
    expect(scene.mitigator.mitigations().map(({ id }) => id)).toEqual(['5', '4']);
  });
});

describe('an emitter that fails', () => {
  it('is asked again, and given up in the end, with nothing left behind', async () => {
    let fault: MemoryEmitterFault | undefined = 'fail';
    const scene = await createScene({
      emitter: { fault: ({ kind }) => (kind === 'apply' ? fault : undefined) },
    });
    await scene.mitigator.propose(attack());
    await scene.time.advance(2_000);
    fault = undefined;
    await scene.time.advance(3_000);
    expect(scene.path('1')).toBe('proposed approved applying applied confirmed');

    fault = 'loseAnswer';
    await scene.mitigator.propose(attack('198.51.100.8'));
    await scene.time.advance(60_000);
    expect(scene.path('2')).toBe('proposed approved applying withdrawing failed');
    expect(scene.mitigator.mitigation('2')?.turns.at(-2)?.why).toContain('given up after 5 attempts');
    expect(await scene.rules()).toEqual([rule]);
  });

  it('that says yes and does nothing is found out', async () => {
    const scene = await createScene();
    scene.emitter.apply = async () => undefined;
    await scene.mitigator.propose(attack());
    await scene.time.advance(60_000);
    expect(scene.mitigator.mitigation('1')).toMatchObject({ state: 'failed' });
    expect(scene.path('1')).not.toContain('confirmed');
  });

  it('that loses a rule gets it again, for what is left of its time', async () => {
    const scene = await createScene();
    await scene.mitigator.propose(attack());
    await scene.time.advance(60_000);
    scene.emitter.lose(dropOf(attack()));
    await scene.time.advance(32_000);
    expect(await scene.rules()).toEqual([rule]);
    const [first, again] = scene.emitter.calls.filter(({ kind }) => kind === 'apply');
    expect(again).toEqual(first);
  });

  it('has what nothing accounts for taken away, and nothing else', async () => {
    const scene = await createScene();
    await scene.mitigator.propose(attack());
    await scene.time.advance(0);
    scene.emitter.plant(dropOf(attack('198.51.100.99')), undefined);
    await scene.time.advance(31_000);
    expect(await scene.rules()).toEqual([rule]);
    expect(scene.log.lines.some((line) => line.includes('"kind":"stray"'))).toBe(true);
  });

  it('that refuses by a rail fails at once, and was never asked', async () => {
    const scene = await createScene({ rails: { allowList: ['192.0.2.0/28'] } });
    await scene.mitigator.propose(attack());
    await scene.time.advance(0);
    expect(scene.mitigator.mitigation('1')?.turns.at(-1)).toMatchObject({
      state: 'failed',
      why: expect.stringContaining('allow list'),
    });
    expect(scene.emitter.calls.filter(({ kind }) => kind !== 'inForce')).toEqual([]);
    expect(await scene.mitigator.propose(attack())).toEqual([]);
  });
});

describe('stopAll', () => {
  it('withdraws everything, also while an emitter hangs, and stays off after a restart', async () => {
    let isHanging = false;
    const scene = await createScene({ emitter: { fault: () => (isHanging ? 'hang' : undefined) } });
    for (let i = 1; i <= 10; i++) await scene.mitigator.propose(attack(`198.51.100.${i}`));
    await scene.time.advance(0);
    expect(await scene.rules()).toHaveLength(10);
    isHanging = true;
    expect(await scene.mitigator.stopAll('anna', 'enough')).toHaveLength(10);
    expect(scene.mitigator.mode).toBe('off');
    await scene.time.advance(30_000);
    expect(await scene.rules()).toHaveLength(10);
    expect(scene.mitigator.mitigations({ states: ['withdrawing'] })).toHaveLength(10);
    isHanging = false;
    await scene.time.advance(180_000);
    expect(await scene.rules()).toEqual([]);
    expect(scene.mitigator.mitigations({ states: ['withdrawn'] })).toHaveLength(10);
    await scene.restart();
    expect(scene.mitigator.mode).toBe('off');
    expect(await scene.mitigator.propose(attack())).toEqual([]);
    await scene.mitigator.setMode('auto', 'anna');
    expect(await scene.mitigator.propose(attack())).toHaveLength(1);
  });

  it('withdraws what the log cannot be told of', async () => {
    const scene = await createScene();
    await scene.mitigator.propose(attack());
    await scene.time.advance(0);
    scene.log.fail();
    await expect(scene.mitigator.propose(attack('198.51.100.8'))).rejects.toMatchObject({
      code: 'RESPONSE_LOG_FAILED',
    });
    await scene.mitigator.stopAll('anna');
    await scene.time.advance(2_000);
    expect(await scene.rules()).toEqual([]);
  });

  it('rejects proposals', async () => {
    const scene = await createScene({ plan: planDrop('approve') });
    await scene.mitigator.propose(attack());
    await scene.mitigator.stopAll('anna');
    expect(scene.path('1')).toBe('proposed rejected');
  });
});

describe('the mode', () => {
  it('is never above that of the configuration', async () => {
    const scene = await createScene({ rails: { mode: 'approve' } });
    await expect(scene.mitigator.setMode('auto', 'anna')).rejects.toThrow('approve at most');
    await scene.mitigator.setMode('dry-run', 'anna');
    await scene.restart({ rails: { mode: 'auto' } });
    expect(scene.mitigator.mode).toBe('dry-run');
  });

  it('takes back what is in force where nothing may be', async () => {
    for (const way of ['setMode', 'configuration'] as const) {
      const scene = await createScene();
      await scene.mitigator.propose(attack());
      await scene.time.advance(0);
      if (way === 'setMode') await scene.mitigator.setMode('dry-run', 'anna');
      else await scene.restart({ rails: { mode: 'dry-run' } });
      await scene.time.advance(1_000);
      expect(await scene.rules()).toEqual([]);
    }
  });
});

describe('a restart', () => {
  it('goes on with what was decided, and ends what is over', async () => {
    const scene = await createScene({ emitter: { endsRules: false } });
    await scene.mitigator.propose(attack());
    await scene.mitigator.propose(attack('198.51.100.8'));
    await scene.time.advance(0);
    scene.emitter.lose(dropOf(attack()));
    await scene.restart();
    expect(await scene.rules()).toHaveLength(2);
    expect(scene.mitigator.mitigations().map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
    await scene.restart({ plan: planDrop('auto'), limits: { quietAfterMs: 100_000_000 } });
    await scene.time.advance(3_601_000);
    expect(await scene.rules()).toEqual([]);
  });
});
