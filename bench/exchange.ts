import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SecurityEvent } from '@flowpact/event';
import {
  createExchange,
  createFileJournal,
  createMemoryJournal,
  createMemoryNetwork,
  createOpenPgpKey,
  createOpenPgpTrust,
  createSmtpTransport,
  createStompTransport,
  type Exchange,
  flexCodec,
  type SmtpTransport,
  systemClock,
  type TransportFactory,
  type Trust,
} from '@flowpact/exchange';
import type { Benchmark } from './measure.ts';

/** A broker that speaks STOMP on loopback, with the user and password `guest`; without it nothing is measured over one. */
const stompPort = Number(process.env.FLOWPACT_BENCH_STOMP ?? 0);

const flowsPerAlert = 100;
const names = ['isp-a.example', 'isp-b.example'] as const;

/** A scan with 100 flows as evidence, seven columns each: 3 KB of FLEX. */
const event: SecurityEvent = {
  type: 'scan',
  startMs: Date.UTC(2026, 2, 1, 12),
  sources: [{ address: '203.0.113.7', asn: 64500 }],
  targets: [{ address: '198.51.100.1' }],
  flows: {
    layout: { columns: [8, 12, 7, 11, 4, 1, 152].map((id) => ({ kind: 'iana' as const, id })) },
    groups: [
      {
        relation: 'evidence',
        rows: Array.from({ length: flowsPerAlert }, (_, i) => [
          Uint8Array.of(203, 0, 113, 7),
          Uint8Array.of(198, 51, 100, i),
          40_000 + i,
          22,
          6,
          1_000 + i,
          Date.UTC(2026, 2, 1, 12) + i,
        ]),
      },
    ],
  },
};

/** Two networks in this process, and what carries between them. */
interface Pair {
  /** Tells of this many events; resolves with the last feedback. */
  converse(alerts: number): Promise<void>;
  stop(): Promise<void>;
}

/** The transports of the two, which may find out about each other when both have started. */
interface Carriers {
  readonly kind: string;
  readonly transports: readonly [TransportFactory, TransportFactory];
  readonly addresses: readonly [string, string];
}

function overMemory(): Carriers {
  const network = createMemoryNetwork();
  return {
    kind: 'memory',
    transports: [network.join(names[0]), network.join(names[1])],
    addresses: names,
  };
}

/** Each is the other's relay: two listeners, no queue between them. */
function overSmtp(): Carriers {
  const made: SmtpTransport[] = [];
  const address = (i: number) => `flex@${names[i]}`;
  const factory =
    (own: number): TransportFactory =>
    (wiring) => {
      const listening = createSmtpTransport(
        {
          from: address(own),
          listen: {
            port: 0,
            recipients: [address(own)],
            limits: { maxMessagesPerMinute: 1e9, sessionTimeoutMs: 3_600_000 },
          },
        },
        wiring,
      );
      made[own] = listening;
      let sending: SmtpTransport | undefined;
      return {
        ...listening,
        send(document) {
          const { port } = made[1 - own].address() ?? { port: 0 };
          sending ??= createSmtpTransport({ from: address(own), relay: { host: '127.0.0.1', port } }, wiring);
          return sending.send(document);
        },
        async stop() {
          await sending?.stop();
          await listening.stop();
        },
      };
    };
  return { kind: 'smtp', transports: [factory(0), factory(1)], addresses: [address(0), address(1)] };
}

function overStomp(): Carriers {
  const run = process.pid;
  const queue = (i: number) => `/queue/flowpact-bench-${run}-${i}`;
  const factory =
    (own: number): TransportFactory =>
    (wiring) =>
      createStompTransport(
        {
          broker: { host: '127.0.0.1', port: stompPort, login: 'guest', passcode: 'guest' },
          address: queue(own),
          subscribe: [queue(own)],
        },
        wiring,
      );
  return { kind: 'stomp', transports: [factory(0), factory(1)], addresses: [queue(0), queue(1)] };
}

async function trusts(): Promise<readonly [Trust, Trust]> {
  const keys = await Promise.all(names.map((name) => createOpenPgpKey({ name, email: `flex@${name}` })));
  const trust = (own: number) =>
    createOpenPgpTrust(
      {
        self: names[own],
        keys: [{ armored: keys[own].privateKey }],
        partners: [{ partner: names[1 - own], keys: [{ armored: keys[1 - own].publicKey }] }],
      },
      { clock: systemClock },
    );
  return [trust(0), trust(1)];
}

async function startPair(carriers: Carriers, isSigned: boolean, folder?: string): Promise<Pair> {
  const trust = isSigned ? await trusts() : undefined;
  let answered = 0;
  let wanted = 0;
  let onAll: () => void = () => {};
  const exchange = (own: number): Exchange =>
    createExchange(
      {
        self: { name: names[own] },
        limits: { retryMs: 20, maxRetryMs: 20 },
        partners: [
          {
            party: { name: names[1 - own] },
            languages: ['flex'],
            routes: [{ transport: carriers.kind, address: carriers.addresses[1 - own] }],
          },
        ],
      },
      {
        transports: [carriers.transports[own]],
        codecs: [flexCodec],
        journal:
          folder === undefined
            ? createMemoryJournal()
            : createFileJournal({ directory: join(folder, names[own]) }),
        clock: systemClock,
        ...(trust === undefined ? {} : { trust: trust[own] }),
        decide: () => ({ status: 'accepted' }),
        onEvent({ kind }) {
          if (own === 0 && kind === 'received' && ++answered === wanted) onAll();
        },
      },
    );
  const [ours, theirs] = [exchange(0), exchange(1)];
  await Promise.all([ours.start(), theirs.start()]);
  return {
    async converse(alerts) {
      wanted = answered + alerts;
      const all = new Promise<void>((resolve) => {
        onAll = resolve;
      });
      for (let i = 0; i < alerts; i++) await ours.alert(event, names[1]);
      await all;
    },
    async stop() {
      await Promise.all([ours.stop(), theirs.stop()]);
    },
  };
}

interface Way {
  readonly id: string;
  readonly alerts: number;
  carriers(): Carriers;
  readonly isSigned: boolean;
  readonly isFiled?: boolean;
}

const perSecond = (count: number, ms: number) => Math.round(count / (ms / 1_000)).toLocaleString('en-US');

function conversing({ id, alerts, carriers, isSigned, isFiled = false }: Way): Benchmark {
  let pair: Pair | undefined;
  let folder: string | undefined;
  let elapsedMs = 0;
  return {
    id: `exchange/${id}`,
    unit: 'alerts',
    warmups: 1,
    repeats: 3,
    async setup() {
      if (isFiled) folder = mkdtempSync(join(tmpdir(), 'flowpact-bench-'));
      pair = await startPair(carriers(), isSigned, folder);
    },
    async run() {
      const began = performance.now();
      await pair?.converse(alerts);
      elapsedMs = performance.now() - began;
      return alerts;
    },
    async teardown() {
      await pair?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    },
    notes: () =>
      `by the clock ${perSecond(2 * alerts, elapsedMs)} messages/s, ${perSecond(alerts * flowsPerAlert, elapsedMs)} flows/s; both ends in this process`,
  };
}

/** Collects all garbage, so that what is left is what is held. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** 50,000 alerts and as many feedbacks, and the memory after each tenth. */
function lasting(): Benchmark {
  const alerts = 50_000;
  const batch = 5_000;
  let pair: Pair | undefined;
  const resident: string[] = [];
  const held: string[] = [];
  return {
    id: 'exchange/memory-100000',
    unit: 'alerts',
    warmups: 0,
    repeats: 1,
    async setup() {
      pair = await startPair(overMemory(), false);
    },
    async run() {
      for (let sent = 0; sent < alerts; sent += batch) {
        await pair?.converse(batch);
        collectGarbage();
        const { rss, heapUsed } = process.memoryUsage();
        resident.push((rss / 1e6).toFixed(0));
        held.push((heapUsed / 1e6).toFixed(0));
      }
      return alerts;
    },
    async teardown() {
      await pair?.stop();
    },
    notes: () =>
      `MB after each 10,000 messages: resident ${resident.join(' ')}; held in the heap ${held.join(' ')}`,
  };
}

const ways: readonly Way[] = [
  { id: 'memory', alerts: 2_000, carriers: overMemory, isSigned: false },
  { id: 'memory-filed', alerts: 200, carriers: overMemory, isSigned: false, isFiled: true },
  { id: 'memory-signed', alerts: 200, carriers: overMemory, isSigned: true },
  { id: 'smtp', alerts: 500, carriers: overSmtp, isSigned: false },
  { id: 'smtp-signed', alerts: 200, carriers: overSmtp, isSigned: true },
  ...(stompPort === 0
    ? []
    : [
        { id: 'stomp', alerts: 500, carriers: overStomp, isSigned: false },
        { id: 'stomp-signed', alerts: 200, carriers: overStomp, isSigned: true },
      ]),
];

export const benchmarks: readonly Benchmark[] = [...ways.map(conversing), lasting()];
