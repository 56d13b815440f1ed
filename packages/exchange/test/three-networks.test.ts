import { existsSync } from 'node:fs';
import { addressToOctets, type Message, octetsToAddress, type SecurityEvent } from '@flowpact/event';
import { afterEach, describe, expect, it } from 'vitest';
import { isSystemRequired } from '../../../test/system-tool.ts';
import {
  type Alerting,
  type Answer,
  createAlerting,
  createExchange,
  createMemoryJournal,
  createMemoryNetwork,
  createPolicyDecide,
  createSmtpTransport,
  createStompTransport,
  type Exchange,
  type FlowArchive,
  flexCodec,
  type Partner,
  type PartnerPolicy,
  type PolicyEvent,
  type SmtpTransport,
  type StompTransport,
  type TransportFactory,
} from '../src/index.ts';
import { exampleMs } from './example-event.ts';
import { startMailHub } from './mail-hub.ts';
import { realBrokers } from './transport/stomp/real-brokers.ts';
import { a, b, c, clockAt, trustOf } from './trust/trusted-networks.ts';
import { EventLog, partnerNamed } from './two-networks.ts';

const spaces: Readonly<Record<string, string>> = {
  [a]: '192.0.2.0/24',
  [b]: '198.51.100.0/24',
  [c]: '203.0.113.0/24',
};
const clock = clockAt(exampleMs);

/** Brokers want to know whether it is a queue. */
const addressOf = (name: string, transport: string) =>
  transport === 'stomp' ? `/queue/${name}` : `flex@${name}`;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

interface Network {
  readonly exchange: Exchange;
  readonly alerting: Alerting;
  readonly log: EventLog;
  readonly policyEvents: PolicyEvent[];
  /** The next that comes and is as wanted. */
  receives(isWanted: (message: Message) => boolean): Promise<Message>;
}

interface NetworkOptions {
  readonly policies?: Readonly<Record<string, PartnerPolicy>>;
  readonly archive?: FlowArchive;
  readonly answer?: Answer;
}

async function start(
  name: string,
  transport: string,
  join: TransportFactory,
  { policies = {}, archive, answer }: NetworkOptions,
): Promise<Network> {
  const partners = [a, b, c]
    .filter((other) => other !== name)
    .map(
      (other): Partner => ({
        ...partnerNamed(other, transport, ['flex']),
        routes: [{ transport, address: addressOf(other, transport) }],
        addressSpace: [spaces[other]!],
        policy: policies[other] ?? { trustLevel: 'high' },
      }),
    );
  const self = { party: { name }, addressSpace: [spaces[name]!] };
  const log = new EventLog();
  const policyEvents: PolicyEvent[] = [];
  const decide = createPolicyDecide(
    { self, partners },
    {
      clock,
      archive,
      toldEvent: (reference, partner) => alerting.toldEvent(reference, partner),
      decide: () => answer,
      onEvent: (event) => policyEvents.push(event),
    },
  );
  const exchange = createExchange(
    { self: self.party, partners },
    {
      transports: [join],
      codecs: [flexCodec],
      journal: createMemoryJournal(),
      clock,
      trust: trustOf(name),
      decide,
      onEvent: log.onEvent,
    },
  );
  const alerting = createAlerting({ self, partners }, { exchange, clock });
  await exchange.start();
  cleanups.push(async () => {
    await alerting.stop();
    await exchange.stop();
  });
  return {
    exchange,
    alerting,
    log,
    policyEvents,
    async receives(isWanted) {
      for (let count = 1; ; count++) {
        const { message } = await log.next('received', count);
        if (isWanted(message)) return message;
      }
    },
  };
}

type Start = (name: string, options?: NetworkOptions) => Promise<Network>;

interface Way {
  readonly name: string;
  /** A program that has to be there, and what to install where it is not. */
  readonly program?: string;
  readonly apt?: string;
  open(): Promise<Start>;
}

const ways: readonly Way[] = [
  {
    name: 'in one process',
    async open() {
      const network = createMemoryNetwork();
      return (name, options = {}) => start(name, 'memory', network.join(`flex@${name}`), options);
    },
  },
  {
    name: 'by mail',
    async open() {
      const hub = await startMailHub();
      cleanups.push(hub.stop);
      return async (name, options = {}) => {
        let smtp: SmtpTransport | undefined;
        const join: TransportFactory = (wiring) => {
          smtp = createSmtpTransport(
            {
              from: `flex@${name}`,
              relay: { host: '127.0.0.1', port: hub.port },
              listen: { port: 0, recipients: [`flex@${name}`] },
            },
            { ...wiring, clock },
          );
          return smtp;
        };
        const network = await start(name, 'smtp', join, options);
        hub.portOf.set(`flex@${name}`, smtp!.address()!.port);
        return network;
      };
    },
  },
  ...realBrokers
    .filter(({ name }) => name === 'RabbitMQ')
    .map(
      ({ name: broker, program, apt, create }): Way => ({
        name: `over ${broker}`,
        program,
        apt,
        async open() {
          const { start: startBroker, remove, ...access } = await create();
          cleanups.push(remove);
          await startBroker();
          return async (name, options = {}) => {
            let stomp: StompTransport | undefined;
            const join: TransportFactory = (wiring) => {
              stomp = createStompTransport(
                {
                  broker: { host: '127.0.0.1', ...access },
                  address: addressOf(name, 'stomp'),
                  subscribe: [addressOf(name, 'stomp')],
                },
                wiring,
              );
              return stomp;
            };
            const network = await start(name, 'stomp', join, options);
            await stomp!.connected();
            return network;
          };
        },
      }),
    ),
];

/** From hosts of B and of C to one of A. */
const attack: SecurityEvent = {
  type: 'dDoS',
  startMs: exampleMs - 60_000,
  endMs: exampleMs,
  sources: [{ address: '198.51.100.7' }, { address: '203.0.113.9' }],
  targets: [{ address: '192.0.2.80', protocol: 17, ports: [{ low: 53 }] }],
  text: 'A flood towards 192.0.2.80.',
  tlp: 'amber',
};

const iana = (id: number) => ({ kind: 'iana' as const, id });

/** What A has kept: two flows from the host of B, to two hosts of A. */
const kept: FlowArchive = {
  async find({ ends }) {
    expect(ends).toEqual(['198.51.100.7/32']);
    return {
      layout: { columns: [iana(8), iana(12), iana(1), { kind: 'named', name: 'url' }] },
      rows: ['192.0.2.80', '192.0.2.81'].map((to) => [
        addressToOctets('198.51.100.7'),
        addressToOctets(to),
        1_000_000,
        '/secret',
      ]),
      isPartial: false,
    };
  },
};

describe.each(ways)('three networks $name', ({ program, apt, open }) => {
  const isMissing = program !== undefined && !isSystemRequired && !existsSync(program);
  const note = apt === undefined ? '' : ` [apt install ${apt}]`;

  it.skipIf(isMissing)(`help each other against an attack${note}`, { timeout: 120_000 }, async () => {
    const join = await open();
    const hidden: PartnerPolicy = {
      trustLevel: 'medium',
      disclosure: {
        anonymisation: { kind: 'prefixPreserving', of: ['ours', 'others'], key: Buffer.alloc(32, 5) },
      },
    };
    const ours = await join(a, { policies: { [b]: hidden }, archive: kept });
    const theirs = await join(b);
    const others = await join(c, { answer: { status: 'accepted' } });

    // Told to both, to B without A's addresses.
    const told = await ours.alerting.publish(attack);
    expect(told.map(({ partner, kind }) => [partner, kind])).toEqual([
      [b, 'alerted'],
      [c, 'alerted'],
    ]);
    const alert = await theirs.receives(({ kind }) => kind === 'alert');
    expect(alert.event).toEqual({
      type: 'dDoS',
      startMs: attack.startMs,
      endMs: attack.endMs,
      tlp: 'amber',
      sources: attack.sources,
      targets: [{ protocol: 17, ports: [{ low: 53 }] }],
    });
    expect((await others.receives(({ kind }) => kind === 'alert')).event).toEqual(attack);
    const accepted = await ours.receives(({ sender }) => sender.name === c);
    expect(accepted.conversation?.outcome).toEqual({ status: 'accepted' });

    // B asks for flows of its own host, and gets them with A's addresses anonymised.
    const inReplyTo = { sender: a, id: alert.id };
    const mine = alert.event.sources!.slice(0, 1);
    const { tlp: _, ...unlabelled } = alert.event;
    await theirs.exchange.request(unlabelled, [{ action: 'moreFlows', scope: mine }], a, { inReplyTo });
    const { event, conversation } = await theirs.receives(({ kind }) => kind === 'feedback');
    expect(conversation?.outcome).toEqual({ status: 'applied', reason: '2 flows' });
    expect(event.tlp).toBe('amber');
    expect(event.flows?.layout).toEqual({
      columns: [iana(8), iana(12), iana(1)],
      anonymisation: { technique: 'prefixPreserving', keyId: expect.any(String) },
    });
    const rows = event.flows!.groups[0]!.rows;
    expect(rows.map(([from]) => octetsToAddress(from as Uint8Array))).toEqual([
      '198.51.100.7',
      '198.51.100.7',
    ]);
    const destinations = rows.map(([, to]) => octetsToAddress(to as Uint8Array)!);
    expect(new Set(destinations).size).toBe(2);
    for (const destination of destinations) expect(destination).not.toMatch(/^192\.0\.2\./);

    // It asks for those of C's host, too, which are none of its business.
    await theirs.exchange.request(attack, [{ action: 'moreFlows', scope: [{ address: '192.0.2.80' }] }], a, {
      inReplyTo: { sender: b, id: alert.id },
    });
    const refusal = await theirs.receives((message) => message.conversation?.outcome?.status === 'rejected');
    expect(refusal.conversation?.outcome?.reason).toMatch(/neither in the address space of isp-b\.example/);
    expect(ours.policyEvents).toMatchObject([{ kind: 'refused', partner: b }]);

    // C would have traffic to B's host dropped, in its own name and with its own signature.
    const victim = [{ address: '198.51.100.1' }];
    await others.exchange.request(
      { type: 'dDoS', targets: victim },
      [{ action: 'blackhole', scope: victim, lifetimeSeconds: 60 }],
      a,
    );
    const foreign = await others.receives((message) => message.conversation?.outcome?.status === 'rejected');
    const reason = `blackhole of 198.51.100.1, which is not in the address space of ${c}`;
    expect(foreign.conversation?.outcome?.reason).toBe(reason);
    expect(ours.policyEvents.at(-1)).toMatchObject({ kind: 'refused', partner: c, reason });

    // What A told B as AMBER is not for C, and A knows it already.
    expect(await theirs.alerting.relay(alert)).toEqual([
      { kind: 'withheld', partner: c, reason: 'TLP:AMBER: it was for us and our clients' },
    ]);

    // It applies a block, which ends later; A sees both.
    const untilMs = exampleMs + 3_600_000;
    const applied = [{ action: 'block' as const, scope: mine, lifetimeSeconds: 3600 }];
    await theirs.exchange.feedback(alert, { status: 'applied', untilMs, applied });
    await theirs.exchange.feedback(alert, { status: 'expired' });
    await ours.receives((message) => message.conversation?.outcome?.status === 'expired');
    const withB = ours.exchange
      .conversations()
      .find(({ partner, root }) => partner === b && root.id === alert.id);
    expect(withB?.status).toBe('answered');
    expect(
      withB?.turns.flatMap(({ direction, outcome }) => (direction === 'in' && outcome ? [outcome] : [])),
    ).toEqual([{ status: 'applied', untilMs }, { status: 'expired' }]);
  });
});
