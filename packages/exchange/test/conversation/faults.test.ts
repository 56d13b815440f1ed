import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createExchange,
  createFileJournal,
  createMemoryJournal,
  createMemoryNetwork,
  type Exchange,
  type ExchangeDeps,
  ExchangeError,
  type ExchangeJournal,
  type MemoryNetwork,
  type OutgoingDocument,
  systemClock,
  type Transport,
} from '../../src/index.ts';
import { exampleMs } from '../example-event.ts';
import { jsonCodec } from '../json-codec.ts';
import { EventLog, partnerNamed } from '../two-networks.ts';

const a = 'isp-a.example';
const b = 'isp-b.example';
const event = { type: 'scan', sources: [{ address: '203.0.113.7' }] } as const;

interface End {
  readonly exchange: Exchange;
  readonly log: EventLog;
}

/** What stands between an exchange and the network: gets a document, and the way on. */
type Fault = (
  document: OutgoingDocument,
  carry: (document: OutgoingDocument) => Promise<void>,
) => Promise<void>;

const running: Exchange[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const exchange of running.splice(0)) await exchange.stop();
});

function end(
  network: MemoryNetwork,
  name: string,
  partner: string,
  options: { journal?: ExchangeJournal; fault?: Fault; deps?: Partial<ExchangeDeps> } = {},
): End {
  const { journal = createMemoryJournal(), fault = (document, carry) => carry(document) } = options;
  const log = new EventLog();
  const exchange = createExchange(
    { self: { name }, partners: [partnerNamed(partner, 'memory')] },
    {
      transports: [
        (wiring) => {
          const transport = network.join(`flex@${name}`)(wiring);
          const send: Transport['send'] = async (document) => {
            await fault(document, async (carried) => {
              await transport.send(carried);
            });
            return { transport: 'memory', atMs: systemClock.now() };
          };
          return { ...transport, send };
        },
      ],
      codecs: [jsonCodec],
      journal,
      clock: systemClock,
      decide: () => ({ status: 'accepted' }),
      onEvent: log.onEvent,
      ...options.deps,
    },
  );
  running.push(exchange);
  return { exchange, log };
}

/** Each of these messages has come once, was answered once, and its answer came once. */
function expectOnce(ours: End, theirs: End, count: number): void {
  const ids = (found: readonly { message: { id: string } }[]) =>
    new Set(found.map(({ message }) => message.id));
  expect(theirs.log.of('received')).toHaveLength(count);
  expect(ids(theirs.log.of('received')).size).toBe(count);
  expect(theirs.log.of('answered')).toHaveLength(count);
  expect(ours.log.of('received')).toHaveLength(count);
  expect(ids(ours.log.of('received')).size).toBe(count);
}

describe('nothing is lost and nothing comes twice', () => {
  it('where the way is closed for a minute, in both directions', async () => {
    vi.useFakeTimers({ now: exampleMs });
    const network = createMemoryNetwork();
    const opensMs = exampleMs + 60_000;
    const closed: Fault = async (document, carry) => {
      if (systemClock.now() < opensMs) throw new ExchangeError('EXCHANGE_SEND_FAILED', 'nobody there');
      await carry(document);
    };
    const [ours, theirs] = [end(network, a, b, { fault: closed }), end(network, b, a, { fault: closed })];
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    for (let i = 0; i < 50; i++) {
      await ours.exchange.alert(event, b);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(theirs.log.of('received')).toEqual([]);
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expectOnce(ours, theirs, 50);
  });

  it('where a transfer breaks off after the other side has taken it', async () => {
    vi.useFakeTimers({ now: exampleMs });
    const network = createMemoryNetwork();
    let sends = 0;
    const breaking: Fault = async (document, carry) => {
      await carry(document);
      if (++sends % 3 !== 0) throw new ExchangeError('EXCHANGE_SEND_FAILED', 'connection reset');
    };
    const [ours, theirs] = [end(network, a, b, { fault: breaking }), end(network, b, a, { fault: breaking })];
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    for (let i = 0; i < 50; i++) await ours.exchange.alert(event, b);
    await vi.advanceTimersByTimeAsync(3 * 3_600_000);
    expectOnce(ours, theirs, 50);
    expect(theirs.log.of('repeat').length).toBeGreaterThan(0);
  });

  it('where everything is delivered twice, and in another order', async () => {
    const network = createMemoryNetwork();
    const held: (() => Promise<void>)[] = [];
    const shuffling: Fault = async (document, carry) => {
      held.push(
        () => carry(document),
        () => carry(document),
      );
    };
    const [ours, theirs] = [end(network, a, b, { fault: shuffling }), end(network, b, a)];
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    for (let i = 0; i < 60; i++) await ours.exchange.alert(event, b);
    await ours.exchange.settled();
    // Every seventh, and around again: 7 and 120 have no common divisor.
    for (let i = 0; i < held.length; i++) await held[(i * 7) % held.length]!();
    await theirs.exchange.settled();
    await ours.exchange.settled();
    expectOnce(ours, theirs, 60);
    expect(theirs.log.of('repeat')).toHaveLength(60);
  });

  it('where 10,000 alerts burst out to one partner', { timeout: 300_000 }, async () => {
    const network = createMemoryNetwork();
    const [ours, theirs] = [end(network, a, b), end(network, b, a)];
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    await Promise.all(Array.from({ length: 10_000 }, () => ours.exchange.alert(event, b)));
    await ours.log.next('received', 10_000);
    expectOnce(ours, theirs, 10_000);
  });

  it('where they do so while the partner is away: as many wait, and no more', {
    timeout: 120_000,
  }, async () => {
    const network = createMemoryNetwork();
    const journal = createMemoryJournal();
    const ours = end(network, a, b, { journal });
    await ours.exchange.start();
    const burst = Array.from({ length: 10_001 }, () => ours.exchange.alert(event, b));
    const refused = (await Promise.allSettled(burst)).filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'EXCHANGE_FULL' } }]);
    await ours.exchange.stop();
    const theirs = end(network, b, a);
    const next = end(network, a, b, { journal });
    await Promise.all([theirs.exchange.start(), next.exchange.start()]);
    await next.log.next('received', 10_000);
    expectOnce(next, theirs, 10_000);
  });
});

describe('an answer that cannot be written down', () => {
  it('is written down later, and was decided once', async () => {
    vi.useFakeTimers({ now: exampleMs });
    const network = createMemoryNetwork();
    const journal = createMemoryJournal();
    let failures = 3;
    const failing: ExchangeJournal = {
      ...journal,
      async markHandled(...args) {
        if (failures-- > 0) throw new ExchangeError('EXCHANGE_JOURNAL_FAILED', 'no space left on device');
        return journal.markHandled(...args);
      },
    };
    let decided = 0;
    const decide = () => {
      decided++;
      return { status: 'accepted' } as const;
    };
    const ours = end(network, a, b);
    const theirs = end(network, b, a, { journal: failing, deps: { decide } });
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    await ours.exchange.alert(event, b);
    await vi.advanceTimersByTimeAsync(60_000);
    expectOnce(ours, theirs, 1);
    expect(decided).toBe(1);
    expect(theirs.log.of('handlingFailed')).toHaveLength(3);
    expect(await journal.unhandled()).toEqual([]);
  });

  it('waits for room in the outbox, and keeps nobody out for ever', async () => {
    vi.useFakeTimers({ now: exampleMs });
    const network = createMemoryNetwork();
    let isAway = true;
    const journal = createMemoryJournal({ maxPending: 5, maxUnhandled: 5 });
    const fault: Fault = async (document, carry) => {
      if (isAway) throw new ExchangeError('EXCHANGE_SEND_FAILED', 'nobody there');
      await carry(document);
    };
    const ours = end(network, a, b);
    const theirs = end(network, b, a, { journal, fault });
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    for (let i = 0; i < 30; i++) await ours.exchange.alert(event, b);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(theirs.log.of('received')).toHaveLength(10);
    isAway = false;
    await vi.advanceTimersByTimeAsync(2 * 3_600_000);
    expectOnce(ours, theirs, 30);
  });

  it('is tried no more after a stop', async () => {
    vi.useFakeTimers({ now: exampleMs });
    const network = createMemoryNetwork();
    const failing: ExchangeJournal = {
      ...createMemoryJournal(),
      markHandled: () =>
        Promise.reject(new ExchangeError('EXCHANGE_JOURNAL_FAILED', 'no space left on device')),
    };
    const ours = end(network, a, b);
    const theirs = end(network, b, a, { journal: failing });
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);
    await ours.exchange.alert(event, b);
    await vi.advanceTimersByTimeAsync(1);
    await theirs.exchange.stop();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(theirs.log.of('handlingFailed')).toHaveLength(1);
  });
});

describe('a message that is taken back', () => {
  it('stays in the inbox until what comes of that is done, also after a crash', async () => {
    vi.useFakeTimers({ now: exampleMs });
    const network = createMemoryNetwork();
    const journal = createMemoryJournal();
    const heeded: (string | undefined)[] = [];
    let failures = 2;
    const ours = end(network, a, b);
    const crashing = end(network, b, a, {
      journal,
      deps: {
        onFeedback: () => (failures-- > 0 ? Promise.reject(new Error('not now')) : new Promise(() => {})),
      },
    });
    await Promise.all([ours.exchange.start(), crashing.exchange.start()]);
    const alert = await ours.exchange.alert(event, b);
    await vi.advanceTimersByTimeAsync(1);
    await ours.exchange.withdraw(alert, b);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(crashing.log.of('handlingFailed')).toHaveLength(2);
    expect(await journal.unhandled()).toHaveLength(1);
    // It never hears of the end of the third attempt.
    const stopped = crashing.exchange.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await stopped;
    const next = end(network, b, a, {
      journal,
      deps: {
        onFeedback: async ({ conversation }) => void heeded.push(conversation?.supersedes?.id),
      },
    });
    await next.exchange.start();
    await next.exchange.settled();
    expect(heeded).toEqual([alert.id]);
    expect(await journal.unhandled()).toEqual([]);
  });

  it('is not decided after a crash', async () => {
    vi.useFakeTimers({ now: exampleMs });
    const network = createMemoryNetwork();
    const journal = createMemoryJournal();
    const never = () => new Promise<never>(() => {});
    const ours = end(network, a, b);
    const crashing = end(network, b, a, { journal, deps: { decide: never, onFeedback: never } });
    await Promise.all([ours.exchange.start(), crashing.exchange.start()]);
    const alert = await ours.exchange.alert(event, b);
    await vi.advanceTimersByTimeAsync(1);
    await ours.exchange.withdraw(alert, b);
    await vi.advanceTimersByTimeAsync(1);
    const stopped = crashing.exchange.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await stopped;
    expect(await journal.unhandled()).toHaveLength(2);
    const decide = vi.fn(() => ({ status: 'accepted' }) as const);
    const next = end(network, b, a, { journal, deps: { decide } });
    await next.exchange.start();
    await vi.advanceTimersByTimeAsync(1);
    expect(decide).not.toHaveBeenCalled();
    expect(ours.log.of('received').map(({ message }) => message.conversation?.outcome?.status)).toEqual([
      'withdrawn',
    ]);
  });
});

describe('a disk that is full', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowpact-faults-'));
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  /** Files that can be read, and not be written as long as `isFull`. */
  class Disk {
    isFull = false;
    readonly #directory: string;

    constructor(name: string) {
      this.#directory = join(scratch, name);
    }

    journal(): ExchangeJournal {
      const opening = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
        const file = await open(...args);
        const write = file.write.bind(file) as (...inner: unknown[]) => Promise<unknown>;
        return Object.assign(file, {
          write: (...inner: unknown[]) => {
            if (!this.isFull) return write(...inner);
            const error = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
            return Promise.reject(error);
          },
        });
      };
      return createFileJournal({ directory: this.#directory }, { open: opening as typeof open });
    }
  }

  it('is told to whoever wants to send, and asks who sends to come again', async () => {
    const network = createMemoryNetwork();
    const [ourDisk, theirDisk] = [new Disk('a'), new Disk('b')];
    const ours = end(network, a, b, { journal: ourDisk.journal() });
    const theirs = end(network, b, a, { journal: theirDisk.journal() });
    await Promise.all([ours.exchange.start(), theirs.exchange.start()]);

    ourDisk.isFull = true;
    await expect(ours.exchange.alert(event, b)).rejects.toMatchObject({
      code: 'EXCHANGE_JOURNAL_FAILED',
      permanent: false,
    });
    ourDisk.isFull = false;
    theirDisk.isFull = true;
    await ours.exchange.alert(event, b);
    await ours.exchange.settled();
    expect(theirs.log.of('received')).toEqual([]);
    expect(theirs.log.of('refused')).toMatchObject([{ permanent: false, code: 'EXCHANGE_JOURNAL_FAILED' }]);
    expect(ours.log.of('sendFailed')).toMatchObject([{ permanent: false }]);

    theirDisk.isFull = false;
    await ours.exchange.stop();
    const next = end(network, a, b, { journal: ourDisk.journal() });
    await next.exchange.start();
    await next.log.next('received');
    expectOnce(next, theirs, 1);
  });
});
