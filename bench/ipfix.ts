import {
  createFlowDecoder,
  createIpfixEncoder,
  createLineReader,
  createObjectReader,
  type FieldSelection,
  type FieldValue,
  findElementsByName,
  type RecordReader,
} from '@flowpact/ipfix';
import type { Benchmark } from './measure.ts';

/** Fields of FlowCEP's templates by element and length; flows of the four kinds come as often as in its capture. */
const icmp = [
  [1, 8],
  [2, 8],
  [4, 1],
  [8, 4],
  [12, 4],
  [32, 2],
  [60, 1],
  [152, 8],
  [153, 8],
] as const;
const udp = [
  [1, 8],
  [2, 8],
  [4, 1],
  [7, 2],
  [8, 4],
  [11, 2],
  [12, 4],
  [60, 1],
  [152, 8],
  [153, 8],
] as const;
const tcp = [
  [1, 8],
  [2, 8],
  [4, 1],
  [6, 1],
  [7, 2],
  [8, 4],
  [11, 2],
  [12, 4],
  [60, 1],
  [152, 8],
  [153, 8],
] as const;

interface Mix {
  readonly templateId: number;
  readonly fields: readonly (readonly [id: number, length: number])[];
  readonly withUrl: boolean;
  /** Of a thousand flows. */
  readonly share: number;
}

const flowcepMix: readonly Mix[] = [
  { templateId: 256, fields: icmp, withUrl: false, share: 178 },
  { templateId: 257, fields: udp, withUrl: false, share: 87 },
  { templateId: 258, fields: tcp, withUrl: false, share: 585 },
  { templateId: 259, fields: tcp, withUrl: true, share: 150 },
];

const httpOnly: readonly Mix[] = [{ templateId: 259, fields: tcp, withUrl: true, share: 1000 }];

/** As many flows, sources and URLs are made; a run decodes them several times over. */
const flowCount = 250_000;
const rounds = 4;

/** A generator of integers below a limit from a fixed seed (xorshift32). */
function createRandom(): (limit: number) => number {
  let state = 0x9e3779b9;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function encodeFlows(mix: readonly Mix[]): readonly Uint8Array[] {
  const random = createRandom();
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
  for (const { templateId, fields, withUrl } of mix) {
    const url = withUrl ? [{ pen: 39499, id: 2, length: 64 }] : [];
    encoder.defineTemplate({
      id: templateId,
      fields: [...fields.map(([id, length]) => ({ id, length })), ...url],
    });
  }
  const sources = Array.from({ length: 2000 }, () => 0x3b000000 + random(0x1000000));
  const destinations = Array.from({ length: 1700 }, () => 0x741ac000 + random(0x10000));
  const urls = Array.from({ length: 1500 }, (_, i) => `/${'path/'.repeat(random(11))}${i}.php`);
  const startMs = 1523546560000;
  const fieldValue = (id: number, flowMs: number): FieldValue => {
    switch (id) {
      case 1:
        return 40 + random(100_000);
      case 2:
        return 1 + random(200);
      case 4:
        return 6;
      case 6:
        return random(64);
      case 8:
        return sources[random(sources.length)];
      case 12:
        return destinations[random(destinations.length)];
      case 60:
        return 4;
      case 152:
        return flowMs;
      case 153:
        return flowMs + random(10_000);
      default:
        return random(65536);
    }
  };
  for (let i = 0; i < flowCount; i++) {
    let left = random(1000);
    const kind = mix.find(({ share }) => {
      left -= share;
      return left < 0;
    }) as Mix;
    const flowMs = startMs + i;
    const values = kind.fields.map(([id]) => fieldValue(id, flowMs));
    if (kind.withUrl) values.push(urls[random(urls.length)]);
    encoder.addRecord(kind.templateId, values, Math.floor(flowMs / 1000) + 5);
  }
  encoder.flush(Math.floor(startMs / 1000) + 300);
  return messages;
}

const iana = (name: string, id: number, as: FieldSelection['as']): FieldSelection => ({
  name: `ipfix.${name}`,
  elements: [{ pen: 0, id }],
  as,
});

/** What a scan rule reads. */
const fourFields = [
  iana('sourceIPv4Address', 8, 'native'),
  iana('destinationTransportPort', 11, 'native'),
  iana('packetDeltaCount', 2, 'native'),
  iana('flowEndMilliseconds', 153, 'native'),
];

const eightNumbers = [1, 2, 4, 7, 8, 11, 12, 153].map((id) => iana(`field${id}`, id, 'number'));

const allFields = [
  ...[1, 2, 4, 6, 7, 8, 11, 12, 32, 60, 152, 153].map((id) => iana(`field${id}`, id, 'native')),
  { name: 'ipfix.HTTPRequestURL', elements: findElementsByName('HTTPRequestURL'), as: 'native' },
] as const;

/** Keeps the result of a run alive, so that nothing is optimised away. */
let seen: unknown;

const objects = (fields: readonly FieldSelection[]) => (): RecordReader =>
  createObjectReader(
    { fields },
    {
      onRecord(record) {
        seen = record;
      },
    },
  );

const lines = (style: 'ipfixcol' | 'flowpact') => (): RecordReader =>
  createLineReader(
    { style },
    {
      onLine(line) {
        // Asking for a character makes the string flat, as writing it would.
        seen = line.charCodeAt(line.length - 1);
      },
    },
  );

function decoding(
  id: string,
  unit: string,
  mix: readonly Mix[],
  createReader: () => RecordReader,
): Benchmark {
  let messages: readonly Uint8Array[] = [];
  let reader: RecordReader;
  return {
    id: `ipfix/${id}`,
    unit,
    setup() {
      messages = encodeFlows(mix);
      reader = createReader();
    },
    run() {
      let records = 0;
      for (let round = 0; round < rounds; round++) {
        const decoder = createFlowDecoder({}, { reader });
        for (const message of messages) decoder.decode(message);
        records += decoder.stats.records;
      }
      if (records !== rounds * flowCount) throw new Error(`${records} records; the last was ${String(seen)}`);
      return records;
    },
    teardown() {
      messages = [];
    },
  };
}

const encoding: Benchmark = {
  id: 'ipfix/encode-flowcep',
  unit: 'records',
  run() {
    seen = encodeFlows(flowcepMix);
    return flowCount;
  },
};

export const benchmarks: readonly Benchmark[] = [
  decoding('count-records', 'records', flowcepMix, () => ({ compile: () => undefined })),
  decoding('decode-4-fields', 'records', flowcepMix, objects(fourFields)),
  decoding('decode-8-numbers', 'records', flowcepMix, objects(eightNumbers)),
  decoding('decode-all-fields', 'records', flowcepMix, objects(allFields)),
  decoding('ipfixcol-lines', 'lines', flowcepMix, lines('ipfixcol')),
  decoding('ipfixcol-lines-http', 'lines', httpOnly, lines('ipfixcol')),
  decoding('flowpact-lines', 'lines', flowcepMix, lines('flowpact')),
  encoding,
];
