import { describe, expect, it } from 'vitest';
import {
  type CaptureReplayerConfig,
  createCaptureReader,
  createCaptureReplayer,
  createVirtualClock,
  type ExportDatagram,
  IpfixError,
} from '../../src/index.ts';
import { readUint32 } from '../../src/message/network-byte-order.ts';
import { hasShared, sharedFolder } from '../capture/shared-data.ts';
import { messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

const source = { transport: 'udp', address: '192.0.2.1', port: 50000 } as const;
const datagram = (timeMs: number, payload: Uint8Array, port = 50000): ExportDatagram => ({
  source: { ...source, port },
  destinationAddress: '192.0.2.2',
  destinationPort: 4739,
  timeMs,
  payload,
});
const message = messageOctets({ exportTime: 1_500_000_000 }, setOctets(256, [1, 2]));

async function replay(
  config: CaptureReplayerConfig,
  datagrams: () => AsyncIterable<readonly ExportDatagram[]>,
  onSend?: (count: number) => void,
  signal?: AbortSignal,
) {
  const clock = createVirtualClock(1_800_000_000_000);
  const sent: { readonly atMs: number; readonly octets: Uint8Array }[] = [];
  const replayer = createCaptureReplayer(config, {
    clock,
    datagrams,
    send(octets) {
      sent.push({ atMs: clock.now() - 1_800_000_000_000, octets });
      onSend?.(sent.length);
    },
  });
  let done = false;
  const run = replayer.run(signal).finally(() => {
    done = true;
  });
  run.catch(() => undefined);
  while (!done) await clock.runAll();
  return { sent, stats: await run };
}

const capture = (...timesMs: number[]) =>
  async function* () {
    yield timesMs.map((timeMs) => datagram(timeMs, message));
  };

describe('createCaptureReplayer', () => {
  it('keeps the pauses of the capture, faster if told', async () => {
    const times = async (config: CaptureReplayerConfig) =>
      (await replay(config, capture(5000, 5000, 5250, 7000.5))).sent.map(({ atMs }) => atMs);
    expect(await times({ passes: 1 })).toEqual([0, 0, 250, 2000.5]);
    expect(await times({ passes: 1, speed: 10 })).toEqual(
      [0, 0, 25, 200.05000000000001].map((ms) => expect.closeTo(ms, 3)),
    );
    expect(await times({ passes: 1, speed: Number.POSITIVE_INFINITY })).toEqual([0, 0, 0, 0]);
    expect(await times({ passes: 2 })).toEqual([0, 0, 250, 2000.5, 2000.5, 2000.5, 2250.5, 4001]);
  });

  it('does not wait for packets that were captured out of order', async () => {
    const { sent } = await replay({ passes: 1 }, capture(1000, 900, 1100));
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 0, 100]);
  });

  it('counts, stops when told, and ends where there is nothing', async () => {
    expect((await replay({ passes: 2 }, capture(1, 2))).stats).toEqual({
      passes: 2,
      messages: 4,
      bytes: 4 * 22,
    });
    expect((await replay({}, capture())).stats).toEqual({ passes: 1, messages: 0, bytes: 0 });
    const abort = new AbortController();
    const { stats } = await replay({}, capture(1, 2), (count) => count === 99 && abort.abort(), abort.signal);
    expect(stats.messages).toBe(99);
    for (const config of [{ passes: 0 }, { speed: 0 }]) {
      await expect(replay(config, capture(1))).rejects.toBeInstanceOf(IpfixError);
    }
  });

  it('moves times to when a message is sent, each exporter by its own templates', async () => {
    const template = (id: number) => messageOctets({}, setOctets(2, templateOctets(256, [[id, 4]])));
    const data = messageOctets({ exportTime: 1_500_000_000 }, setOctets(256, [0x59, 0x68, 0x2f, 0]));
    const { sent } = await replay({ passes: 1, now: true }, async function* () {
      yield [datagram(0, template(150)), datagram(0, template(8), 50001)];
      yield [datagram(2000, data), datagram(3000, data, 50001)];
    });
    expect(sent.map(({ octets }) => readUint32(octets, 4))).toEqual([
      1_800_000_000, 1_800_000_000, 1_800_000_002, 1_800_000_003,
    ]);
    expect(sent.slice(2).map(({ octets }) => readUint32(octets, 20))).toEqual([1_800_000_002, 1_500_000_000]);
  });

  it('rewrites the observation domain of IPFIX and NetFlow v9', async () => {
    const v9 = new Uint8Array(24);
    v9[1] = 9;
    const v5 = new Uint8Array(72);
    v5[1] = 5;
    const { sent } = await replay({ passes: 1, observationDomainId: 7 }, async function* () {
      yield [datagram(0, message), datagram(0, v9), datagram(0, v5)];
    });
    expect(readUint32(sent[0].octets, 12)).toBe(7);
    expect(readUint32(sent[1].octets, 16)).toBe(7);
    expect(sent[2].octets).toBe(v5);
    expect(readUint32(message, 12)).toBe(1);
  });

  it.skipIf(!hasShared)(
    'sends a capture again as it was (needs ../shared beside the repository)',
    async () => {
      const path = `${sharedFolder}captures/ip-mixed.pcap`;
      const captured: Uint8Array[] = [];
      for await (const batch of createCaptureReader().read(path))
        captured.push(...batch.map(({ payload }) => payload));
      const { sent } = await replay({ passes: 1 }, () => createCaptureReader().read(path));
      expect(sent.map(({ octets }) => octets)).toEqual(captured);
      expect(captured.length).toBe(25);
    },
  );
});
