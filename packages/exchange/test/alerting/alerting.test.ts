import type { Message, SecurityEvent } from '@flowpact/event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Alerting,
  type AlertingConfig,
  type AlertingEvent,
  createAlerting,
  ExchangeError,
  type Partner,
  type PartnerPolicy,
  type Place,
  systemClock,
} from '../../src/index.ts';
import { exampleMs } from '../example-event.ts';
import { partnerNamed } from '../two-networks.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';
const c = 'isp-c.example';
const minuteMs = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: exampleMs });
});
afterEach(() => {
  vi.useRealTimers();
});

function partner(name: string, addressSpace: readonly string[], policy: PartnerPolicy = {}): Partner {
  return { ...partnerNamed(name), addressSpace, policy: { trustLevel: 'high', ...policy } };
}

const partnerB = partner(b, ['198.51.100.0/24']);
const partnerC = partner(c, ['203.0.113.0/24']);

interface Sent {
  readonly to: string;
  readonly event: SecurityEvent;
  readonly place: Place | undefined;
  readonly id: string;
  readonly atMs: number;
}

interface Ours {
  readonly alerting: Alerting;
  readonly sent: Sent[];
  readonly events: AlertingEvent[];
  /** What the exchange answers from now on; undefined: it takes it. */
  refusal: ExchangeError | undefined;
}

function ours(
  partners: readonly Partner[] = [partnerB, partnerC],
  config: Partial<AlertingConfig> = {},
): Ours {
  const sent: Sent[] = [];
  const events: AlertingEvent[] = [];
  const alerting = createAlerting(
    { self: { party: { name: a }, addressSpace: ['192.0.2.0/24'] }, partners, ...config },
    {
      clock: systemClock,
      onEvent: (event) => events.push(event),
      exchange: {
        async alert(event, to, place) {
          await Promise.resolve();
          if (network.refusal !== undefined) throw network.refusal;
          const id = String(sent.length + 1);
          sent.push({ to, event, place, id, atMs: Date.now() });
          return { kind: 'alert', id, sender: { name: a }, createdMs: Date.now(), event };
        },
      },
    },
  );
  const network: Ours = { alerting, sent, events, refusal: undefined };
  return network;
}

const full = new ExchangeError('EXCHANGE_FULL', '2000 messages of isp-b.example');

/** From a host of B's to one of ours, with one flow. */
function scan(target = 1, changed: Partial<SecurityEvent> = {}): SecurityEvent {
  return {
    type: 'scan',
    startMs: Date.now(),
    endMs: Date.now(),
    sources: [{ address: '198.51.100.7' }],
    targets: [{ address: `192.0.2.${target}` }],
    totals: { flows: 1 },
    ...changed,
  };
}

const kinds = (told: readonly { kind: string; partner: string }[]) =>
  told.map(({ kind, partner: name }) => `${name} ${kind}`);

describe('an event', () => {
  it('is told to whom it concerns, labelled, as much as each may see', async () => {
    const low = partner(b, ['198.51.100.0/24'], { trustLevel: 'low' });
    const { alerting, sent } = ours([low, partnerC]);
    const told = await alerting.publish(
      scan(1, { sources: [{ address: '198.51.100.7' }, { address: '203.0.113.9' }], text: 'hello' }),
    );
    expect(kinds(told)).toEqual([`${b} alerted`, `${c} alerted`]);
    expect(sent).toMatchObject([
      {
        to: b,
        event: {
          tlp: 'amber',
          sources: [{ address: '198.51.100.7' }, { address: '203.0.113.9' }],
          targets: [{ address: '192.0.2.0', prefixLength: 24 }],
        },
      },
      { to: c, event: { tlp: 'amber', text: 'hello', targets: [{ address: '192.0.2.1' }] } },
    ]);
    expect(sent[0]?.event.text).toBeUndefined();
    expect(alerting.counts()).toEqual([
      { partner: b, alerts: 1, gathered: 0, heldBack: 0, withheld: 0 },
      { partner: c, alerts: 1, gathered: 0, heldBack: 0, withheld: 0 },
    ]);
  });

  it('is withheld where its label says so, which is told', async () => {
    const { alerting, sent, events } = ours();
    const told = await alerting.publish(scan(1, { tlp: 'red' }), [c]);
    expect(told).toMatchObject([
      { kind: 'alerted', partner: c, because: [{ kind: 'named' }] },
      { kind: 'withheld', partner: b, reason: 'TLP:RED: the partner was not named' },
    ]);
    expect(sent.map(({ to }) => to)).toEqual([c]);
    expect(kinds(events as never)).toEqual([`${c} alerted`, `${b} withheld`]);
    expect(alerting.counts()[0]).toMatchObject({ alerts: 0, withheld: 1 });
    await expect(alerting.publish(scan(), ['nobody'])).rejects.toMatchObject({
      code: 'EXCHANGE_UNKNOWN_PARTNER',
    });
  });

  it('of concern to nobody is told to nobody', async () => {
    const { alerting, sent } = ours();
    expect(await alerting.publish({ type: 'scan', sources: [{ address: '192.0.2.1' }] })).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('is remembered by its message as it was, without flows', async () => {
    const low = partner(b, ['198.51.100.0/24'], { trustLevel: 'low' });
    const { alerting, sent } = ours([low], { limits: { maxToldEvents: 2 } });
    await alerting.publish(scan(1, { flows: { layout: { columns: [] }, groups: [] }, text: 'hello' }));
    const reference = { sender: a, id: sent[0]!.id };
    expect(alerting.toldEvent(reference, b)).toEqual({ ...scan(1), tlp: 'amber', text: 'hello' });
    expect(alerting.toldEvent(reference, c)).toBeUndefined();
    expect(alerting.toldEvent({ sender: b, id: '1' }, b)).toBeUndefined();
    for (const target of [2, 3]) await alerting.publish(scan(target));
    expect(alerting.toldEvent(reference, b)).toBeUndefined();
  });
});

describe('events of the same type, sources and targets', () => {
  it('are one message at once and one later, which takes its place', async () => {
    const { alerting, sent, events } = ours();
    expect(kinds(await alerting.publish(scan()))).toEqual([`${b} alerted`]);
    for (let i = 0; i < 9; i++) {
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await alerting.publish(scan())).toEqual([
        { kind: 'gathered', partner: b, reference: { sender: a, id: '1' } },
      ]);
    }
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5 * minuteMs);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({
      to: b,
      place: { supersedes: { sender: a, id: '1' } },
      event: {
        startMs: exampleMs,
        endMs: exampleMs + 9_000,
        totals: { flows: 10 },
        text: '10 events in one message.',
        additional: [{ name: 'eventCount', value: 10 }],
      },
    });
    expect(events.at(-1)).toMatchObject({
      kind: 'updated',
      events: 10,
      supersedes: { id: '1' },
      reference: { id: '2' },
    });
    expect(alerting.counts()[0]).toMatchObject({ alerts: 2, gathered: 9 });
  });

  it('are told less and less often, with the first one always named, as long as there are any', async () => {
    const { alerting, sent } = ours();
    const atMinutes: number[] = [];
    for (let minute = 0; minute < 240; minute++) {
      const before = sent.length;
      await alerting.publish(scan());
      await vi.advanceTimersByTimeAsync(minuteMs);
      if (sent.length > before) atMinutes.push(minute);
    }
    // After 5, 10, 20, 40 minutes, and then each hour.
    expect(atMinutes).toEqual([0, 4, 14, 34, 74, 134, 194]);
    expect(sent.at(-1)?.place).toEqual({
      supersedes: { sender: a, id: '6' },
      related: [{ sender: a, id: '1' }],
    });
    expect(sent.at(-1)?.event.totals).toEqual({ flows: 195 });
  });

  it('are news again after a time without any', async () => {
    const { alerting, sent } = ours();
    await alerting.publish(scan());
    await vi.advanceTimersByTimeAsync(5 * minuteMs);
    expect(kinds(await alerting.publish(scan()))).toEqual([`${b} alerted`]);
    expect(sent.map(({ place }) => place)).toEqual([{}, {}]);
    await vi.advanceTimersByTimeAsync(60 * minuteMs);
    expect(sent).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('join a message that is still on its way to the exchange', async () => {
    const { alerting, sent } = ours();
    const [first, second] = await Promise.all([alerting.publish(scan()), alerting.publish(scan())]);
    expect([kinds(first), kinds(second)]).toEqual([[`${b} alerted`], [`${b} gathered`]]);
    await alerting.stop();
    expect(sent.map(({ event }) => event.totals)).toEqual([{ flows: 1 }, { flows: 2 }]);
  });

  it('are told when it ends what was gathered, without waiting', async () => {
    const { alerting, sent } = ours();
    await alerting.publish(scan());
    await alerting.publish(scan());
    await alerting.stop();
    expect(sent).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('make room for others without being lost', async () => {
    const { alerting, sent } = ours(undefined, { limits: { maxAggregates: 2 } });
    for (const target of [1, 1, 2, 3, 4]) await alerting.publish(scan(target));
    expect(sent.map(({ event }) => event.targets?.[0]?.address?.split('.')[3])).toEqual([
      '1',
      '2',
      '3',
      '1',
      '4',
    ]);
    expect(sent[3]).toMatchObject({ place: { supersedes: { id: '1' } }, event: { totals: { flows: 2 } } });
    expect(kinds(await alerting.publish(scan(2)))).toEqual([`${b} alerted`]);
  });
});

describe('a storm', () => {
  const limited = partner(b, ['198.51.100.0/24'], { rateLimit: { messages: 3, periodMs: 10 * minuteMs } });

  it('is a few messages and a digest, with nothing left out of its counts', async () => {
    const { alerting, sent, events } = ours([limited], { limits: { maxEndpoints: 100 } });
    for (let i = 0; i < 1_000; i++) {
      await alerting.publish(scan(i % 200, { type: i % 4 === 0 ? 'spam' : 'scan', startMs: exampleMs + i }));
    }
    expect(sent).toHaveLength(3);
    const { gathered, heldBack } = alerting.counts()[0]!;
    expect(gathered + heldBack).toBe(997);
    await vi.advanceTimersByTimeAsync(10 * minuteMs);
    // Two digests and one update at once, the other updates with the next periods.
    expect(sent).toHaveLength(6);
    await vi.advanceTimersByTimeAsync(60 * minuteMs);
    const digests = events.filter((event) => event.kind === 'digested');
    expect(digests.map(({ eventType, events: count }) => [eventType, count]).sort()).toEqual([
      ['scan', expect.any(Number)],
      ['spam', expect.any(Number)],
    ]);
    const last = new Map(sent.map(({ event, place, id }) => [place?.supersedes?.id ?? id, event]));
    const flows = [...last.values()].map(({ totals }) => Number(totals?.flows));
    expect(flows.reduce((sum, count) => sum + count)).toBe(1_000);
    expect(Math.max(...sent.map(({ event }) => event.targets!.length))).toBe(100);
  });

  it('never exceeds the limit, whatever comes', async () => {
    const { alerting, sent } = ours([limited]);
    for (let i = 0; i < 600; i++) {
      await alerting.publish(scan(i % (5 + Math.floor(i / 60))));
      await vi.advanceTimersByTimeAsync(10_000);
    }
    for (const { atMs } of sent) {
      const inPeriod = sent.filter((other) => other.atMs >= atMs && other.atMs < atMs + 10 * minuteMs);
      expect(inPeriod.length).toBeLessThanOrEqual(3);
    }
    expect(sent.length).toBeGreaterThanOrEqual(27);
  });

  it('says that it is held back', async () => {
    const { alerting } = ours([limited]);
    for (const target of [1, 2, 3]) await alerting.publish(scan(target));
    expect(await alerting.publish(scan(4))).toEqual([
      { kind: 'heldBack', partner: b, reason: '3 messages in 600 s' },
    ]);
  });

  it('on one partner leaves the others alone', async () => {
    const { alerting } = ours([limited, partnerC]);
    for (const target of [1, 2, 3, 4]) await alerting.publish(scan(target));
    expect(kinds(await alerting.publish(scan(5, { sources: [{ address: '203.0.113.1' }] })))).toEqual([
      `${c} alerted`,
    ]);
  });
});

describe('an exchange that does not take what it is told', () => {
  it('is told again, in one message', async () => {
    const network = ours();
    const { alerting, sent, events } = network;
    network.refusal = full;
    expect(await alerting.publish(scan(1))).toEqual([{ kind: 'heldBack', partner: b, reason: full.message }]);
    await alerting.publish(scan(2));
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(events.at(-1)).toMatchObject({ kind: 'postponed', partner: b, events: 2, reason: full.message });
    network.refusal = undefined;
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(sent).toMatchObject([{ event: { totals: { flows: 2 } } }]);
    expect(events.at(-1)).toMatchObject({ kind: 'digested', events: 2 });
    expect(alerting.counts()[0]).toMatchObject({ alerts: 1, heldBack: 2 });
    await vi.advanceTimersByTimeAsync(120 * minuteMs);
    expect(sent).toHaveLength(1);
  });

  it('is told an update again', async () => {
    const network = ours();
    await network.alerting.publish(scan());
    await network.alerting.publish(scan());
    network.refusal = full;
    await vi.advanceTimersByTimeAsync(5 * minuteMs);
    expect(network.events.at(-1)).toMatchObject({ kind: 'postponed', events: 1 });
    network.refusal = undefined;
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(network.sent[1]).toMatchObject({
      place: { supersedes: { id: '1' } },
      event: { totals: { flows: 2 } },
    });
  });

  it('is not told again of an update or a digest that it can never send', async () => {
    const network = ours([
      partner(b, ['198.51.100.0/24'], { rateLimit: { messages: 1, periodMs: minuteMs } }),
    ]);
    await network.alerting.publish(scan(1));
    await network.alerting.publish(scan(1));
    await network.alerting.publish(scan(2));
    network.refusal = new ExchangeError('EXCHANGE_BAD_MESSAGE', 'too large', { permanent: true });
    await vi.advanceTimersByTimeAsync(60 * minuteMs);
    expect(network.events.slice(3)).toEqual([
      { kind: 'failed', partner: b, reason: 'too large', atMs: exampleMs + minuteMs },
      { kind: 'failed', partner: b, reason: 'too large', atMs: exampleMs + 5 * minuteMs },
    ]);
    expect(vi.getTimerCount()).toBe(0);
    network.refusal = undefined;
    expect(kinds(await network.alerting.publish(scan(1)))).toEqual([`${b} alerted`]);
  });

  it('is not told again what it can never send', async () => {
    const network = ours();
    network.refusal = new ExchangeError('EXCHANGE_BAD_MESSAGE', 'too large', { permanent: true });
    expect(await network.alerting.publish(scan())).toEqual([
      { kind: 'failed', partner: b, reason: 'too large' },
    ]);
    await vi.advanceTimersByTimeAsync(60 * minuteMs);
    expect(network.sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a partner's alert", () => {
  /** From C, of a scan by a host of B's. */
  const fromC = (changed: Partial<Message> = {}): Message => ({
    kind: 'alert',
    id: '77',
    sender: { name: c },
    createdMs: exampleMs,
    event: scan(1, { tlp: 'green', targets: [{ address: '203.0.113.1' }] }),
    ...changed,
  });

  it('is told on to whom it concerns, with where it is from, and not to its sender', async () => {
    const { alerting, sent } = ours();
    const related = [{ sender: 'isp-d.example', id: '5' }];
    const told = await alerting.relay(fromC({ conversation: { related } }));
    expect(kinds(told)).toEqual([`${b} alerted`]);
    expect(sent).toMatchObject([{ to: b, place: { related: [{ sender: c, id: '77' }, ...related] } }]);
  });

  it('goes back to nobody by whom it has come', async () => {
    const { alerting, sent } = ours();
    expect(await alerting.relay(fromC({ conversation: { related: [{ sender: b, id: '5' }] } }))).toEqual([]);
    expect(sent).toEqual([]);
  });

  it.each<[string, Partial<Message>, RegExp]>([
    ['that began with us', { conversation: { related: [{ sender: a, id: '5' }] } }, /a loop/],
    [
      'that has come a long way',
      { conversation: { related: [1, 2, 3, 4, 5].map((i) => ({ sender: `isp-${i}.example`, id: '5' })) } },
      /it has come by 5 other networks/,
    ],
    ['that is an answer', { kind: 'feedback' }, /a feedback is for us/],
  ])('%s goes no further', async (_, changed, reason) => {
    const { alerting, sent, events } = ours();
    expect(await alerting.relay(fromC(changed))).toEqual([]);
    expect(sent).toEqual([]);
    expect(events).toMatchObject([
      { kind: 'notRelayed', reference: { sender: c, id: '77' }, reason: expect.stringMatching(reason) },
    ]);
  });

  it('without a label goes to clients alone', async () => {
    const { alerting } = ours([
      partnerB,
      partnerC,
      partner('client.example', ['198.51.100.0/24'], { isClient: true }),
    ]);
    expect(kinds(await alerting.relay(fromC({ event: scan() })))).toEqual([
      'client.example alerted',
      `${b} withheld`,
    ]);
  });
});
