import {
  type Action,
  type Ask,
  actions,
  addressToOctets,
  type Message,
  octetsToAddress,
  type SecurityEvent,
} from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  type Assessment,
  createPolicyDecide,
  type FlowQuery,
  type FoundFlows,
  type PartnerPolicy,
  type PolicyEvent,
} from '../../src/index.ts';
import { exampleMs } from '../example-event.ts';
import { partnerNamed } from '../two-networks.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';
const minuteMs = 60_000;

const iana = (id: number) => ({ kind: 'iana' as const, id });

/** An attack from elsewhere on a host of B's. */
const onThem: SecurityEvent = {
  type: 'dDoS',
  startMs: exampleMs - 10 * minuteMs,
  endMs: exampleMs - 5 * minuteMs,
  sources: [{ address: '192.0.2.7' }],
  targets: [{ address: '198.51.100.1' }],
};

/** An attack by a host of B's on two of ours. */
const onUs: SecurityEvent = {
  ...onThem,
  sources: [{ address: '198.51.100.7' }],
  targets: [{ address: '192.0.2.7' }, { address: '192.0.2.9' }],
};

interface Network {
  answer(message: Message): Promise<Answer | undefined>;
  readonly asked: FlowQuery[];
  readonly decided: { readonly message: Message; readonly assessment: Assessment }[];
  readonly events: PolicyEvent[];
}

function network(
  policy: PartnerPolicy = { trustLevel: 'high' },
  options: {
    readonly told?: SecurityEvent;
    readonly find?: (query: FlowQuery) => FoundFlows;
    readonly answer?: Answer;
    readonly hasArchive?: boolean;
  } = {},
): Network {
  const asked: FlowQuery[] = [];
  const decided: Network['decided'] = [];
  const events: PolicyEvent[] = [];
  const partner = { ...partnerNamed(b), addressSpace: ['198.51.100.0/24', '2001:db8:b::/48'], policy };
  const decide = createPolicyDecide(
    { self: { party: { name: a }, addressSpace: ['192.0.2.0/24'] }, partners: [partner] },
    {
      clock: { now: () => exampleMs },
      toldEvent: ({ id }, to) => (id === '1' && to === b ? options.told : undefined),
      decide(message, _, assessment) {
        decided.push({ message, assessment });
        return options.answer;
      },
      onEvent: (event) => events.push(event),
      ...(options.hasArchive === false
        ? {}
        : {
            archive: {
              async find(query) {
                asked.push(query);
                return (options.find ?? (() => flowsOf(2)))(query);
              },
            },
          }),
    },
  );
  return { answer: async (message) => decide(message, partner), asked, decided, events };
}

function flowsOf(count: number, changed: Partial<FoundFlows> = {}): FoundFlows {
  return {
    layout: { columns: [iana(8), iana(12), iana(1)] },
    rows: Array.from({ length: count }, (_, i) => [
      addressToOctets('198.51.100.7'),
      addressToOctets(`192.0.2.${i + 1}`),
      i,
    ]),
    isPartial: false,
    ...changed,
  };
}

function request(asks: readonly Ask[], event = onThem, changed: Partial<Message> = {}): Message {
  return {
    kind: 'request',
    id: '5',
    sender: { name: b },
    createdMs: exampleMs,
    event,
    conversation: { asks, inReplyTo: { sender: a, id: '1' } },
    ...changed,
  };
}

const alert = (event: SecurityEvent): Message => ({
  kind: 'alert',
  id: '6',
  sender: { name: b },
  createdMs: exampleMs,
  event,
});

const aMinute = { lifetimeSeconds: 60, octetsPerSecond: 1000 };
const others = actions.filter((action): action is Exclude<Action, 'moreFlows'> => action !== 'moreFlows');

describe('a request of what protects the partner', () => {
  it.each(others)('%s is decided on', async (action) => {
    const scope = [{ address: '198.51.100.1' }];
    const { answer, decided, events } = network(undefined, { answer: { status: 'accepted' } });
    expect(await answer(request([{ action, scope, ...aMinute }]))).toEqual({ status: 'accepted' });
    expect(decided).toMatchObject([
      { message: { conversation: { asks: [{ action }] } }, assessment: { foreign: [] } },
    ]);
    expect(events).toEqual([]);
  });

  it.each(['block', 'rateLimit', 'stop', 'confirm', 'notifyCustomer'] as const)(
    '%s may be about whoever attacks it and nobody else',
    async (action) => {
      const { answer } = network(undefined, { answer: { status: 'accepted' } });
      expect(await answer(request([{ action, ...aMinute }], onThem))).toEqual({ status: 'accepted' });
    },
  );

  it('waits for a person where nothing decides', async () => {
    const { answer } = network();
    expect(await answer(request([{ action: 'block', ...aMinute }]))).toBeUndefined();
  });
});

describe('a request is rejected, with the reason and a line for the log,', () => {
  const host = { address: '198.51.100.1' };
  it.each<[string, Ask, SecurityEvent, RegExp]>([
    [
      'for a host that is neither',
      { action: 'block', scope: [{ address: '203.0.113.1' }], ...aMinute },
      onUs,
      /block of 203\.0\.113\.1: neither that nor all of the event's targets are in the address space of isp-b\.example/,
    ],
    [
      'for an attacker of it and of others',
      { action: 'block', ...aMinute },
      { ...onThem, targets: [host, { address: '192.0.2.1' }] },
      /neither that nor all/,
    ],
    [
      'for an attacker of nobody',
      { action: 'stop' },
      { type: 'scan', sources: [{ address: '192.0.2.7' }] },
      /neither that nor all/,
    ],
    [
      'for a name',
      { action: 'stop', scope: [{ name: 'www.example' }] },
      { type: 'scan' },
      /stop of www\.example: neither/,
    ],
    [
      'to blackhole an attacker',
      { action: 'blackhole', ...aMinute },
      onThem,
      /blackhole of 192\.0\.2\.7, which is not in the address space of isp-b\.example/,
    ],
    [
      'to redirect an attacker',
      { action: 'redirect', ...aMinute },
      onThem,
      /redirect of 192\.0\.2\.7, which is not in/,
    ],
    [
      'for a network that it has a part of',
      { action: 'blackhole', scope: [{ address: '198.51.0.0', prefixLength: 16 }], ...aMinute },
      onThem,
      /198\.51\.0\.0\/16, which is not in/,
    ],
    ['of nothing', { action: 'block', ...aMinute }, { type: 'scan' }, /block of what\?/],
    ['without an end', { action: 'block', scope: [host] }, onThem, /block without a lifetime/],
    [
      'for too long',
      { action: 'block', scope: [host], lifetimeSeconds: 86_401 },
      onThem,
      /block for 86401 s; at most 86400 s/,
    ],
    [
      'for ages',
      { action: 'blackhole', scope: [host], lifetimeSeconds: 2n ** 70n },
      onThem,
      /blackhole for 1180591620717411303424 s/,
    ],
    [
      'for a rate that is none',
      { action: 'rateLimit', scope: [host], lifetimeSeconds: 60 },
      onThem,
      /rateLimit without a rate/,
    ],
  ])('%s', async (_, ask, event, reason) => {
    const { answer, decided, events } = network(undefined, { answer: { status: 'applied' } });
    expect(await answer(request([ask], event))).toEqual({
      status: 'rejected',
      reason: expect.stringMatching(reason),
    });
    expect(decided).toEqual([]);
    expect(events).toEqual([
      {
        kind: 'refused',
        atMs: exampleMs,
        partner: b,
        reference: { sender: b, id: '5' },
        reason: expect.stringMatching(reason),
      },
    ]);
  });

  it('for a wider network than its policy has', async () => {
    const policy: PartnerPolicy = {
      trustLevel: 'high',
      asks: { minIpv4PrefixLength: 32, minIpv6PrefixLength: 64 },
    };
    const block = (address: string, prefixLength: number) =>
      network(policy).answer(request([{ action: 'block', scope: [{ address, prefixLength }], ...aMinute }]));
    expect(await block('198.51.100.0', 31)).toMatchObject({
      reason: expect.stringMatching(/wider than a \/32/),
    });
    expect(await block('2001:db8:b::', 63)).toMatchObject({
      reason: expect.stringMatching(/wider than a \/64/),
    });
    expect(await block('2001:db8:b::', 64)).toBeUndefined();
  });

  it.each<[PartnerPolicy['trustLevel'], readonly Action[]]>([
    ['none', actions],
    ['low', ['moreFlows', 'block', 'rateLimit', 'blackhole', 'redirect']],
    ['medium', ['block', 'blackhole', 'redirect']],
  ])('for what trust level %s may not ask', async (trustLevel, refused) => {
    for (const action of refused) {
      const { answer } = network({ trustLevel });
      expect(await answer(request([{ action, scope: [host], ...aMinute }]))).toEqual({
        status: 'rejected',
        reason: `${b} may not ask for ${action} here`,
      });
    }
  });

  it('for too many addresses', async () => {
    const scope = Array.from({ length: 257 }, (_, i) => ({ address: `198.51.100.${i % 256}` }));
    for (const action of ['stop', 'moreFlows'] as const) {
      expect(await network().answer(request([{ action, scope }]))).toEqual({
        status: 'rejected',
        reason: `${action} of 257 addresses; at most 256 are looked at`,
      });
    }
  });

  it('without asks, and of somebody without a policy', async () => {
    expect(await network().answer(request([]))).toEqual({
      status: 'rejected',
      reason: 'the request asks for nothing',
    });
    const decide = createPolicyDecide(
      { self: { party: { name: a } }, partners: [] },
      { clock: { now: () => 0 } },
    );
    expect(await decide(request([]), partnerNamed(b))).toEqual({
      status: 'rejected',
      reason: `there is no policy for ${b}`,
    });
  });
});

describe('a request of several things', () => {
  const good: Ask = { action: 'block', scope: [{ address: '198.51.100.1' }], lifetimeSeconds: 60 };
  const bad: Ask = { action: 'block', scope: [{ address: '203.0.113.1' }], lifetimeSeconds: 60 };

  it('is applied in part, and says which', async () => {
    const { answer, decided, events } = network(undefined, { answer: { status: 'applied', untilMs: 7 } });
    expect(await answer(request([good, bad], onUs))).toEqual({
      status: 'partial',
      untilMs: 7,
      applied: [good],
      reason: expect.stringMatching(/^refused: block of 203\.0\.113\.1/),
    });
    expect(decided[0]?.message.conversation?.asks).toEqual([good]);
    expect(events).toMatchObject([{ kind: 'refused' }]);
  });

  it('keeps the decision where nothing is done of it', async () => {
    const { answer } = network(undefined, { answer: { status: 'rejected', reason: 'not today' } });
    expect(await answer(request([good, bad], onUs))).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(/^not today; refused: block/),
    });
  });

  it('is answered at once where a person decides on the rest', async () => {
    expect(await network().answer(request([good, bad], onUs))).toMatchObject({
      status: 'received',
      reason: expect.stringMatching(/refused/),
    });
    expect(await network().answer(request([good, { action: 'moreFlows' }], onUs))).toMatchObject({
      status: 'received',
      reason: '2 flows',
      flows: {},
    });
  });
});

describe('flows that are asked for', () => {
  const more = (scope?: Ask['scope']): readonly Ask[] => [{ action: 'moreFlows', scope }];

  it('of its own address space are found and disclosed', async () => {
    const { answer, asked } = network({ trustLevel: 'medium' });
    const answered = await answer(request(more(), onUs));
    expect(asked).toEqual([
      {
        ends: ['198.51.100.7/32'],
        fromMs: exampleMs - 15 * minuteMs,
        toMs: exampleMs,
        limit: 1_000,
      },
    ]);
    expect(answered).toMatchObject({
      status: 'applied',
      reason: '2 flows',
      flows: {
        layout: { anonymisation: { technique: 'truncation', prefixKept: 24 } },
        groups: [{ relation: 'own-addresses' }],
      },
    });
    const rows = answered?.flows?.groups[0]?.rows ?? [];
    expect(rows.map((row) => row.slice(0, 2).map((value) => octetsToAddress(value as Uint8Array)))).toEqual([
      ['198.51.100.7', '192.0.2.0'],
      ['198.51.100.7', '192.0.2.0'],
    ]);
  });

  it('bear the label of the event that they belong to, or AMBER', async () => {
    const told = { ...onUs, tlp: 'red' as const };
    expect(await network(undefined, { told }).answer(request(more(), onUs))).toMatchObject({ tlp: 'red' });
    expect(await network().answer(request(more(), { ...onUs, tlp: 'clear' }))).toMatchObject({
      tlp: 'amber',
    });
  });

  it('show no address because the partner calls it an attacker', async () => {
    const addressesFor = async (event: SecurityEvent) => {
      const rows = [['198.51.100.7', '100.64.9.9'].map((address) => addressToOctets(address))];
      const { answer } = network({ trustLevel: 'medium' }, { find: () => flowsOf(0, { rows }) });
      const answered = await answer(request(more([{ address: '198.51.100.7' }]), event));
      return answered?.flows?.groups[0]?.rows[0]
        ?.slice(0, 2)
        .map((value) => octetsToAddress(value as Uint8Array));
    };
    const hidden = ['198.51.100.7', '100.64.9.0'];
    expect(await addressesFor(onUs)).toEqual(hidden);
    expect(await addressesFor({ ...onUs, sources: [{ address: '100.64.9.9' }] })).toEqual(hidden);
  });

  it('of times to come are none', async () => {
    const { answer, asked } = network();
    await answer(
      request(more(), { ...onUs, startMs: exampleMs + 60 * minuteMs, endMs: exampleMs + 61 * minuteMs }),
    );
    expect(asked).toMatchObject([{ fromMs: exampleMs, toMs: exampleMs }]);
  });

  it('of an event that it was told of are those between its sides, or with the partner', async () => {
    const told = { ...onUs, sources: [{ address: '203.0.113.7' }], startMs: exampleMs - 60 * minuteMs };
    const { answer, asked } = network(undefined, { told });
    // As it was told: with the targets shortened.
    const echo = { ...told, targets: [{ address: '192.0.2.0', prefixLength: 24 }] };
    await answer(request(more([...echo.sources, ...echo.targets]), echo));
    const fromMs = exampleMs - 65 * minuteMs;
    expect(asked).toEqual([
      {
        ends: ['203.0.113.7/32'],
        otherEnds: ['192.0.2.7/32', '192.0.2.9/32', '198.51.100.0/24', '2001:db8:b::/48'],
        fromMs,
        toMs: exampleMs,
        limit: 1_000,
      },
      {
        ends: ['192.0.2.7/32', '192.0.2.9/32'],
        otherEnds: ['203.0.113.7/32', '198.51.100.0/24', '2001:db8:b::/48'],
        fromMs,
        toMs: exampleMs,
        limit: 998,
      },
    ]);
  });

  it.each<[string, Message, SecurityEvent | undefined, RegExp]>([
    [
      'of somebody else',
      request(more([{ address: '203.0.113.9' }]), onUs),
      onUs,
      /203\.0\.113\.9, which is neither in the address space of isp-b\.example nor part of an event/,
    ],
    [
      'of an event that it was not told of',
      request(more([{ address: '192.0.2.7' }]), onThem),
      undefined,
      /192\.0\.2\.7, which is neither/,
    ],
    [
      'of an event that another was told of',
      request(more([{ address: '192.0.2.7' }]), onThem, {
        conversation: { asks: more([{ address: '192.0.2.7' }]), inReplyTo: { sender: a, id: '2' } },
      }),
      onThem,
      /192\.0\.2\.7, which is neither/,
    ],
    [
      'of an event of its own making',
      request(more([{ address: '192.0.2.7' }]), onThem, {
        conversation: { asks: more([{ address: '192.0.2.7' }]), inReplyTo: { sender: b, id: '1' } },
      }),
      onThem,
      /192\.0\.2\.7, which is neither/,
    ],
    ['of nothing', request(more([]), { type: 'scan' }), undefined, /moreFlows of what\?/],
    ['of a name', request(more([{ name: 'www.example' }])), undefined, /www\.example, which is no address/],
  ])('%s are refused', async (_, message, told, reason) => {
    const { answer, asked, events } = network(undefined, { told });
    expect(await answer(message)).toEqual({ status: 'rejected', reason: expect.stringMatching(reason) });
    expect(asked).toEqual([]);
    expect(events).toMatchObject([{ kind: 'refused', reason: expect.stringMatching(reason) }]);
  });

  it('are refused to a partner that may not see flows', async () => {
    const { answer } = network({ trustLevel: 'high', disclosure: { fields: [] } });
    expect(await answer(request(more(), onUs))).toEqual({
      status: 'rejected',
      reason: `${b} may not see flows`,
    });
  });

  it('are looked for so often, and not more often', async () => {
    const { answer, asked } = network({ trustLevel: 'high', asks: { maxFlowRequests: 2 } });
    for (const status of ['applied', 'applied', 'rejected']) {
      expect(await answer(request(more(), onUs))).toMatchObject({ status });
    }
    expect(asked).toHaveLength(2);
  });

  it('of too long a time are those of its end, and said to be partial', async () => {
    const { answer, asked } = network({ trustLevel: 'high', asks: { maxFlowSpanMs: 60 * minuteMs } });
    const event = { ...onUs, startMs: exampleMs - 600 * minuteMs };
    expect(await answer(request(more(), event))).toMatchObject({
      status: 'partial',
      reason: '2 flows, not all that there were',
    });
    expect(asked).toMatchObject([{ fromMs: exampleMs - 60 * minuteMs, toMs: exampleMs }]);
  });

  it.each<[string, FoundFlows]>([
    ['the archive has more', flowsOf(3, { isPartial: true })],
    ['the archive gives more than it was asked for', flowsOf(5)],
  ])('are partial where %s', async (_, found) => {
    const { answer } = network({ trustLevel: 'high', disclosure: { maxFlows: 3 } }, { find: () => found });
    const answered = await answer(request(more(), onUs));
    expect(answered).toMatchObject({ status: 'partial', reason: '3 flows, not all that there were' });
    expect(answered?.flows?.groups[0]?.rows).toHaveLength(3);
  });

  it('are looked for no further than the limit', async () => {
    const { answer, asked } = network({ trustLevel: 'high', disclosure: { maxFlows: 2 } }, { told: onUs });
    expect(await answer(request(more([...onUs.sources!, ...onUs.targets!]), onUs))).toMatchObject({
      status: 'partial',
    });
    expect(asked).toHaveLength(1);
  });

  it('that are not there are said not to be', async () => {
    const { answer } = network(undefined, { find: () => flowsOf(0) });
    expect(await answer(request(more(), onUs))).toEqual({
      status: 'applied',
      reason: 'no such flows are kept',
    });
    expect(await network(undefined, { hasArchive: false }).answer(request(more(), onUs))).toEqual({
      status: 'failed',
      reason: 'no flows are kept here',
    });
  });

  it('that cannot be read are said so, the cause to our log alone', async () => {
    const { answer, events } = network(undefined, {
      find() {
        throw new Error('/var/lib/secret is gone');
      },
    });
    expect(await answer(request(more(), onUs))).toEqual({
      status: 'failed',
      reason: 'the flows could not be read',
    });
    expect(events).toMatchObject([{ kind: 'failed', reason: expect.stringMatching(/secret is gone/) }]);
  });
});

describe('an alert', () => {
  const elsewhere: SecurityEvent = {
    type: 'scan',
    sources: [{ address: '203.0.113.1' }],
    targets: [2, 3, 4].map((host) => ({ address: `203.0.113.${host}` })),
  };

  it.each([
    ['the partner', onThem],
    ['us', onUs],
    [
      'a network that we have a part of',
      { type: 'scan', targets: [{ address: '192.0.0.0', prefixLength: 16 }] },
    ],
    ['nobody by address', { type: 'scan', sources: [{ name: 'www.example' }] }],
  ] as [string, SecurityEvent][])('that concerns %s is decided on', async (_, event) => {
    const { answer, decided, events } = network({ trustLevel: 'low' }, { answer: { status: 'accepted' } });
    expect(await answer(alert(event))).toEqual({ status: 'accepted' });
    expect(decided).toMatchObject([{ assessment: { foreign: [] } }]);
    expect(events).toEqual([]);
  });

  const reason =
    '203.0.113.1, 203.0.113.2, 203.0.113.3 and 1 more: neither in the address space of isp-b.example nor in ours';

  it('that concerns others is refused, with a line for the log', async () => {
    const { answer, decided, events } = network({ trustLevel: 'low' });
    expect(await answer(alert(elsewhere))).toEqual({ status: 'rejected', reason });
    expect(decided).toEqual([]);
    expect(events).toMatchObject([{ kind: 'refused', partner: b, reason }]);
  });

  it('that concerns others is decided on by the policy `mark`, with a line for the log', async () => {
    const { answer, decided, events } = network(
      { trustLevel: 'low', foreignSpace: 'mark' },
      { answer: { status: 'accepted' } },
    );
    expect(await answer(alert(elsewhere))).toEqual({ status: 'accepted' });
    expect(decided).toMatchObject([{ assessment: { foreign: [{ address: '203.0.113.1' }, {}, {}, {}] } }]);
    expect(events).toMatchObject([{ kind: 'marked', partner: b, reason }]);
  });

  it('of somebody without trust is received and nothing else', async () => {
    const { answer, decided } = network({ trustLevel: 'none' }, { answer: { status: 'accepted' } });
    expect(await answer(alert(onThem))).toEqual({ status: 'received' });
    expect(decided).toEqual([]);
  });

  it('is no feedback', async () => {
    expect(await network().answer({ ...alert(onThem), kind: 'feedback' })).toBeUndefined();
  });
});
