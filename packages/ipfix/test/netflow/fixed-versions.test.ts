import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createLineReader,
  createObjectReader,
  type DecodeIssue,
  timeNow,
} from '../../src/index.ts';
import { fixedBeginning, fixedOctets } from './netflow-octets.ts';

function setUp() {
  const records: Record<string, unknown>[] = [];
  const issues: DecodeIssue[] = [];
  const reader = createLineReader(
    { style: 'flowpact' },
    { onLine: (line) => records.push(JSON.parse(line)) },
  );
  const decoder = createFlowDecoder({}, { reader, onIssue: (issue) => issues.push(issue) });
  return { decoder, records, issues };
}

const v5Record = (upTimeMs: number) => [
  ...fixedBeginning(upTimeMs),
  ...[0, 0x1b, 6, 0x20, 0xfd, 0xe8, 0x3b, 0x41, 24, 16, 0, 0],
];

/** What lines say of `fixedBeginning`. */
const flow = {
  sourceIPv4Address: '192.0.2.1',
  destinationIPv4Address: '198.51.100.2',
  ipNextHopIPv4Address: '203.0.113.3',
  ingressInterface: 4,
  egressInterface: 5,
  packetDeltaCount: 6,
  octetDeltaCount: 700,
  flowStartSysUpTime: 997_000,
  flowEndSysUpTime: 999_000,
  sourceTransportPort: 8080,
  destinationTransportPort: 90,
  flowStartMilliseconds: '2023-11-14T22:13:17.250Z',
  flowEndMilliseconds: '2023-11-14T22:13:19.250Z',
};

describe('NetFlow v5', () => {
  it('reads records, and what the header says of them', () => {
    const { decoder, records, issues } = setUp();
    decoder.decode(fixedOctets(5, { count: 1, last: [2, 7, 0x40, 100] }, v5Record(1_000_000)));
    expect(records).toEqual([
      {
        exportTime: 1_700_000_000_000,
        observationDomainId: 0x207,
        templateId: 5,
        ...flow,
        paddingOctets: ['00', '0000'],
        tcpControlBits: 0x1b,
        protocolIdentifier: 6,
        ipClassOfService: 0x20,
        bgpSourceAsNumber: 65000,
        bgpDestinationAsNumber: 15169,
        sourceIPv4PrefixLength: 24,
        destinationIPv4PrefixLength: 16,
        samplingInterval: 100,
        samplingAlgorithm: 1,
        engineType: 2,
        engineId: 7,
      },
    ]);
    expect(issues).toEqual([]);
  });

  it('tells times where the uptime has wrapped since the flow, and where it has not yet', () => {
    for (const sysUpTimeMs of [0, 500, 2000, 0xffffffff]) {
      const { decoder, records } = setUp();
      decoder.decode(fixedOctets(5, { count: 1, sysUpTimeMs }, v5Record(sysUpTimeMs)));
      expect(records[0]).toMatchObject({
        flowStartMilliseconds: '2023-11-14T22:13:17.250Z',
        flowEndMilliseconds: '2023-11-14T22:13:19.250Z',
      });
    }
  });

  it('gives times computed to object readers, in all forms and shifted', () => {
    const records: object[] = [];
    const fields = [
      { name: 'end', elements: [{ pen: 0, id: 153 }], as: 'native' },
      { name: 'endNumber', elements: [{ pen: 0, id: 153 }], as: 'number' },
      { name: 'endText', elements: [{ pen: 0, id: 153 }], as: 'text' },
      { name: 'interval', elements: [{ pen: 0, id: 34 }], as: 'number' },
    ] as const;
    const onRecord = (record: object) => records.push(record);
    const message = fixedOctets(5, { count: 1, last: [0, 0, 3, 0xe8] }, v5Record(1_000_000));
    createFlowDecoder({}, { reader: createObjectReader({ fields }, { onRecord }) }).decode(message);
    const timeShiftMs = timeNow(() => 1_700_000_060_000);
    createFlowDecoder({}, { reader: createObjectReader({ fields, timeShiftMs }, { onRecord }) }).decode(
      message,
    );
    const end = 1_699_999_999_250;
    expect(records).toEqual([
      { end, endNumber: end, endText: String(end), interval: 1000 },
      { end: end + 60_000, endNumber: end + 60_000, endText: String(end + 60_000), interval: 1000 },
    ]);
  });

  it('prints times instead of uptimes as IPFIXcol does', () => {
    const lines: string[] = [];
    const reader = createLineReader({ style: 'ipfixcol' }, { onLine: (line) => lines.push(line) });
    createFlowDecoder({}, { reader }).decode(fixedOctets(5, { count: 1 }, v5Record(1_000_000)));
    expect(lines[0]).toContain('"ipfix.flowStartMilliseconds": 1699999997250');
    expect(lines[0]).not.toContain('SysUpTime');
  });

  it.each([
    [1, 2, 1],
    [3, 2, 2],
    [2, 2, 2],
    [0, 1, 0],
  ])('says %i records where %i are: reads %i', (count, there, read) => {
    const { decoder, records, issues } = setUp();
    decoder.decode(fixedOctets(5, { count }, ...Array.from({ length: there }, () => v5Record(1_000_000))));
    expect(records.length).toBe(read);
    expect(issues.map(({ code }) => code)).toEqual(count === there ? [] : ['IPFIX_MESSAGE_LENGTH']);
  });

  it('counts flows that the sequence numbers miss, by engine', () => {
    const { decoder } = setUp();
    const send = (flowSequence: number, engineId: number) =>
      decoder.decode(
        fixedOctets(5, { count: 1, flowSequence, last: [0, engineId, 0, 0] }, v5Record(1_000_000)),
      );
    send(10, 1);
    send(500, 2);
    send(11, 1);
    send(15, 1);
    send(501, 2);
    expect(decoder.stats).toMatchObject({ sequenceGaps: 1, lostRecords: 3 });
    expect([...decoder.stats.domains.values()].map(({ lostRecords }) => lostRecords)).toEqual([3, 0]);
  });

  it('skips a header that is cut off', () => {
    const { decoder, issues } = setUp();
    decoder.decode(fixedOctets(5, { count: 0 }).subarray(0, 23));
    expect(issues.map(({ code }) => code)).toEqual(['IPFIX_MESSAGE_TOO_SHORT']);
  });
});

describe('NetFlow v1 and v7', () => {
  it('reads records of v1, whose protocol and flags stand elsewhere', () => {
    const { decoder, records, issues } = setUp();
    // Cisco's have 48 octets; Extreme Networks' and others 52. One stream has only one of them.
    for (const unused of [7, 11, 7]) {
      const record = [...fixedBeginning(1_000_000), 0, 0, 17, 0x20, 0x1b, ...new Array(unused).fill(0)];
      decoder.decode(fixedOctets(1, { count: 2 }, record, record));
    }
    expect(records.length).toBe(6);
    for (const record of records) {
      expect(record).toMatchObject({
        ...flow,
        templateId: 1,
        protocolIdentifier: 17,
        ipClassOfService: 0x20,
        tcpControlBits: 0x1b,
      });
    }
    expect(issues).toEqual([]);
  });

  it('reads records of v7 and the router that was bypassed', () => {
    const { decoder, records, issues } = setUp();
    const record = [...v5Record(1_000_000), 192, 0, 2, 254];
    decoder.decode(fixedOctets(7, { count: 1 }, record));
    expect(records[0]).toMatchObject({
      ...flow,
      templateId: 7,
      bgpSourceAsNumber: 65000,
      exporterIPv4Address: '192.0.2.254',
    });
    expect(records[0]).not.toHaveProperty('samplingInterval');
    expect(issues).toEqual([]);
  });
});
