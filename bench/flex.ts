import { decodeFlexRecord, encodeFlexRecord, type FlexRecord } from '@flowpact/flex';
import type { Benchmark } from './measure.ts';

const flowCount = 1_000;
/** Records a run: long enough for the clock of CPU time. */
const rounds = 200;

/**
 * An alert with the flows of a botnet to its server, 15 columns each: two 48-bit times, two IPv4 addresses, small
 * counters, ports and flags. About 64 KiB.
 */
function record(): FlexRecord {
  const startMs = 1_410_137_783_000;
  const columns = [152, 153, 8, 12, 7, 11, 2, 1, 4, 60, 5, 6, 10, 14, 3];
  const flows = Array.from({ length: flowCount }, (_, i) => [
    startMs + 7 * i,
    startMs + 7 * i + 900,
    Uint8Array.of(10, 1, i >> 8, i & 0xff),
    Uint8Array.of(198, 51, 100, 6),
    1_024 + ((37 * i) % 60_000),
    80,
    4 + (i % 9),
    634 + 13 * (i % 97),
    6,
    4,
    0,
    27,
    13,
    17,
    1,
  ]);
  return {
    settings: { id: 42, msgType: 'alert', eventType: 'cuC', type: 'netflow', version: 'nine' },
    flowFields: { fields: columns.map((id) => ({ kind: 'iana', id })) },
    detection: { sender: { name: 'isp-a.example' }, created: '20140908005700Z', confidence: 90 },
    correlation: [{ relation: 'same-c2', flows }],
  };
}

const input = record();
const bytes = encodeFlexRecord(input);

export const benchmarks: readonly Benchmark[] = [
  {
    id: 'flex/encode-1000x15',
    unit: 'flows',
    run() {
      let octets = 0;
      for (let i = 0; i < rounds; i++) octets += encodeFlexRecord(input).length;
      return (octets / bytes.length) * flowCount;
    },
  },
  {
    id: 'flex/decode-1000x15',
    unit: 'flows',
    run() {
      let flows = 0;
      for (let i = 0; i < rounds; i++) flows += decodeFlexRecord(bytes).correlation[0].flows.length;
      return flows;
    },
  },
];
