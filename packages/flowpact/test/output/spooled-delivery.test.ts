import { createVirtualClock } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';

import { allSent, type RejectedEntry, type Sent } from '../../src/output/send/sender.ts';
import { createMemorySpool } from '../../src/output/spool/memory-spool.ts';
import { createSpooledDelivery, type SpooledDeliveryConfig } from '../../src/output/spooled-delivery.ts';

/** A receiver whose answers a test gives one after the other; without any it takes everything. */
function setUp(config: Partial<SpooledDeliveryConfig> = {}, spoolBytes = 1 << 20) {
  const clock = createVirtualClock();
  const sent: (readonly string[])[] = [];
  const answers: ((entries: readonly string[]) => Sent | Promise<Sent>)[] = [];
  const sentAtMs: number[] = [];
  const changes: string[] = [];
  const dead: RejectedEntry[] = [];
  let closed = false;
  const delivery = createSpooledDelivery(
    { name: 'the receiver', ...config },
    {
      clock,
      spool: createMemorySpool({ maxBytes: spoolBytes }),
      deadLetters: { add: async (rejected) => void dead.push(...rejected) },
      random: () => 0,
      onChange: (message) => changes.push(message),
      sender: {
        batch: { maxEntries: 3, maxBytes: 1000 },
        async send(entries) {
          sent.push(entries);
          sentAtMs.push(clock.now());
          return (answers.shift() ?? (() => allSent))(entries);
        },
        close: async () => {
          closed = true;
        },
      },
    },
  );
  const away = () => {
    throw new Error('connection refused');
  };
  return { delivery, clock, sent, sentAtMs, answers, changes, dead, away, isClosed: () => closed };
}

describe('a delivery', () => {
  it('sends in order, in batches as the receiver likes them', async () => {
    const { delivery, sent, isClosed } = setUp();
    await delivery.start();
    delivery.write(['1', '2', '3', '4']);
    delivery.write(['5']);
    await delivery.stop(1000);
    expect(sent.flat()).toEqual(['1', '2', '3', '4', '5']);
    expect(Math.max(...sent.map(({ length }) => length))).toBe(3);
    expect(delivery.report).toEqual({
      state: 'up',
      written: 5,
      spooled: 0,
      dropped: 0,
      rejected: 0,
      failed: 0,
    });
    expect(isClosed()).toBe(true);
  });

  it('tries again, later each time, tells of it once, and leaves nothing out', async () => {
    const { delivery, clock, sent, sentAtMs, answers, changes, away } = setUp({
      retryMs: 100,
      maxRetryMs: 250,
    });
    answers.push(away, away, away, away);
    await delivery.start();
    delivery.write(['1']);
    await clock.advance(550);
    expect(delivery.report).toMatchObject({
      state: 'down',
      failed: 4,
      spooled: 1,
      reason: 'connection refused',
    });
    expect(sentAtMs.map((ms, i) => ms - (sentAtMs[i - 1] ?? 0))).toEqual([0, 100, 200, 250]);
    delivery.write(['2']);
    await clock.advance(250);
    expect(sent.slice(4).flat()).toEqual(['1', '2']);
    expect(changes).toEqual([
      'the receiver: connection refused; what comes is spooled until it is back',
      'the receiver takes entries again; 1 wait',
    ]);
    expect(delivery.report).toMatchObject({ state: 'up', written: 2, failed: 4 });
    await delivery.stop(0);
  });

  it('sends again only what was not taken, and keeps what never will be', async () => {
    const { delivery, clock, sent, answers, dead } = setUp();
    answers.push(([a, b, c]) => ({
      rejected: [{ entry: a, reason: 'no such field' }],
      unsent: [c],
      reason: `busy after ${b}`,
    }));
    await delivery.start();
    delivery.write(['a', 'b', 'c', 'd']);
    await clock.advance(500);
    expect(sent).toEqual([['a', 'b', 'c'], ['c'], ['d']]);
    expect(dead).toEqual([{ entry: 'a', reason: 'no such field' }]);
    expect(delivery.report).toMatchObject({ written: 3, rejected: 1, failed: 1, spooled: 0 });
    await delivery.stop(0);
  });

  it('leaves the receiver alone for as long as it asks, within bounds', async () => {
    const { delivery, clock, sent, answers } = setUp({ maxRetryAfterMs: 20_000 });
    const busy = (retryAfterMs: number) => (entries: readonly string[]) => ({
      rejected: [],
      unsent: entries,
      reason: 'busy',
      retryAfterMs,
    });
    answers.push(busy(7000), busy(1e12));
    await delivery.start();
    delivery.write(['a']);
    await clock.advance(6999);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    await clock.advance(20_000);
    expect(sent).toHaveLength(3);
    await delivery.stop(0);
  });

  it('goes on with what is left where the spool had to let go what is being sent', async () => {
    const { delivery, clock, sent, answers, away } = setUp({}, 30);
    answers.push(away);
    await delivery.start();
    delivery.write(['old 1', 'old 2', 'old 3']);
    await clock.advance(100);
    delivery.write(Array.from({ length: 10 }, (_, i) => `new ${i}`));
    await clock.advance(500);
    expect(sent[0]).toEqual(['old 1', 'old 2', 'old 3']);
    expect(sent.slice(1).flat()).toEqual(['new 4', 'new 5', 'new 6', 'new 7', 'new 8', 'new 9']);
    expect(delivery.report).toMatchObject({ written: 6, dropped: 7, spooled: 0 });
    await delivery.stop(0);
  });

  it('drops and counts what comes faster than it can be written down', async () => {
    const { delivery, sent } = setUp({ maxPendingBytes: 4 });
    await delivery.start();
    delivery.write(['12', '34', '56']);
    await delivery.ready(10);
    delivery.write(['78']);
    await delivery.stop(1000);
    expect(sent.flat()).toEqual(['12', '34', '78']);
    expect(delivery.report.dropped).toBe(1);
  });

  it('lets who can wait wait, and stops in bounded time where nothing is taken', async () => {
    const { delivery, clock, answers, isClosed } = setUp();
    let take = (_sent: Sent) => {};
    answers.push(
      () =>
        new Promise<Sent>((resolve) => {
          take = resolve;
        }),
    );
    await delivery.start();
    delivery.write(['1', '2']);
    let isReady = false;
    const ready = delivery.ready(2).then(() => {
      isReady = true;
    });
    await clock.advance(10_000);
    expect(isReady).toBe(false);
    const stopped = delivery.stop(2000);
    await clock.advance(2000);
    // A sender gives up when it is told to.
    take({ rejected: [], unsent: ['1', '2'], reason: 'stopped' });
    await stopped;
    expect(isClosed()).toBe(true);
    expect(delivery.report).toMatchObject({ spooled: 2, written: 0 });
    await ready;
  });

  it('does not wait at its end for a receiver that is away', async () => {
    const { delivery, clock, answers, away, sent } = setUp();
    answers.push(away);
    await delivery.start();
    delivery.write(['1']);
    await clock.advance(1);
    await delivery.stop(1e9);
    expect(sent).toHaveLength(1);
    expect(delivery.report.failed).toBe(1);
  });
});
