import fc from 'fast-check';
import {
  createFlowDecoder,
  createIpfixEncoder,
  createObjectReader,
  type FieldValue,
  type RecordReader,
} from '../../src/index.ts';
import type { Values } from './interpret-filter.ts';

const from = <T extends FieldValue>(...values: T[]) => fc.constantFrom(...values);
const small = (most: number) => fc.integer({ min: 0, max: most });
const ipv4 = from(
  '192.0.2.1',
  '192.0.2.130',
  '10.0.0.1',
  '10.1.2.3',
  '255.255.255.255',
  '0.0.0.0',
  '172.16.9.9',
);
const ipv6 = from('2001:db8::1', '2001:db8:1::1', '2001:db8:8000::5', 'fe80::1', '::');
const ports = from(0, 53, 80, 443, 1023, 1024, 65535);
const octets = fc.oneof(
  small(3000),
  from<FieldValue>(10_000, 1_000_000, 2 ** 53 - 1, 2n ** 53n + 1n, 2n ** 64n - 1n),
);
const startMs = 1_700_000_000_000;
const times = from(startMs, startMs + 1, startMs + 1000, startMs + 61_000);
const wholeSeconds = from(startMs, startMs + 1000, startMs + 7000);

type Field = readonly [pen: number, id: number, length: number, values: fc.Arbitrary<FieldValue>];

/** Layouts as exporters have them: fixed, with texts in front, ICMP, other units of time, almost nothing. */
const layouts: readonly (readonly Field[])[] = [
  [
    [0, 8, 4, ipv4],
    [0, 12, 4, ipv4],
    [0, 7, 2, ports],
    [0, 11, 2, ports],
    [0, 4, 1, from(1, 6, 17)],
    [0, 6, 1, small(255)],
    [0, 5, 1, from(0, 8, 46)],
    [0, 1, 8, octets],
    [0, 2, 8, octets],
    [0, 152, 8, times],
    [0, 153, 8, times],
    [0, 10, 2, small(3)],
    [0, 14, 4, small(3)],
    [0, 16, 4, from(64496, 4200000000)],
    [0, 17, 4, from(64496, 64497)],
    [0, 56, 6, from('00:00:5e:00:53:01', '02:00:00:00:00:00')],
    [0, 15, 4, ipv4],
  ],
  [
    [39499, 2, 65535, from('/login', '/index.html', '', `/${'x'.repeat(300)}`)],
    [0, 27, 16, ipv6],
    [0, 28, 16, ipv6],
    [0, 60, 1, from(4, 6)],
    [0, 7, 2, ports],
    [0, 96, 65535, from('ssh', 'http "quoted"')],
    [0, 11, 2, ports],
    [0, 4, 1, from(6, 58)],
    [0, 6, 2, small(300)],
    [0, 86, 3, small(2000)],
    [0, 85, 5, small(2000)],
    [0, 150, 4, wholeSeconds],
    [0, 151, 4, wholeSeconds],
    [0, 276, 1, fc.boolean()],
  ],
  [
    [0, 8, 4, ipv4],
    [0, 32, 2, from(0, 0x0301, 0x0800, 0x0b00)],
    [0, 2, 4, small(5)],
    [0, 161, 4, from(0, 1, 500, 60_000)],
    [0, 58, 2, from(1, 7)],
    [0, 9, 1, from(8, 24)],
  ],
  [
    [0, 8, 4, ipv4],
    [0, 27, 16, ipv6],
    [0, 154, 8, times],
    [0, 155, 8, times],
    [0, 176, 1, small(5)],
    [0, 177, 1, small(5)],
    [99999, 7, 2, fc.uint8Array({ minLength: 2, maxLength: 2 })],
  ],
  [[0, 210, 3, fc.uint8Array({ minLength: 3, maxLength: 3 })]],
];

/** Records of one of the layouts. */
export const flowSamples = fc.constantFrom(...layouts).chain((fields) =>
  fc.record({
    fields: fc.constant(fields),
    records: fc.array(fc.tuple(...fields.map(([, , , values]) => values)), { minLength: 1, maxLength: 12 }),
  }),
);

export interface FlowSamples {
  readonly fields: readonly Field[];
  readonly records: readonly (readonly FieldValue[])[];
}

/** The messages of records. */
export function encodeSamples({ fields, records }: FlowSamples): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
  encoder.defineTemplate({ id: 256, fields: fields.map(([pen, id, length]) => ({ pen, id, length })) });
  for (const record of records) encoder.addRecord(256, record, 1_700_000_000);
  encoder.flush(1_700_000_000);
  return messages;
}

const elements = [
  ...new Map(
    layouts
      .flat()
      .map(([pen, id]) => [
        `${pen}:${id}`,
        { name: `${pen}:${id}`, elements: [{ pen, id }], as: 'native' as const },
      ]),
  ).values(),
];

/** Decodes messages through a reader that is made of one that collects all records. */
export function collect(
  messages: readonly Uint8Array[],
  wrap: (reader: RecordReader) => RecordReader,
): Values[] {
  const found: Values[] = [];
  const collector = createObjectReader(
    { fields: elements },
    { onRecord: (record) => found.push({ ...record } as Values) },
  );
  const decoder = createFlowDecoder({}, { reader: wrap(collector) });
  for (const message of messages) decoder.decode(message);
  return found;
}
