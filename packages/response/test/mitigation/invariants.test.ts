import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoryEmitterFault } from '../../src/emitter/memory-emitter.ts';
import { ruleText } from '../../src/rule/rule-text.ts';
import { attack, block, createScene, dropOf, partner, planDrop, requestOf, type Scene } from './scene.ts';

/** What may happen. */
type Step =
  | {
      readonly kind: 'event' | 'request' | 'approve' | 'reject' | 'withdraw' | 'extend';
      readonly which: number;
    }
  /** Behind everybody's back. */
  | { readonly kind: 'lose' | 'plant'; readonly number: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'fault'; readonly fault: MemoryEmitterFault | undefined }
  | { readonly kind: 'crash' | 'stopAll' | 'on' }
  /** In the middle of whatever the step before it has set in motion. */
  | { readonly kind: 'crashSoon'; readonly turns: number };

const which = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('event' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('request' as const), which }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constantFrom('approve', 'reject', 'withdraw', 'extend'), which }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('lose' as const, 'plant' as const), number: which }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(400) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      fault: fc.constantFrom<(MemoryEmitterFault | undefined)[]>(
        'fail',
        'loseAnswer',
        'hang',
        undefined,
        undefined,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'stopAll' as const, 'on' as const) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('crashSoon' as const), turns: fc.nat(30) }) },
);

const eventOf = (number: number) => attack(`198.51.100.${number}`);

/** Whatever a method says to it: hostile times make for refusals. */
async function act(scene: Scene, { kind, which: number }: Extract<Step, { which: number }>): Promise<void> {
  const { mitigator } = scene;
  const all = mitigator.mitigations({ states: ['proposed', 'applied', 'confirmed', 'applying'] });
  const id = all[number % Math.max(1, all.length)]?.id ?? '1';
  const work = {
    event: () => mitigator.propose(eventOf(number)),
    request: () => mitigator.request(requestOf([block], eventOf(number)), [block], partner),
    approve: () => mitigator.approve(id, 'anna'),
    reject: () => mitigator.reject(id, 'anna'),
    withdraw: () => mitigator.withdraw(id, 'anna'),
    extend: () => mitigator.extend(id, 'anna', 500),
  }[kind]();
  await Promise.race([work.catch(() => undefined), new Promise((resolve) => setImmediate(resolve))]);
}

/** What must hold whenever everything has been quiet for the bound. */
async function check(scene: Scene): Promise<void> {
  const { mitigator, time } = scene;
  const rules = await scene.rules();
  const wanted = mitigator
    .mitigations()
    .filter(({ state }) => state === 'confirmed')
    .map(({ candidates, chosen }) => ruleText(candidates[chosen]!.rule));
  // None is lost, none doubled, none is there that nothing accounts for.
  expect(rules).toEqual([...wanted].sort());
  for (const { state, untilMs = 0 } of mitigator.mitigations()) {
    expect(['applying', 'applied', 'withdrawing']).not.toContain(state);
    if (state === 'confirmed') expect(untilMs).toBeGreaterThan(time.now() - boundMs);
  }
  if (mitigator.mode === 'off') expect(rules).toEqual([]);
}

/** A retry is ten seconds away at most, a hanging answer as many, and reading back comes every thirty. */
const boundMs = 60_000;

describe('whatever happens', () => {
  it('no rule outlives its time, none is lost, none is doubled, and the log holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.boolean(),
        fc.array(step, { maxLength: 40 }),
        async (endsRules, isAuto, steps) => {
          let fault: MemoryEmitterFault | undefined;
          const options = {
            plan: planDrop(isAuto ? 'auto' : 'approve'),
            limits: { quietAfterMs: 300_000, failedForMs: 1_000 },
            emitter: { endsRules, fault: () => fault },
          } as const;
          const scene = await createScene(options);
          for (const each of steps) {
            switch (each.kind) {
              case 'wait':
                await scene.time.advance(each.seconds * 1_000);
                break;
              case 'fault':
                fault = each.fault;
                break;
              case 'lose':
                scene.emitter.lose(dropOf(eventOf(each.number)));
                break;
              case 'plant':
                scene.emitter.plant(dropOf(eventOf(each.number)), undefined);
                break;
              case 'crash':
                await scene.restart();
                break;
              case 'crashSoon': {
                const busy = act(scene, { kind: 'event', which: each.turns % 6 });
                for (let i = 0; i < each.turns; i++) await Promise.resolve();
                await scene.restart();
                await busy;
                break;
              }
              case 'stopAll':
                void scene.mitigator.stopAll('anna').catch(() => undefined);
                break;
              case 'on':
                void scene.mitigator.setMode('auto', 'anna').catch(() => undefined);
                break;
              default:
                await act(scene, each);
            }
          }
          fault = undefined;
          await scene.time.advance(boundMs);
          await check(scene);
          await scene.restart();
          await scene.time.advance(boundMs);
          await check(scene);
          // Nothing is seen any more, and every life time is over.
          await scene.time.advance(3_600_000 + boundMs);
          expect(await scene.rules()).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);
});
