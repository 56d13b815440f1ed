import { describe, expect, it } from 'vitest';
import { createFlowDecoder, createIpfixEncoder, createObjectReader } from '../../src/index.ts';
import { readUint32 } from '../../src/message/network-byte-order.ts';
import { createTimeRewrite } from '../../src/replay/time-rewrite.ts';

const thenMs = 1_500_000_000_000;
const nowMs = 1_800_000_000_999;
const shiftMs = 300_000_000_000;

const times = [150, 151, 152, 153, 154, 155, 156, 157, 160];

function decode(messages: readonly Uint8Array[]) {
  const records: Record<string, unknown>[] = [];
  const fields = [1, ...times].map((id) => ({
    name: String(id),
    elements: [{ pen: 0, id }],
    as: 'native' as const,
  }));
  const reader = createObjectReader({ fields }, { onRecord: (record) => records.push({ ...record }) });
  const decoder = createFlowDecoder({}, { reader });
  for (const message of messages) decoder.decode(message);
  expect(decoder.stats).toMatchObject({ malformedMessages: 0, malformedSets: 0 });
  return records;
}

describe('createTimeRewrite', () => {
  it('moves the header and all times of the records as far', () => {
    const messages: Uint8Array[] = [];
    const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
    const fields = [
      { id: 96, length: 65535 },
      ...times.map((id) => ({ id, length: id < 152 ? 4 : 8 })),
      { id: 1, length: 8 },
    ];
    encoder.defineTemplate({ id: 256, fields });
    const values = times.map((id) => thenMs - id * 1000);
    encoder.addRecord(256, ['ssh', ...values, 7], thenMs / 1000);
    encoder.addRecord(256, ['', ...values.map((ms) => ms + 1000), 8], thenMs / 1000);
    encoder.flush(thenMs / 1000);
    const given = messages.map((message) => message.slice());
    const rewrite = createTimeRewrite();
    const moved = messages.map((message) => rewrite.moveTo(message, nowMs));
    expect(messages).toEqual(given);
    expect(moved.map((message) => readUint32(message, 4))).toEqual([1_800_000_000]);
    const expected = decode(messages).map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([id, value]) => [id, id === '1' ? value : (value as number) + shiftMs]),
      ),
    );
    expect(decode(moved)).toEqual(expected);
  });

  it('follows templates over messages, and leaves unknown times unknown', () => {
    const rewrite = createTimeRewrite();
    const moved: Uint8Array[] = [];
    const encoder = createIpfixEncoder(
      {},
      { onMessage: (message) => moved.push(rewrite.moveTo(message, nowMs)) },
    );
    encoder.defineTemplate({ id: 256, fields: [{ id: 152, length: 8 }] });
    for (const ms of [thenMs, 0]) encoder.addRecord(256, [ms], thenMs / 1000 + (ms === 0 ? 1 : 0));
    encoder.flush(thenMs / 1000 + 1);
    expect(moved.length).toBe(2);
    expect(decode(moved).map((record) => record['152'])).toEqual([thenMs + shiftMs, 0]);
  });

  it('moves the header of NetFlow, from which its records count', () => {
    for (const version of [1, 5, 7, 9]) {
      const octets = new Uint8Array(72);
      const view = new DataView(octets.buffer);
      view.setUint16(0, version);
      view.setUint32(4, 60_000);
      view.setUint32(8, thenMs / 1000);
      const moved = createTimeRewrite().moveTo(octets, nowMs);
      expect([readUint32(moved, 4), readUint32(moved, 8)]).toEqual([60_000, 1_800_000_000]);
    }
  });

  it('gives back what it does not know', () => {
    for (const octets of [new Uint8Array(0), new Uint8Array(15), Uint8Array.from({ length: 40 }, () => 3)]) {
      expect(createTimeRewrite().moveTo(octets, nowMs)).toBe(octets);
    }
  });
});
