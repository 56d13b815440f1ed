import { createNftablesEmitter, type Rule, ruleText } from '@flowpact/response';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { arbitraryRule } from '../../../response/test/emitter/arbitrary-rule.ts';
import { createLab, type Lab, labTools } from './lab/lab.ts';

const { skip, note } = labTools('nft');

/** Sends ten datagrams to each address, the last to 10.99.0.4, and tells how many came where. */
const datagrams = `
const dgram = require('node:dgram');
const addresses = ['10.99.0.2', '10.99.0.3', '10.99.0.4'];
const counts = {};
const sender = dgram.createSocket('udp4');
let listening = 0;
for (const address of addresses) {
  counts[address] = 0;
  const receiver = dgram.createSocket('udp4');
  receiver.on('message', () => {
    counts[address]++;
    if (counts['10.99.0.4'] < 10) return;
    console.log(JSON.stringify(counts));
    process.exit();
  });
  receiver.bind(7777, address, async () => {
    if (++listening < addresses.length) return;
    sender.bind(0, '10.99.0.1', async () => {
      for (const to of addresses) {
        for (let i = 0; i < 10; i++) await new Promise((sent) => sender.send('x'.repeat(100), 7777, to, () => sent()));
      }
    });
  });
}`;

/** More of them: `FLOWPACT_NFT_RULES=1000`, which also says what they cost. */
const manyRules = Number(process.env.FLOWPACT_NFT_RULES ?? 10);

/** Sends 300,000 datagrams to itself, and prints the nanoseconds of CPU time that one takes, of the best 50,000. */
const costOfDatagram = `
const dgram = require('node:dgram');
const receiver = dgram.createSocket({ type: 'udp4', recvBufferSize: 4096 });
receiver.bind(7777, '10.99.0.1', () => {
  const sender = dgram.createSocket('udp4');
  const payload = Buffer.alloc(100);
  sender.connect(7777, '10.99.0.1', async () => {
    let best = Infinity;
    for (let run = 0; run < 6; run++) {
      const before = process.cpuUsage();
      for (let i = 0; i < 50_000; i++) {
        if (i % 100 < 99) sender.send(payload);
        else await new Promise((sent) => sender.send(payload, sent));
      }
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 50);
    }
    console.log(Math.round(best));
    process.exit();
  });
});`;

describe.skipIf(skip)(`nftables in a network of its own${note}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await createLab();
    await lab.ask('nft', [
      'add table inet others { chain mine { type filter hook input priority 0; counter; }; }',
    ]);
  });
  afterAll(() => lab?.stop());

  const emitterOf = (table: string) =>
    createNftablesEmitter({ name: 'wall', table, hook: 'input', netns: lab.netns });
  const received = async () =>
    JSON.parse(await lab.ask(process.execPath, ['-e', datagrams])) as Record<string, number>;
  const listed = (table: string) => lab.ask('nft', ['list', 'table', 'inet', table]);

  it('drops what a rule says and counts it, leaves others alone, and ends by itself', async () => {
    const emitter = emitterOf('flowpact');
    await emitter.start();
    await emitter.start();
    const drop: Rule = {
      match: {
        source: '10.99.0.1/32',
        destination: '10.99.0.2/32',
        protocols: [17],
        destinationPorts: [{ low: 7777 }],
      },
      action: { kind: 'drop' },
    };
    const mark: Rule = { match: { destination: '10.99.0.3/32' }, action: { kind: 'mark', dscp: 8 } };
    await emitter.apply(drop, Date.now() + 600_000);
    await emitter.apply(mark, Date.now() + 600_000);
    expect(await received()).toEqual({ '10.99.0.2': 0, '10.99.0.3': 10, '10.99.0.4': 10 });
    expect(await listed('flowpact')).toMatch(
      /daddr @r\w+ ip saddr 10.99.0.1 udp dport 7777 counter packets 10 bytes 1280 drop/,
    );
    expect(await listed('flowpact')).toMatch(/counter packets 10 bytes 1280 ip dscp set cs1/);

    // Renewed, to end at once: the kernel does it, nobody asks for it.
    await emitter.apply(drop, Date.now() + 500);
    await emitter.withdraw(mark);
    await vi.waitFor(async () => expect(await listed('flowpact')).not.toContain('expires'), 10_000);
    expect(await received()).toEqual({ '10.99.0.2': 10, '10.99.0.3': 10, '10.99.0.4': 10 });
    expect(await emitter.inForce()).toEqual([]);

    // What is left of it is swept away with the next change.
    await emitter.withdraw(mark);
    expect(await listed('flowpact')).not.toMatch(/set|saddr|daddr/);
    expect(await listed('others')).toMatch(/counter packets [1-9]/);
    await emitter.stop();
  }, 60_000);

  it('limits a rate', async () => {
    const emitter = emitterOf('flowpact_limits');
    await emitter.start();
    const rule: Rule = {
      match: { destination: '10.99.0.2/32' },
      action: { kind: 'rateLimit', octetsPerSecond: 500 },
    };
    await emitter.apply(rule, Date.now() + 60_000);
    const { '10.99.0.2': limited, ...others } = await received();
    expect(limited).toBeGreaterThan(0);
    expect(limited).toBeLessThan(10);
    expect(others).toEqual({ '10.99.0.3': 10, '10.99.0.4': 10 });
    await emitter.withdraw(rule);
    expect(await received()).toEqual({ '10.99.0.2': 10, '10.99.0.3': 10, '10.99.0.4': 10 });
  }, 60_000);

  it('reads back every rule that it was given, once each', async () => {
    const emitter = emitterOf('flowpact_many');
    await emitter.start();
    const rules = fc
      .sample(arbitraryRule, { numRuns: 60, seed: 8955 })
      .filter((rule) => emitter.objection(rule) === undefined)
      .filter((rule, i, all) => all.findIndex((other) => ruleText(other) === ruleText(rule)) === i);
    expect(rules.length).toBeGreaterThan(20);
    const untilMs = Date.now() + 3_600_000;
    for (const rule of [...rules, ...rules.slice(0, 5)]) await emitter.apply(rule, untilMs);
    const inForce = await emitter.inForce();
    expect(inForce.map(({ rule }) => ruleText(rule)).sort()).toEqual(rules.map(ruleText).sort());
    for (const held of inForce) expect(Math.abs((held.untilMs ?? 0) - untilMs)).toBeLessThan(30_000);
    await emitter.withdraw(rules[0]);
    expect(await emitter.inForce()).toHaveLength(rules.length - 1);
  }, 120_000);

  it(
    `looks for each packet once for each length of a prefix, however many rules there are: ${manyRules}`,
    async () => {
      const emitter = emitterOf('flowpact_load');
      await emitter.start();
      const isMeasured = process.env.FLOWPACT_NFT_RULES !== undefined;
      const cost = async () => (await lab.ask(process.execPath, ['-e', costOfDatagram])).trim();
      const costWithout = isMeasured ? await cost() : '';
      const startMs = performance.now();
      for (let i = 0; i < manyRules; i++) {
        const destination =
          i % 2 === 0 ? `10.1.${i >> 8}.${i & 255}/32` : `10.${128 + (i >> 8)}.${i & 255}.0/24`;
        const match = { destination, protocols: [17], destinationPorts: [{ low: 7777 }] };
        await emitter.apply({ match, action: { kind: 'drop' } }, Date.now() + 3_600_000);
      }
      const tookMs = performance.now() - startMs;
      const lookups = (await listed('flowpact_load')).match(/vmap @\w+/g);
      expect(lookups?.sort()).toEqual(['vmap @d4_24', 'vmap @d4_32']);
      expect(await emitter.inForce()).toHaveLength(manyRules);
      if (isMeasured) {
        const took = `${manyRules} rules in ${Math.round(tookMs)} ms`;
        console.log(
          `${took}; CPU time for a datagram: ${costWithout} ns without them, ${await cost()} ns with them`,
        );
      }
    },
    60_000 + manyRules * 3_000,
  );

  it('does not take for its own what somebody has changed, and mends it', async () => {
    const emitter = emitterOf('flowpact_mended');
    await emitter.start();
    const rule: Rule = { match: { source: '198.51.100.0/24' }, action: { kind: 'drop' } };
    await emitter.apply(rule, Date.now() + 60_000);
    await lab.ask('nft', ['flush', 'chain', 'inet', 'flowpact_mended', 'rules']);
    expect(await emitter.inForce()).toEqual([]);
    await emitter.apply(rule, Date.now() + 60_000);
    expect(await emitter.inForce()).toHaveLength(1);
    await lab.ask('nft', ['flush', 'ruleset']);
    expect(await emitter.inForce()).toEqual([]);
    await emitter.apply(rule, Date.now() + 60_000);
    expect(await emitter.inForce()).toHaveLength(1);
    await emitter.withdraw(rule);
    expect(await emitter.inForce()).toEqual([]);
  }, 60_000);

  it('says what nft says', async () => {
    const emitter = createNftablesEmitter({ name: 'wall', nft: '/nowhere/nft', netns: lab.netns });
    await expect(emitter.start()).rejects.toThrow('/nowhere/nft');
    const elsewhere = createNftablesEmitter({ name: 'wall', netns: 'no-such-netns' });
    await expect(elsewhere.inForce()).rejects.toThrow('no-such-netns');
  });
});
