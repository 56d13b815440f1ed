import type { SecurityEvent } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import type { FlowReplay } from '../../src/collateral/flow-replay.ts';
import type { Origin } from '../../src/mitigation/mitigation.ts';
import { createPlanner } from '../../src/plan/create-planner.ts';
import { defaultPlanner } from '../../src/plan/planner-config.ts';
import { ResponseError } from '../../src/response-error.ts';
import { chosen, evidence, flow, nowMs, planned, texts } from './planned.ts';

const attacker = '203.0.113.7';
const victim = '198.51.100.10';
const guessing = Array.from({ length: 20 }, (_, i) =>
  flow(attacker, victim, { destinationPort: 22, sourcePort: 40_000 + i }),
);
const bruteForce: SecurityEvent = {
  type: 'bruteForce',
  sources: [{ address: attacker }],
  targets: [{ address: victim, protocol: 6, ports: [{ low: 22 }] }],
  flows: evidence(guessing),
};
const clients = Array.from({ length: 50 }, (_, i) => flow(`100.64.0.${i}`, victim, { octets: 100_000 }));

describe('a plan against a host that can be believed', () => {
  it('starts with what the host does to the target, and ends with the host', async () => {
    const [candidates] = await texts(bruteForce, { flows: [...guessing, ...clients] });
    expect(candidates.map(([text]) => text)).toEqual([
      `drop from ${attacker}/32 to ${victim}/32 protocol 6 destination-port 22`,
      `drop from ${attacker}/32 to ${victim}/32`,
      `drop from ${attacker}/32 protocol 6 destination-port 22`,
      `drop from ${attacker}/32`,
    ]);
    expect(candidates.map(([, refusal]) => refusal)).toEqual(['', '', '', '']);
  });

  it('says what each would have hit', async () => {
    const elsewhere = [flow(attacker, '198.51.100.99'), flow(attacker, '198.51.100.98', { octets: 5000 })];
    const [{ candidates, chosen: index }] = await planned(bruteForce, {
      flows: [...guessing, ...clients, ...elsewhere],
    });
    expect(index).toBe(0);
    expect(candidates[0].collateral).toEqual({
      fromMs: nowMs - 1_800_000,
      toMs: nowMs,
      attack: {
        hit: { flows: 20, packets: 200, octets: 20_000 },
        all: { flows: 20, packets: 200, octets: 20_000 },
      },
      others: {
        hit: { flows: 0, packets: 0, octets: 0 },
        all: { flows: 52, packets: 520, octets: 5_006_000 },
      },
      otherHosts: 0,
      topOtherHosts: [],
      allowedHosts: [],
      isPartial: false,
      verdict: { isAcceptable: true, reason: "it would hit 100 % of the attack's packets and nothing else" },
    });
    expect(candidates[3].collateral).toMatchObject({
      others: { hit: { flows: 2, packets: 20, octets: 6000 } },
      otherHosts: 2,
      topOtherHosts: [
        { address: '198.51.100.98', end: 'destination', flows: 1, packets: 10, octets: 5000 },
        { address: '198.51.100.99', end: 'destination', flows: 1, packets: 10, octets: 1000 },
      ],
    });
  });

  it('refuses what would hit too many others', async () => {
    const elsewhere = Array.from({ length: 11 }, (_, i) => flow(attacker, `198.51.100.${100 + i}`));
    const [candidates] = await texts(bruteForce, { flows: [...guessing, ...clients, ...elsewhere] });
    expect(candidates.map(([, refusal]) => refusal)).toEqual([
      '',
      '',
      '',
      'it would hit 11 hosts that are no part of it, more than 10 (maxOtherHosts)',
    ]);
  });

  it('refuses what would hit a host of the allow list', async () => {
    const elsewhere = [flow(attacker, '198.51.100.53')];
    const [candidates] = await texts(bruteForce, {
      flows: [...guessing, ...clients, ...elsewhere],
      allowList: ['198.51.100.53/32'],
    });
    expect(candidates.at(-1)).toEqual([
      `drop from ${attacker}/32`,
      'it would hit 198.51.100.53, which is on the allow list',
    ]);
  });

  it('refuses what meets the allow list itself', async () => {
    const [candidates] = await texts(bruteForce, { flows: guessing, allowList: ['203.0.113.0/24'] });
    expect(candidates).toHaveLength(4);
    for (const [, refusal] of candidates)
      expect(refusal).toMatch(/meets 203\.0\.113\.0\/24 of the allow list/);
  });

  it('blocks a source alone where the evidence shows that it does the same to others', async () => {
    const scan = Array.from({ length: 40 }, (_, i) =>
      flow(attacker, `198.51.100.${100 + i}`, { destinationPort: 22, packets: 1, octets: 44, tcpFlags: 2 }),
    );
    const rules = await chosen(
      { ...bruteForce, flows: evidence([...guessing, ...scan]) },
      { flows: [...guessing, ...scan, ...clients] },
    );
    expect(rules).toEqual([`drop from ${attacker}/32 protocol 6 destination-port 22`]);
  });

  it('takes a rule for each of a few sources, and for each of a few targets', async () => {
    const sources = ['203.0.113.7', '198.18.0.9'].map((address) => ({ address }));
    const targets = ['198.51.100.10', '100.64.1.1'].map((address) => ({
      address,
      protocol: 6,
      ports: [{ low: 22 }],
    }));
    const flows = sources.flatMap(({ address: from }) =>
      targets.map(({ address: to }) => flow(from, to, { destinationPort: 22 })),
    );
    const rules = await chosen({ type: 'bruteForce', sources, targets }, { flows });
    expect(rules.toSorted()).toEqual([
      'drop from 198.18.0.9/32 to 100.64.1.1/32 protocol 6 destination-port 22',
      'drop from 198.18.0.9/32 to 198.51.100.10/32 protocol 6 destination-port 22',
      'drop from 203.0.113.7/32 to 100.64.1.1/32 protocol 6 destination-port 22',
      'drop from 203.0.113.7/32 to 198.51.100.10/32 protocol 6 destination-port 22',
    ]);
  });

  const many = Array.from({ length: 40 }, (_, i) => `203.0.113.${2 * i + 100}`);
  const fromMany: SecurityEvent = { ...bruteForce, sources: many.map((address) => ({ address })) };
  const flowsOfMany = many.map((address) => flow(address, victim, { destinationPort: 22 }));

  it('takes the network around many sources where nobody else is in it', async () => {
    const rules = await chosen(
      { ...fromMany, flows: evidence(flowsOfMany) },
      { flows: [...flowsOfMany, ...clients] },
    );
    expect(rules).toEqual([`drop from 203.0.113.0/24 to ${victim}/32 protocol 6 destination-port 22`]);
  });

  it('does not where somebody else is', async () => {
    const innocent = flow('203.0.113.250', victim, { destinationPort: 22 });
    const [candidates] = await texts(
      { ...fromMany, flows: evidence(flowsOfMany) },
      { flows: [...flowsOfMany, ...clients, innocent] },
    );
    expect(candidates[0]).toEqual([
      `drop from 203.0.113.0/24 to ${victim}/32 protocol 6 destination-port 22`,
      'there are hosts in 203.0.113.0/24 that are no part of it, such as 203.0.113.250',
    ]);
  });

  it('joins neighbours without taking anybody else', async () => {
    const sources = Array.from({ length: 16 }, (_, i) => ({ address: `203.0.113.${i + 16}` }));
    const flows = sources.map(({ address }) => flow(address, victim, { destinationPort: 22 }));
    expect(await chosen({ ...bruteForce, sources, flows: evidence(flows) }, { flows })).toEqual([
      `drop from 203.0.113.16/28 to ${victim}/32 protocol 6 destination-port 22`,
    ]);
  });

  it('takes those with most of the evidence where sources are too many and far apart', async () => {
    const sources = Array.from({ length: 60 }, (_, i) => ({ address: `203.${i}.113.7` }));
    const flows = sources.flatMap(({ address }, i) =>
      Array.from({ length: i }, () => flow(address, victim, { destinationPort: 22 })),
    );
    const plans = await texts({ ...bruteForce, sources, flows: evidence(flows) }, { flows });
    expect(plans).toHaveLength(8);
    expect(plans.slice(0, 7).map(([[text]]) => text.split(' ')[2])).toEqual(
      [59, 58, 57, 56, 55, 54, 53].map((i) => `203.${i}.113.7/32`),
    );
    expect(plans[7][0][0]).toBe(
      `drop to ${victim}/32 protocol 6 source-port 40000 destination-port 22 length 100`,
    );
  });

  it('leaves a rule between two ends where no flows are kept, and refuses the others', async () => {
    const [candidates] = await texts(bruteForce);
    const unknown = 'nobody knows what it would hit: no flows are kept';
    expect(candidates.map(([, refusal]) => refusal)).toEqual(['', '', unknown, unknown]);
  });

  it('refuses everything where flows cannot be read', async () => {
    const broken: FlowReplay = {
      // biome-ignore lint/correctness/useYield: it fails before it has anything
      async *replay() {
        throw new ResponseError('RESPONSE_REPLAY_FAILED', 'the disk is gone');
      },
    };
    const plan = createPlanner(
      { ...defaultPlanner, playbook: [{ level: 'auto', emitters: ['border'] }] },
      {
        emitters: [{ name: 'border', objection: () => undefined }],
        rails: { refusal: () => undefined },
        clock: { now: () => nowMs },
        replay: broken,
      },
    );
    const [{ candidates }] = await plan({ event: bruteForce, origin: { kind: 'event' } });
    for (const { refusal } of candidates)
      expect(refusal).toBe('nobody knows what it would hit: the disk is gone');
  });

  it('refuses what hits hardly any of the attack, and what hits nothing that was seen', async () => {
    const [candidates] = await texts(bruteForce, { flows: clients });
    expect(candidates[0][1]).toMatch(/^none of the flows that are kept is of the attack/);
    const others = Array.from({ length: 100 }, () =>
      flow(attacker, victim, { destinationPort: 22, protocol: 17 }),
    );
    const event: SecurityEvent = { ...bruteForce, targets: [{ address: victim }] };
    const [[[text, refusal]]] = await texts(event, { flows: [...guessing, ...others] });
    expect(text).toBe(`drop from ${attacker}/32 to ${victim}/32 protocol 6 destination-port 22`);
    expect(refusal).toBe("it would hit 16.7 % of the attack's packets, less than 20 % (minAttackShare)");
  });

  it('looks at the time before an event that is long over', async () => {
    const endMs = nowMs - 10 * 86_400_000;
    const old = guessing.map((each) => ({ ...each, startMs: endMs - 1000 }));
    const [{ candidates }] = await planned({ ...bruteForce, endMs }, { flows: old });
    expect(candidates[0].collateral).toMatchObject({ toMs: endMs + 1, attack: { hit: { flows: 20 } } });
  });
});

describe('a plan by the playbook', () => {
  it('is none where no entry fits, or where it says off', async () => {
    expect(await planned(bruteForce, { entry: { eventTypes: ['scan'] } })).toEqual([]);
    expect(await planned(bruteForce, { entry: { level: 'off' } })).toEqual([]);
  });

  it('goes as far and lasts as long as it says', async () => {
    const [plan] = await planned(bruteForce, { entry: { level: 'auto', lifetimeSeconds: 600 } });
    expect(plan).toMatchObject({ level: 'auto', lifetimeSeconds: 600 });
    expect((await planned(bruteForce))[0].lifetimeSeconds).toBe(3600);
  });

  it('takes its actions in their order, a blackhole last and only where it is listed', async () => {
    const actions = [
      { kind: 'blackhole' },
      { kind: 'rateLimit', octetsPerSecond: 1000 },
      { kind: 'drop' },
    ] as const;
    const [candidates] = await texts(bruteForce, { entry: { actions } });
    expect(candidates.map(([text]) => text.split(' from ')[0])).toEqual([
      'rate-limit 1000 octets/s',
      'drop',
      'rate-limit 1000 octets/s',
      'drop',
      'rate-limit 1000 octets/s',
      'drop',
      'rate-limit 1000 octets/s',
      'drop',
      `blackhole to ${victim}/32`,
    ]);
  });

  it('refuses what no emitter can say, and says why', async () => {
    const [candidates] = await texts(bruteForce, {
      objection: (rule) => (rule.includes('port') ? 'it knows no ports' : undefined),
    });
    expect(candidates.slice(0, 2).map(([, refusal]) => refusal)).toEqual(['border: it knows no ports', '']);
  });

  it('is none without an emitter', async () => {
    expect(await planned(bruteForce, { entry: { emitters: ['elsewhere'] } })).toEqual([]);
  });
});

describe('a plan against a flood', () => {
  const reflectors = Array.from({ length: 100 }, (_, i) => `100.64.${i}.53`);
  const answers = reflectors.map((address, i) =>
    flow(address, victim, {
      protocol: 17,
      sourcePort: 53,
      destinationPort: 40_111,
      tcpFlags: undefined,
      packets: 100,
      octets: 100 * (1100 + 3 * i),
    }),
  );
  const amplification: SecurityEvent = {
    type: 'dDoS',
    sources: reflectors.map((address) => ({ address })),
    targets: [{ address: victim }],
    flows: evidence(answers),
  };
  const resolver = flow('100.64.0.1', victim, {
    protocol: 17,
    sourcePort: 53,
    destinationPort: 40_111,
    tcpFlags: undefined,
    packets: 1,
    octets: 120,
  });

  it('takes no rule against reflectors, and says why', async () => {
    const [candidates] = await texts(amplification, { flows: [...answers, resolver, ...clients] });
    expect(candidates[0]).toEqual([
      `drop from 100.64.0.53/32 to ${victim}/32 protocol 17 source-port 53 destination-port 40111 length 962-1572`,
      'it comes from DNS servers (port 53), which answer requests that somebody else forged',
    ]);
    const fromThere = candidates.filter(([text]) => text.includes(' from '));
    for (const [, refusal] of fromThere) expect(refusal).not.toBe('');
  });

  it('takes what the answers have in common, and leaves those of a resolver', async () => {
    const flows = [...answers, resolver, ...clients];
    expect(await chosen(amplification, { flows })).toEqual([
      `drop to ${victim}/32 protocol 17 source-port 53 destination-port 40111 length 962-1572`,
    ]);
    const [{ candidates, chosen: index }] = await planned(amplification, { flows });
    expect(candidates[index].collateral).toMatchObject({
      attack: { hit: { flows: 100 }, all: { flows: 100 } },
      others: { hit: { flows: 0 }, all: { flows: 51 } },
    });
  });

  const synFlood = Array.from({ length: 200 }, (_, i) =>
    flow(`100.64.${i}.9`, victim, {
      sourcePort: 1024 + i,
      destinationPort: 443,
      tcpFlags: 2,
      packets: 1,
      octets: 40,
    }),
  );
  const flood: SecurityEvent = {
    type: 'dDoS',
    sources: [{ address: '100.64.0.9' }],
    targets: [{ address: victim }],
    flows: evidence(synFlood.filter(({ source }) => source === '100.64.0.9').concat(synFlood)),
  };
  const visitors = clients.map((each) => ({ ...each, destinationPort: 443 }));

  it('takes nothing against SYNs that clients send as well', async () => {
    const event: SecurityEvent = { ...flood, sources: [] };
    const flows = [...synFlood, ...visitors];
    const [candidates] = await texts(event, { flows });
    expect(candidates[0][0]).toBe(
      `drop to ${victim}/32 protocol 6 destination-port 443 tcp-flags syn,!ack length 40`,
    );
    for (const [text, refusal] of candidates) expect(refusal, text).toMatch(/^it would hit 50 hosts/);
    expect(await chosen(event, { flows })).toEqual([]);
  });

  it('takes it where there are no clients', async () => {
    const [rule] = await chosen({ ...flood, sources: [] }, { flows: synFlood });
    expect(rule).toBe(`drop to ${victim}/32 protocol 6 destination-port 443 tcp-flags syn,!ack length 40`);
  });

  it('believes no source that completed no handshake', async () => {
    const [candidates] = await texts(flood, { flows: synFlood });
    const [[text, refusal]] = candidates;
    expect(text).toMatch(/^drop from 100\.64\.0\.9\/32 to /);
    expect(refusal).toMatch(/^0 of \d+ flows of the evidence completed a handshake/);
  });

  it('gives the victim up only where that is listed and hardly anybody else would miss it', async () => {
    const entry = { actions: [{ kind: 'drop' }, { kind: 'blackhole' }] } as const;
    const event: SecurityEvent = { type: 'dDoS', targets: [{ address: victim }] };
    const [candidates] = await texts(event, { flows: [...synFlood, ...visitors], entry });
    expect(candidates).toEqual([
      [
        `blackhole to ${victim}/32`,
        expect.stringMatching(/^none of the flows that are kept is of the attack/),
      ],
    ]);
    const withSigns = await texts({ ...flood, sources: [] }, { flows: [...synFlood, ...visitors], entry });
    expect(withSigns[0].at(-1)).toEqual([
      `blackhole to ${victim}/32`,
      expect.stringMatching(/^it would hit 50 hosts/),
    ]);
  });
});

describe('a plan for what a partner asks', () => {
  const request = (addressSpace: readonly string[]): Origin => ({
    kind: 'request',
    partner: 'isp-b.example',
    reference: { sender: 'isp-b.example', id: '1' },
    addressSpace,
  });
  const own = request(['198.51.100.0/24']);
  const asks = [{ action: 'block' }] as const;

  it('names whom it protects in every rule', async () => {
    const [candidates] = await texts(bruteForce, { origin: own, asks, flows: guessing });
    expect(candidates[0]).toEqual([
      `drop from ${attacker}/32 to ${victim}/32 protocol 6 destination-port 22`,
      '',
    ]);
    for (const [text, refusal] of candidates)
      if (!text.includes(' to ')) expect(refusal).toMatch(/without a destination/);
  });

  it('takes what it lists: networks of its own to protect, others to block', async () => {
    const scope = [{ address: '203.0.113.99' }, { address: '198.51.100.77' }];
    const [[[first]]] = await texts(bruteForce, { origin: own, asks: [{ action: 'block', scope }] });
    expect(first).toBe('drop from 203.0.113.99/32 to 198.51.100.77/32');
  });

  it('protects all of its networks where nobody is named', async () => {
    const { targets, flows, ...event } = bruteForce;
    const [[[text, refusal]]] = await texts(event, { origin: own, asks });
    expect([text, refusal]).toEqual([`drop from ${attacker}/32 to 198.51.100.0/24`, '']);
  });

  it('refuses to touch what somebody else answers for', async () => {
    const plans = await texts(bruteForce, { origin: request(['192.0.2.0/24']), asks });
    expect(plans.length).toBeGreaterThan(0);
    for (const [text, refusal] of plans.flat())
      expect(refusal, text).toMatch(/does not answer for|without a destination/);
  });

  it('is made of what it tells, where the playbook has an entry that is not for requests alone', async () => {
    const told = { ...own, ownSpace: ['203.0.113.0/24'] };
    const [candidates] = await texts(bruteForce, { origin: told, asks: [], flows: guessing });
    expect(candidates[0]).toEqual([
      `drop from ${attacker}/32 to ${victim}/32 protocol 6 destination-port 22`,
      '',
    ]);
    const entry = { asks: ['block'] } as const;
    expect(await planned(bruteForce, { origin: told, asks: [], entry })).toEqual([]);
    // Of its targets those of ours and of the partner; where it names none, all that the partner answers for.
    const others = { ...bruteForce, targets: [{ address: '192.0.2.1' }, { address: '203.0.113.9' }] };
    expect(await chosen(others, { origin: told, asks: [] })).toEqual([
      `drop from ${attacker}/32 to 203.0.113.9/32`,
    ]);
    const { targets, flows, ...nobody } = bruteForce;
    const [[[text]]] = await texts(nobody, { origin: told, asks: [] });
    expect(text).toBe(`drop from ${attacker}/32 to 198.51.100.0/24`);
  });

  it('does nothing that is not listed, and nothing that is no rule', async () => {
    expect(await planned(bruteForce, { origin: own, asks: [{ action: 'blackhole' }] })).toEqual([]);
    expect(
      await planned(bruteForce, {
        origin: own,
        asks: [{ action: 'moreFlows' }, { action: 'notifyCustomer' }],
      }),
    ).toEqual([]);
    expect(await planned(bruteForce, { origin: own })).toEqual([]);
    expect(await planned(bruteForce, { origin: own, asks, entry: { asks: ['rateLimit'] } })).toEqual([]);
  });

  it('limits the rate that it asks for, for as long as it asks, at most as long as the playbook says', async () => {
    const entry = { actions: [{ kind: 'rateLimit', octetsPerSecond: 5 }] } as const;
    const ask = { action: 'rateLimit', octetsPerSecond: 2n ** 60n, lifetimeSeconds: 60 } as const;
    const [{ candidates, lifetimeSeconds }] = await planned(bruteForce, { origin: own, asks: [ask], entry });
    expect(candidates[0].rule.action).toEqual({ kind: 'rateLimit', octetsPerSecond: 2 ** 40 });
    expect(lifetimeSeconds).toBe(60);
    const [long] = await planned(bruteForce, {
      origin: own,
      asks: [{ ...ask, lifetimeSeconds: 10n ** 30n }],
      entry,
    });
    expect(long.lifetimeSeconds).toBe(3600);
  });

  it('gives its victim up where it asks for that and the playbook lists it', async () => {
    const entry = { actions: [{ kind: 'blackhole' }] } as const;
    const scope = [{ address: victim }];
    const plans = await texts(bruteForce, {
      origin: own,
      asks: [{ action: 'blackhole', scope }],
      entry,
      flows: guessing,
    });
    expect(plans).toEqual([[[`blackhole to ${victim}/32`, '']]]);
  });
});
