import { describe, expect, it } from 'vitest';
import {
  createReplayer,
  createVirtualClock,
  IpfixError,
  type ReplayerConfig,
  readMessages,
} from '../../src/index.ts';
import { readUint32 } from '../../src/message/network-byte-order.ts';
import { dataIpfix, hasShared } from '../capture/shared-data.ts';
import { messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

interface Sent {
  readonly atMs: number;
  readonly exportTime: number;
  readonly sequenceNumber: number;
  readonly observationDomainId: number;
  readonly octets: Uint8Array;
}

/** What a replayer sends, and when by a virtual clock that begins at 0. */
async function replay(
  config: ReplayerConfig,
  messages: () => AsyncIterable<readonly Uint8Array[]>,
  options: { signal?: AbortSignal; onSend?(sent: readonly Sent[]): void } = {},
) {
  const clock = createVirtualClock(0);
  const sent: Sent[] = [];
  const replayer = createReplayer(config, {
    clock,
    messages,
    send(message) {
      sent.push({
        atMs: clock.now(),
        exportTime: readUint32(message, 4),
        sequenceNumber: readUint32(message, 8),
        observationDomainId: readUint32(message, 12),
        octets: message,
      });
      options.onSend?.(sent);
    },
  });
  let done = false;
  const run = replayer.run(options.signal).finally(() => {
    done = true;
  });
  run.catch(() => undefined);
  while (!done) await clock.runAll();
  return { sent, stats: await run, endMs: clock.now() };
}

/** A source of messages in batches, each with these export times. */
const source = (...batches: readonly (readonly number[])[]) =>
  async function* () {
    for (const batch of batches) {
      yield batch.map((exportTime, i) =>
        messageOctets({ exportTime, sequenceNumber: i }, setOctets(256, [1, 2, 3])),
      );
    }
  };

const times = (sent: readonly Sent[]) => sent.map(({ atMs }) => atMs);

describe('replay without a speed', () => {
  it('sends everything at once, as often as told', async () => {
    const { sent, stats } = await replay({ passes: 3 }, source([5, 5], [6]));
    expect(times(sent)).toEqual(Array.from({ length: 9 }, () => 0));
    expect(stats).toEqual({ passes: 3, messages: 9, bytes: 9 * 23 });
  });

  it('reads the messages anew for each pass, or once', async () => {
    for (const [preload, reads] of [
      [false, 3],
      [true, 1],
    ] as const) {
      let begun = 0;
      const messages = () => {
        begun++;
        return source([5, 6])();
      };
      const { sent } = await replay({ passes: 3, preload }, messages);
      expect(sent.length).toBe(6);
      expect(begun).toBe(reads);
    }
  });

  it('sends the very octets that it was given', async () => {
    const given = messageOctets({ exportTime: 7 });
    const { sent } = await replay({ passes: 2 }, async function* () {
      yield [given];
    });
    expect(sent.every(({ octets }) => octets === given)).toBe(true);
  });

  it('goes on until it is told to stop', async () => {
    const abort = new AbortController();
    const { stats } = await replay({}, source([5, 6]), {
      signal: abort.signal,
      onSend: (sent) => sent.length === 999 && abort.abort(),
    });
    expect(stats).toMatchObject({ messages: 999, passes: 500 });
  });

  it('gives other work its turn', async () => {
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    const { stats } = await replay({ preload: true }, source([5]), { signal: abort.signal });
    expect(stats.messages).toBeGreaterThan(0);
  });

  it('ends where there is nothing to send', async () => {
    expect((await replay({}, source())).stats).toEqual({ passes: 1, messages: 0, bytes: 0 });
    expect((await replay({ realTime: 1 }, source([]))).stats).toEqual({ passes: 1, messages: 0, bytes: 0 });
  });

  it('waits for the receiver, and fails with it', async () => {
    const failing = createReplayer(
      { passes: 1 },
      {
        clock: createVirtualClock(),
        messages: source([5, 6]),
        send: () => Promise.reject(new IpfixError('IPFIX_IO', 'gone')),
      },
    );
    await expect(failing.run()).rejects.toThrow('gone');
  });

  it('tells how far it is', async () => {
    const progress: number[] = [];
    const replayer = createReplayer(
      { passes: 2 },
      {
        clock: createVirtualClock(),
        messages: source([5, 6]),
        send: () => undefined,
        onProgress: ({ messages, passes }) => progress.push(messages * 10 + passes),
      },
    );
    await replayer.run();
    expect(progress).toEqual([11, 21, 32, 42]);
  });

  it.each([{ passes: 0 }, { realTime: 0 }, { bytesPerSecond: -1 }, { packetsPerSecond: Number.NaN }])(
    'refuses %j',
    (config) => {
      const deps = { clock: createVirtualClock(), messages: source(), send: () => undefined };
      expect(() => createReplayer(config, deps)).toThrow(
        expect.objectContaining({ code: 'IPFIX_BAD_CONFIG' }),
      );
    },
  );
});

describe('real time (-R)', () => {
  it('spreads the messages of a second over it, and keeps the seconds apart', async () => {
    const { sent, endMs } = await replay(
      { passes: 1, realTime: 1 },
      source([100, 100, 100, 100], [101, 101], [104]),
    );
    expect(times(sent)).toEqual([0, 250, 500, 750, 1000, 1500, 4000]);
    expect(endMs).toBe(5000);
  });

  it('goes faster and slower', async () => {
    const messages = source([100, 100, 101, 103]);
    expect(times((await replay({ passes: 1, realTime: 4 }, messages)).sent)).toEqual([0, 125, 250, 750]);
    expect(times((await replay({ passes: 1, realTime: 0.5 }, messages)).sent)).toEqual([0, 1000, 2000, 6000]);
  });

  it('keeps a message that went back in time with its neighbours', async () => {
    const { sent } = await replay({ passes: 1, realTime: 1 }, source([100, 99, 100, 101]));
    expect(times(sent)).toEqual([0, 1000 / 3, 2000 / 3, 1000]);
  });

  it('begins the next pass when the last second is over', async () => {
    const { sent } = await replay({ passes: 2, realTime: 1 }, source([100, 103]));
    expect(times(sent)).toEqual([0, 3000, 4000, 7000]);
  });

  it('does not lose time to a slow receiver within a second', async () => {
    const clock = createVirtualClock(0);
    const sentMs: number[] = [];
    const replayer = createReplayer(
      { passes: 1, realTime: 1 },
      {
        clock,
        messages: source([100, 100, 100, 100], [101]),
        async send() {
          sentMs.push(clock.now());
          await clock.sleep(100);
        },
      },
    );
    const run = replayer.run();
    await clock.runAll();
    await run;
    expect(sentMs).toEqual([0, 250, 500, 750, 1000]);
  });

  it('stops in the middle of a gap', async () => {
    const abort = new AbortController();
    const clock = createVirtualClock(0);
    const replayer = createReplayer(
      { realTime: 1 },
      { clock, messages: source([100, 200]), send: () => undefined },
    );
    const run = replayer.run(abort.signal);
    await clock.advance(5000);
    abort.abort();
    expect(await run).toMatchObject({ messages: 1 });
  });
});

describe('packets a second (-S)', () => {
  it('sends at even distances, over passes too', async () => {
    const { sent } = await replay({ passes: 2, packetsPerSecond: 4 }, source([5, 5, 5], [9]));
    expect(times(sent)).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
  });

  it('may be less than one', async () => {
    expect(times((await replay({ passes: 1, packetsPerSecond: 0.5 }, source([5, 5, 5]))).sent)).toEqual([
      0, 2000, 4000,
    ]);
  });
});

describe('octets a second (-s)', () => {
  it('sends until the limit is reached, then waits for the next second', async () => {
    // Messages of 23 octets: the third reaches 50.
    const { sent } = await replay({ passes: 1, bytesPerSecond: 50 }, source([5, 5, 5, 5, 5, 5, 5]));
    expect(times(sent)).toEqual([0, 0, 0, 1000, 1000, 1000, 2000]);
  });
});

describe('rewritten headers', () => {
  /** Two domains, with records that sequence numbers count, and an export time that goes back at the end. */
  const twoDomains = async function* () {
    const template = setOctets(2, templateOctets(256, [[4, 1]]));
    const message = (
      exportTime: number,
      sequenceNumber: number,
      observationDomainId: number,
      records: number,
    ) =>
      messageOctets(
        { exportTime, sequenceNumber, observationDomainId },
        template,
        setOctets(
          256,
          Array.from({ length: records }, () => 6),
        ),
      );
    yield [message(100, 10, 1, 3), message(101, 50, 2, 1)];
    yield [message(105, 13, 1, 2), message(104, 51, 2, 7)];
  };

  it('go on monotonically over passes when asked', async () => {
    const { sent } = await replay({ passes: 3, shiftPasses: true }, twoDomains);
    const headers = sent.map(({ exportTime, sequenceNumber }) => [exportTime, sequenceNumber]);
    expect(headers).toEqual([
      [100, 10],
      [101, 50],
      [105, 13],
      [104, 51],
      [106, 15],
      [107, 58],
      [111, 18],
      [110, 59],
      [112, 20],
      [113, 66],
      [117, 23],
      [116, 67],
    ]);
  });

  it('follow each other in real time without a gap', async () => {
    const { sent } = await replay({ passes: 2, shiftPasses: true, realTime: 1 }, source([100, 103]));
    expect(times(sent)).toEqual([0, 3000, 4000, 7000]);
    expect(sent.map(({ exportTime }) => exportTime)).toEqual([100, 103, 104, 107]);
  });

  it('get another observation domain when asked, without changing the messages given', async () => {
    const given = messageOctets({ observationDomainId: 1 });
    const { sent } = await replay({ passes: 1, observationDomainId: 77 }, async function* () {
      yield [given];
    });
    expect(sent[0].observationDomainId).toBe(77);
    expect(readUint32(given, 12)).toBe(1);
  });
});

describe.skipIf(!hasShared)("replay of FlowCEP's capture (needs ../shared beside the repository)", () => {
  const messages = () => readMessages(dataIpfix);

  /** When the capture's messages are due by its export times alone. */
  function dueInRealTime(sent: readonly Sent[], speed: number): number[] {
    const perSecond = new Map<number, number>();
    for (const { exportTime } of sent) perSecond.set(exportTime, (perSecond.get(exportTime) ?? 0) + 1);
    const seen = new Map<number, number>();
    return sent.map(({ exportTime }) => {
      const index = seen.get(exportTime) ?? 0;
      seen.set(exportTime, index + 1);
      return ((exportTime - 1523546564) * 1000 + (index * 1000) / perSecond.get(exportTime)!) / speed;
    });
  }

  it.each([1, 10])('keeps to the export times at speed %i', async (realTime) => {
    const { sent, endMs } = await replay({ passes: 1, realTime }, messages);
    expect(sent.length).toBe(606);
    const due = dueInRealTime(sent, realTime);
    for (const [i, { atMs }] of sent.entries()) expect(atMs, `message ${i}`).toBeCloseTo(due[i], 6);
    expect(endMs).toBeCloseTo(384_000 / realTime, 6);
  });

  it('sends so many packets a second', async () => {
    const { sent } = await replay({ passes: 2, packetsPerSecond: 100 }, messages);
    expect(sent.length).toBe(1212);
    for (const [i, { atMs }] of sent.entries()) expect(atMs, `message ${i}`).toBeCloseTo(i * 10, 6);
  });

  it('sends so many octets a second', async () => {
    const { sent } = await replay({ passes: 1, bytesPerSecond: 100 * 1024 }, messages);
    let second = 0;
    let octets = 0;
    for (const [i, { atMs, octets: message }] of sent.entries()) {
      expect(atMs, `message ${i}`).toBe(second * 1000);
      octets += message.length;
      if (octets < 100 * 1024) continue;
      second++;
      octets = 0;
    }
    expect(second).toBe(7);
  });

  it('shifts a pass by 384 s and 13,898 records', async () => {
    const { sent } = await replay({ passes: 2, shiftPasses: true }, messages);
    for (let i = 0; i < 606; i++) {
      expect(sent[606 + i].exportTime).toBe(sent[i].exportTime + 384);
      expect(sent[606 + i].sequenceNumber).toBe(sent[i].sequenceNumber + 13898);
    }
  });
});

describe('replay at high rates', () => {
  it('sends 50,000 messages a second, each at its time', async () => {
    const { sent, endMs } = await replay({ passes: 1, packetsPerSecond: 50_000 }, async function* () {
      const message = messageOctets({ exportTime: 5 });
      for (let i = 0; i < 100; i++) yield Array.from({ length: 1000 }, () => message);
    });
    expect(sent.length).toBe(100_000);
    expect(endMs).toBeCloseTo(2000, 6);
    expect(sent.every(({ atMs }, i) => Math.abs(atMs - i / 50) < 1e-6)).toBe(true);
  });

  it('keeps the rate with timers that are late', async () => {
    const clock = createVirtualClock(0);
    // Like those of Node: at least a millisecond, and late.
    const late = { now: clock.now, sleep: (ms: number) => clock.sleep(Math.max(1, Math.ceil(ms)) + 0.3) };
    const times: number[] = [];
    const replayer = createReplayer(
      { passes: 1, packetsPerSecond: 50_000 },
      {
        clock: late,
        async *messages() {
          const message = messageOctets({ exportTime: 5 });
          for (let i = 0; i < 250; i++) yield Array.from({ length: 1000 }, () => message);
        },
        send: () => void times.push(clock.now()),
      },
    );
    let done = false;
    const run = replayer.run().finally(() => {
      done = true;
    });
    while (!done) await clock.runAll();
    await run;
    expect(times[times.length - 1]).toBeGreaterThanOrEqual(249_999 / 50);
    expect(times[times.length - 1]).toBeLessThan(5010);
    // Never ahead of time, and never more than the lateness of one timer behind.
    expect(times.every((atMs, i) => atMs - i / 50 > -1e-6 && atMs - i / 50 < 2.5)).toBe(true);
  });

  it('makes up for no more than a second', async () => {
    let nowMs = 0;
    const sent: number[] = [];
    const clock = {
      now: () => nowMs,
      async sleep(ms: number) {
        nowMs += ms;
      },
    };
    const replayer = createReplayer(
      { passes: 1, packetsPerSecond: 10 },
      {
        clock,
        messages: source(Array.from({ length: 40 }, () => 5)),
        send() {
          sent.push(nowMs);
          // The receiver blocks for a minute.
          if (sent.length === 15) nowMs += 60_000;
        },
      },
    );
    await replayer.run();
    expect(sent.filter((atMs) => atMs >= 61_400 && atMs < 61_500).length).toBeLessThanOrEqual(10);
    expect(sent[39]).toBeGreaterThanOrEqual(63_000);
  });
});

describe('replay now', () => {
  it('moves messages to when they are sent, in all passes', async () => {
    const record = [0x59, 0x68, 0x2f, 0x00];
    const template = setOctets(2, templateOctets(256, [[150, 4]]));
    const messages = [
      messageOctets({ exportTime: 1_500_000_000, sequenceNumber: 0 }, template, setOctets(256, record)),
      messageOctets({ exportTime: 1_500_000_010, sequenceNumber: 1 }, setOctets(256, record)),
    ];
    const { sent } = await replay(
      { passes: 2, realTime: 1, now: true, shiftPasses: true, observationDomainId: 5 },
      async function* () {
        yield messages;
      },
    );
    expect(sent.map(({ exportTime }) => exportTime)).toEqual(sent.map(({ atMs }) => Math.floor(atMs / 1000)));
    expect(sent.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2, 3]);
    expect(sent.every(({ observationDomainId }) => observationDomainId === 5)).toBe(true);
    // The flow began when the first message left; and ten seconds before the second.
    expect(sent.map(({ octets, exportTime }) => exportTime - readUint32(octets, octets.length - 4))).toEqual([
      0, 10, 0, 10,
    ]);
  });
});
