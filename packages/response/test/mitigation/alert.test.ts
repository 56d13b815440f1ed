import type { Message } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { attack, block, createScene, partner, planDrop, requestOf } from './scene.ts';

const ownSpace = ['198.51.100.0/24'];

let nextAlert = 1;
const alertOf = (event = attack()): Message => ({
  ...{ kind: 'alert', id: `9000${nextAlert++}`, sender: { name: partner.name }, event },
  createdMs: 1_767_225_600_000,
});

describe('an alert', () => {
  it('is at most a proposal, also where the playbook lets everything go by itself', async () => {
    const scene = await createScene();
    expect(await scene.mitigator.alert(alertOf(), partner, ownSpace)).toEqual({
      status: 'received',
      reason: 'a person decides on it',
    });
    expect(scene.path('1')).toBe('proposed');
    expect(scene.mitigator.mitigation('1')).toMatchObject({ level: 'approve', origin: { ownSpace } });
    await scene.mitigator.approve('1', 'anna');
    await scene.time.advance(0);
    expect(await scene.rules()).toEqual(['drop from 198.51.100.7/32 to 192.0.2.10/32']);
    await scene.time.advance(3_601_000);
    expect(scene.told.map(({ outcome }) => outcome.status)).toEqual(['accepted', 'applied', 'expired']);
    expect(await scene.rules()).toEqual([]);
  });

  it('of the same again proposes nothing more, nor after a person said no, and keeps no event of ours back', async () => {
    const scene = await createScene();
    await scene.mitigator.alert(alertOf(), partner, ownSpace);
    expect(await scene.mitigator.alert(alertOf(), partner, ownSpace)).toEqual({ status: 'received' });
    await scene.mitigator.reject('1', 'anna');
    expect(await scene.mitigator.alert(alertOf(), partner, ownSpace)).toEqual({ status: 'received' });
    expect(scene.mitigator.mitigations()).toHaveLength(1);
    await scene.mitigator.propose(attack());
    await scene.time.advance(0);
    expect(scene.path('2')).toBe('proposed approved applying applied confirmed');
  });

  it('inherits no approval that an event of ours had', async () => {
    const scene = await createScene({ plan: planDrop('approve'), limits: { quietAfterMs: 60_000 } });
    await scene.mitigator.propose(attack());
    await scene.mitigator.approve('1', 'anna');
    await scene.time.advance(120_000);
    expect(scene.path('1')).toMatch(/withdrawn$/);
    await scene.mitigator.alert(alertOf(), partner, ownSpace);
    await scene.mitigator.request(requestOf([block]), [block], partner);
    expect(scene.path('2')).toBe('proposed');
    await scene.mitigator.propose(attack('198.51.100.8'));
    expect(scene.mitigator.mitigations({ states: ['approved', 'applying', 'confirmed'] })).toEqual([]);
  });

  it('is received where nothing becomes of it: refused, off, or too many', async () => {
    const refused = await createScene({ plan: planDrop('approve', { refusal: 'it hits others' }) });
    expect(await refused.mitigator.alert(alertOf(), partner, ownSpace)).toEqual({
      status: 'received',
      reason: 'it hits others',
    });
    expect(refused.path('1')).toBe('proposed rejected');
    expect(refused.told).toEqual([]);

    const scene = await createScene();
    for (let i = 0; i < 200; i++) {
      const alert = alertOf(attack(`198.51.100.${i}`));
      expect((await scene.mitigator.alert(alert, partner, ownSpace)).status).toBe('received');
    }
    expect(scene.mitigator.mitigations()).toHaveLength(20);
    // What it asks for is not held back by what it tells.
    const message = requestOf([block], attack('198.51.100.201'));
    expect(await scene.mitigator.request(message, [block], partner)).toMatchObject({ status: 'accepted' });
    await scene.mitigator.stopAll('anna');
    const [before] = scene.mitigator.mitigations();
    expect(await scene.mitigator.alert(alertOf(attack('198.51.100.202')), partner, ownSpace)).toEqual({
      status: 'received',
    });
    expect(scene.mitigator.mitigations()[0]).toEqual(before);
  });
});

describe('what a partner takes back', () => {
  it('ends as withdrawn, in force or proposed, and the partner hears that', async () => {
    const scene = await createScene();
    const request = requestOf([block]);
    const alert = alertOf(attack('198.51.100.8'));
    await scene.mitigator.request(request, [block], partner);
    await scene.mitigator.alert(alert, partner, ownSpace);
    await scene.time.advance(0);
    expect(await scene.rules()).toHaveLength(1);
    const reference = ({ id }: Message) => ({ sender: partner.name, id });
    for (const message of [request, alert]) await scene.mitigator.retract(reference(message));
    await scene.time.advance(1_000);
    expect(await scene.rules()).toEqual([]);
    expect(scene.path('1')).toMatch(/confirmed withdrawing withdrawn$/);
    expect(scene.path('2')).toBe('proposed withdrawn');
    expect(scene.mitigator.mitigation('2')?.turns.at(-1)).toMatchObject({ who: partner.name });
    expect(scene.told.map(({ id, outcome }) => `${id} ${outcome.status}`).sort()).toEqual([
      '1 applied',
      '1 withdrawn',
      '2 withdrawn',
    ]);
    expect(await scene.mitigator.retract(reference(request))).toEqual([]);
  });

  it('is waited for while it is being planned', async () => {
    let planned = () => {};
    const gate = new Promise<void>((resolve) => {
      planned = resolve;
    });
    const scene = await createScene({
      plan: async (trigger) => {
        await gate;
        return planDrop('approve')(trigger);
      },
    });
    const request = requestOf([block]);
    const asked = scene.mitigator.request(request, [block], partner);
    const retracted = scene.mitigator.retract({ sender: partner.name, id: request.id });
    planned();
    await Promise.all([asked, retracted]);
    expect(scene.path('1')).toBe('proposed withdrawn');
  });

  it('by asking for something else ends, but for what is still asked for', async () => {
    const scene = await createScene({
      plan: async ({ event, asks = [] }) =>
        asks.map(({ scope, lifetimeSeconds }) => ({
          ...{ level: 'auto', chosen: 0, lifetimeSeconds: Number(lifetimeSeconds) },
          candidates: [
            {
              rule: {
                match: { source: scope![0].address!, destination: event.targets![0].address! },
                action: { kind: 'drop' },
              },
              emitter: 'memory',
            },
          ],
        })),
    });
    const of = (address: string) => ({ ...block, scope: [{ address }] });
    const [first, second, third] = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map(of);
    const before = requestOf([first, second]);
    await scene.mitigator.request(before, [first, second], partner);
    const after = requestOf([second, third]);
    const supersedes = { sender: partner.name, id: before.id };
    await scene.mitigator.request(
      { ...after, conversation: { ...after.conversation, supersedes } },
      [second, third],
      partner,
    );
    await scene.time.advance(1_000);
    expect(await scene.rules()).toEqual([
      'drop from 198.51.100.2/32 to 192.0.2.10/32',
      'drop from 198.51.100.3/32 to 192.0.2.10/32',
    ]);
    expect(scene.path('1')).toMatch(/withdrawn$/);
  });
});
