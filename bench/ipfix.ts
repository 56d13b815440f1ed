import {
  createFlowDecoder,
  createLineReader,
  createObjectReader,
  type FieldSelection,
  findElementsByName,
  type RecordReader,
} from '@flowpact/ipfix';
import { encodeFlows, type FlowKind, flowcepMix, httpOnly, lastSeen, see } from './ipfix-flows.ts';
import type { Benchmark } from './measure.ts';

/** As many flows are made; a run decodes them several times over. */
const flowCount = 250_000;
const rounds = 4;

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

const objects = (fields: readonly FieldSelection[]) => (): RecordReader =>
  createObjectReader(
    { fields },
    {
      onRecord: see,
    },
  );

const lines = (style: 'ipfixcol' | 'flowpact') => (): RecordReader =>
  createLineReader(
    { style },
    {
      onLine(line) {
        // Asking for a character makes the string flat, as writing it would.
        see(line.charCodeAt(line.length - 1));
      },
    },
  );

function decoding(
  id: string,
  unit: string,
  mix: readonly FlowKind[],
  createReader: () => RecordReader,
): Benchmark {
  let messages: readonly Uint8Array[] = [];
  let reader: RecordReader;
  return {
    id: `ipfix/${id}`,
    unit,
    setup() {
      messages = encodeFlows(mix, flowCount);
      reader = createReader();
    },
    run() {
      let records = 0;
      for (let round = 0; round < rounds; round++) {
        const decoder = createFlowDecoder({}, { reader });
        for (const message of messages) decoder.decode(message);
        records += decoder.stats.records;
      }
      if (records !== rounds * flowCount) throw new Error(`${records} records; the last was ${lastSeen()}`);
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
    see(encodeFlows(flowcepMix, flowCount));
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
