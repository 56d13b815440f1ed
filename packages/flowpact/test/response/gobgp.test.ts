import { createGobgpEmitter, type Rule, ruleText } from '@flowpact/response';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arbitraryRule } from '../../../response/test/emitter/arbitrary-rule.ts';
import { createLab, type Lab, labTools } from './lab/lab.ts';
import { startGobgp } from './lab/routers.ts';

const { skip, note } = labTools('gobgp', 'gobgpd');

describe.skipIf(skip)(`GoBGP${note}`, () => {
  let lab: Lab;
  let gobgp: Awaited<ReturnType<typeof startGobgp>>;
  beforeAll(async () => {
    lab = await createLab();
    gobgp = await startGobgp(lab);
  }, 60_000);
  afterAll(() => lab?.stop());

  const drop: Rule = {
    match: {
      source: '198.51.100.7/32',
      destination: '192.0.2.10/32',
      protocols: [6],
      destinationPorts: [{ low: 80 }],
    },
    action: { kind: 'drop' },
  };

  it('holds exactly the rules that were handed over, and reads them back', async () => {
    const emitter = createGobgpEmitter({ name: 'core', api: gobgp.api });
    const untilMs = Date.now() + 600_000;
    const rules: readonly Rule[] = [
      drop,
      { match: { source: '2001:db8::/64' }, action: { kind: 'redirect', routeTarget: '4200000000:100' } },
      { match: { destination: '192.0.2.99/32' }, action: { kind: 'blackhole' } },
      { match: { destination: '2001:db8::99/128' }, action: { kind: 'blackhole' } },
    ];
    for (const rule of [...rules, drop]) await emitter.apply(rule, untilMs);
    expect(await gobgp.routes()).toEqual([
      '192.0.2.99/32 {Communities: blackhole, no-export, 64496:8955}',
      '2001:db8::99/128 {Communities: blackhole, no-export, 64496:8955}',
      '[destination: 192.0.2.10/32][source: 198.51.100.7/32][protocol: ==tcp][destination-port: ==80] {Communities: 64496:8955} {Extcomms: [discard]}',
      '[source: 2001:db8::/64/0] {Communities: 64496:8955} {Extcomms: [redirect: 64086.59904:100]}',
    ]);
    expect((await emitter.inForce()).map(({ rule }) => ruleText(rule)).sort()).toEqual(
      rules.map(ruleText).sort(),
    );
    for (const rule of [...rules, drop]) await emitter.withdraw(rule);
    expect(await gobgp.routes()).toEqual([]);
  }, 60_000);

  it('keeps what others put there', async () => {
    const emitter = createGobgpEmitter({ name: 'core', api: gobgp.api });
    const words = ['match', 'destination', '192.0.2.50/32', 'then', 'discard'];
    await lab.ask('gobgp', ['--target', gobgp.api, 'global', 'rib', 'add', '-a', 'ipv4-flowspec', ...words]);
    const rule: Rule = { match: { destination: '192.0.2.50/32' }, action: { kind: 'drop' } };
    expect(await emitter.inForce()).toEqual([]);
    await expect(emitter.apply(rule, Date.now() + 60_000)).rejects.toThrow(
      'somebody else has the same route',
    );
    await emitter.withdraw(rule);
    expect(await gobgp.routes()).toEqual(['[destination: 192.0.2.50/32] {Extcomms: [discard]}']);
    await lab.ask('gobgp', ['--target', gobgp.api, 'global', 'rib', 'del', '-a', 'ipv4-flowspec', ...words]);
  }, 60_000);

  it('reads back rules of all shapes', async () => {
    const emitter = createGobgpEmitter({ name: 'core', api: gobgp.api });
    const rules = fc
      .sample(arbitraryRule, { numRuns: 25, seed: 8955 })
      .filter((rule) => emitter.objection(rule) === undefined);
    expect(rules.length).toBeGreaterThan(15);
    for (const rule of rules) await emitter.apply(rule, Date.now() + 600_000);
    expect((await emitter.inForce()).map(({ rule }) => ruleText(rule)).sort()).toEqual(
      rules.map(ruleText).sort(),
    );
  }, 120_000);

  it('says where nobody answers', async () => {
    const emitter = createGobgpEmitter({
      name: 'core',
      api: `unix://${lab.folder}/none.sock`,
      timeoutMs: 2_000,
    });
    await expect(emitter.inForce()).rejects.toThrow('gobgp');
  });
});
