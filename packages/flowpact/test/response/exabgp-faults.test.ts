import { createExabgpEmitter, type Rule, ruleText } from '@flowpact/response';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { after, createRandom, kept, killAgent } from './lab/faults.ts';
import { createLab, type Lab, labTools } from './lab/lab.ts';
import { type LabRouter, startBird, startExabgp } from './lab/routers.ts';

const { skip, note } = labTools('exabgp', 'bird');
const rounds = Number(process.env.FLOWPACT_FAULT_ROUNDS ?? 20);
/** So long a rule may outlive its life time: ExaBGP's answer, the start of another ExaBGP or of the program beside it. */
const boundMs = 10_000;

describe.skipIf(skip)(`ExaBGP, what lives beside it, and BIRD, killed at random moments${note}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await createLab();
  });
  afterAll(() => lab?.stop());

  it(
    `${rounds} times: no rule outlives its time by more than ${boundMs} ms, none is lost or doubled`,
    async () => {
      const seed = Number(process.env.FLOWPACT_FAULT_SEED ?? Date.now() % 1e9);
      const random = createRandom(seed);
      const socket = `${lab.folder}/exabgp.sock`;
      const bird = kept<LabRouter>(() => startBird(lab));
      const exabgp = kept(() => startExabgp(lab, [2]));
      const emitter = createExabgpEmitter({ name: 'edge', socket, timeoutMs: 5_000 });

      /** When each rule ends at the latest, by the prefix that BIRD shows. */
      const untilMs = new Map<string, number>();
      const complaints: string[] = [];
      let longestMs = 0;
      let isWatching = true;
      const watching = (async () => {
        while (isWatching) {
          const shown = (await bird.current?.routes().catch(() => undefined)) ?? [];
          for (const route of shown) {
            const prefix = /dst ([^;]+);/.exec(route)?.[1] ?? route;
            const overMs = Date.now() - (untilMs.get(prefix) ?? 0);
            longestMs = Math.max(longestMs, overMs);
            if (overMs > boundMs) complaints.push(`${route} is ${overMs} ms over its time`);
          }
          await after(100);
        }
      })();

      /** As often as it takes, as long as there is time. */
      async function hand(destination: string, lifetimeMs: number): Promise<void> {
        const rule: Rule = { match: { destination, protocols: [17] }, action: { kind: 'drop' } };
        const endMs = Date.now() + lifetimeMs;
        untilMs.set(destination, endMs);
        while (Date.now() < endMs) {
          const error = await emitter.apply(rule, endMs).catch((cause: unknown) => cause);
          if (error === undefined) return;
          await after(50);
        }
      }

      for (let round = 0; round < rounds; round++) {
        const handing = [0, 1, 2].map((i) =>
          hand(`192.0.2.${(round * 3 + i) % 250}/32`, 1_000 + random(3_000)),
        );
        await after(random(400));
        const victim = random(3);
        if (victim === 0) killAgent(socket);
        else await (victim === 1 ? exabgp.current : bird.current)?.process.kill('SIGKILL');
        if (round % 2 === 0) await Promise.all(handing);
      }

      // What has time left is there after all that, once each, and nothing else.
      const lasting = ['198.51.100.1/32', '198.51.100.2/32', '2001:db8::1/128'];
      await Promise.all(lasting.map((destination) => hand(destination, 600_000)));
      killAgent(socket);
      await after(random(400));
      await bird.current?.process.kill('SIGKILL');
      await after(random(400));
      await exabgp.current?.process.kill('SIGKILL');
      const there = async (): Promise<readonly string[]> =>
        ((await bird.current?.routes()) ?? ['no BIRD'])
          .map((route) => /dst ([^;]+);/.exec(route)?.[1] ?? route)
          .sort();
      await vi.waitFor(async () => expect(await there()).toEqual(lasting), {
        timeout: 60_000,
        interval: 200,
      });
      const inForce = await emitter.inForce();
      expect(inForce.map(({ rule }) => ruleText(rule)).sort()).toEqual(
        lasting.map((destination) => `drop to ${destination} protocol 17`).sort(),
      );

      for (const { rule } of inForce) await emitter.withdraw(rule);
      await vi.waitFor(async () => expect(await there()).toEqual([]), { timeout: 30_000, interval: 200 });
      isWatching = false;
      await watching;
      await exabgp.stop();
      await bird.stop();
      expect({ seed, complaints }).toEqual({ seed, complaints: [] });
      if (process.env.FLOWPACT_FAULT_ROUNDS !== undefined) {
        console.log(
          `${rounds} rounds, seed ${seed}: the longest that a rule outlived its time: ${longestMs} ms`,
        );
      }
    },
    120_000 + rounds * 10_000,
  );
});
