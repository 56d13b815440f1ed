import { describe, expect, it } from 'vitest';
import {
  createBiflowSplitter,
  createFlowDecoder,
  createLineReader,
  createObjectReader,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

type Fields = readonly (readonly [id: number, length: number, pen?: number])[];

function read(fields: Fields, data: string) {
  const lines: Record<string, unknown>[] = [];
  const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(JSON.parse(line)) });
  const message = messageOctets({}, setOctets(2, templateOctets(256, fields)), setOctets(256, hex(data)));
  const plain = createFlowDecoder({}, { reader });
  plain.decode(message);
  const whole = lines.splice(0);
  const splitting = createFlowDecoder({}, { reader: createBiflowSplitter(reader) });
  splitting.decode(message);
  expect(splitting.stats.records).toBe(plain.stats.records);
  const body = ({ exportTime, observationDomainId, templateId, ...rest }: Record<string, unknown>) => {
    expect([exportTime, observationDomainId, templateId]).toEqual([1700000000000, 1, 256]);
    return rest;
  };
  return { whole: whole.map(body), flows: lines.map(body) };
}

const biflow: Fields = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [1, 4],
  [1, 4, 29305],
  [152, 8],
];
const times = '0000018bcfe56800';
const flowStartMilliseconds = '2023-11-14T22:13:20.000Z';

describe('biflows', () => {
  it('have reverse fields, or are two flows', () => {
    const { whole, flows } = read(biflow, `c0000201 c6336402 c001 0050 06 00000064 000003e8 ${times}`);
    expect(whole).toEqual([
      {
        sourceIPv4Address: '192.0.2.1',
        destinationIPv4Address: '198.51.100.2',
        sourceTransportPort: 49153,
        destinationTransportPort: 80,
        protocolIdentifier: 6,
        octetDeltaCount: 100,
        reverseOctetDeltaCount: 1000,
        flowStartMilliseconds,
      },
    ]);
    expect(flows).toEqual([
      {
        sourceIPv4Address: '192.0.2.1',
        destinationIPv4Address: '198.51.100.2',
        sourceTransportPort: 49153,
        destinationTransportPort: 80,
        protocolIdentifier: 6,
        octetDeltaCount: 100,
        flowStartMilliseconds,
      },
      {
        sourceIPv4Address: '198.51.100.2',
        destinationIPv4Address: '192.0.2.1',
        sourceTransportPort: 80,
        destinationTransportPort: 49153,
        protocolIdentifier: 6,
        octetDeltaCount: 1000,
        flowStartMilliseconds,
      },
    ]);
  });

  it('without a packet in reverse are one flow', () => {
    const one = `c0000201 c6336402 c001 0050 06 00000064 00000000 ${times}`;
    const two = `c0000201 c6336402 c002 0050 06 00000064 00000001 ${times}`;
    expect(read(biflow, one + two + one).flows.map(({ sourceTransportPort }) => sourceTransportPort)).toEqual(
      [49153, 49154, 80, 49153],
    );
  });

  it('leave counters of the forward direction out of the reverse one, and keep what both share', () => {
    const fields: Fields = [
      [2, 4],
      [82, 65535],
      [6, 1, 29305],
      [6, 1],
    ];
    expect(read(fields, '00000007 03 657468 12 02').flows).toEqual([
      { packetDeltaCount: 7, interfaceName: 'eth', tcpControlBits: 2 },
      { interfaceName: 'eth', tcpControlBits: 0x12 },
    ]);
  });

  it('know the reverse elements of CERT', () => {
    const fields: Fields = [
      [14, 1, 6871],
      [14 | 0x4000, 1, 6871],
    ];
    expect(read(fields, '02 12').flows).toEqual([{ initialTCPFlags: 2 }, { initialTCPFlags: 0x12 }]);
  });

  it('are left to the reader where a template has one direction', () => {
    expect(read([[7, 2]], '0050').flows).toEqual([{ sourceTransportPort: 80 }]);
  });

  it('are split for object readers, and for readers that want one direction or none', () => {
    const records: object[] = [];
    const fields = [
      { name: 'port', elements: [{ pen: 0, id: 11 }], as: 'native' },
      { name: 'reverse', elements: [{ pen: 29305, id: 1 }], as: 'native' },
      { name: 'octets', elements: [{ pen: 0, id: 1 }], as: 'scaled' },
    ] as const;
    const reader = createObjectReader({ fields }, { onRecord: (record) => records.push(record) });
    const message = messageOctets(
      {},
      setOctets(2, templateOctets(256, biflow)),
      setOctets(256, hex(`c0000201 c6336402 c001 0050 06 00000064 000003e8 ${times}`)),
    );
    createFlowDecoder({}, { reader: createBiflowSplitter(reader) }).decode(message);
    expect(records).toEqual([
      { port: 80, reverse: null, octets: 100 },
      { port: 49153, reverse: null, octets: 1000 },
    ]);
    const none = createFlowDecoder({}, { reader: createBiflowSplitter({ compile: () => undefined }) });
    none.decode(message);
    expect(none.stats.records).toBe(1);
  });
});
