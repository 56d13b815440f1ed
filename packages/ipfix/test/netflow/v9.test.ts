import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createLineReader,
  type DecodeIssue,
  type DecoderLimits,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';
import { v9Octets, v9OptionsTemplate, v9Template } from './netflow-octets.ts';

function setUp(limits: Partial<DecoderLimits> = {}) {
  const records: Record<string, unknown>[] = [];
  const issues: DecodeIssue[] = [];
  const reader = createLineReader(
    { style: 'flowpact' },
    { onLine: (line) => records.push(JSON.parse(line)) },
  );
  const decoder = createFlowDecoder({ limits }, { reader, onIssue: (issue) => issues.push(issue) });
  return { decoder, records, issues, codes: () => issues.map(({ code }) => code) };
}

const ports = setOctets(
  0,
  v9Template(256, [
    [7, 2],
    [11, 2],
  ]),
);
const head = { exportTime: 1_700_000_000_000, observationDomainId: 1 };

describe('NetFlow v9', () => {
  it('reads records by their template, padding behind them, and times through the uptime', () => {
    const { decoder, records, codes } = setUp();
    const template = setOctets(
      0,
      v9Template(256, [
        [22, 4],
        [21, 4],
        [7, 2],
      ]),
    );
    const data = setOctets(256, hex('000f3e58 000f4240 0050 0000'));
    decoder.decode(v9Octets({ sysUpTimeMs: 1_000_000 }, template, data));
    expect(records).toEqual([
      {
        ...head,
        templateId: 256,
        flowStartSysUpTime: 999_000,
        flowEndSysUpTime: 1_000_000,
        sourceTransportPort: 80,
        flowStartMilliseconds: '2023-11-14T22:13:19.000Z',
        flowEndMilliseconds: '2023-11-14T22:13:20.000Z',
      },
    ]);
    expect(codes()).toEqual([]);
  });

  it('reads options with scope fields', () => {
    const { decoder, records, codes } = setUp();
    const template = setOctets(1, [
      ...v9OptionsTemplate(
        257,
        [[2, 4]],
        [
          [34, 4],
          [35, 1],
        ],
      ),
      0,
      0,
    ]);
    decoder.decode(v9Octets({}, template, setOctets(257, hex('00000003 000003e8 02 000000'))));
    expect(decoder.templates()).toMatchObject([{ kind: 'options', version: 9, scopeFieldCount: 1 }]);
    expect(decoder.stats).toMatchObject({ records: 0, optionsRecords: 1 });
    expect(records).toEqual([
      { ...head, templateId: 257, ingressInterface: 3, samplingInterval: 1000, samplingAlgorithm: 2 },
    ]);
    expect(codes()).toEqual([]);
  });

  it('reads options whose scope has no octets, as Juniper sends it', () => {
    const { decoder, records } = setUp();
    const template = setOctets(1, v9OptionsTemplate(257, [[1, 0]], [[34, 4]]));
    decoder.decode(v9Octets({}, template, setOctets(257, hex('000003e8'))));
    expect(records).toEqual([{ ...head, templateId: 257, samplingInterval: 1000 }]);
  });

  it('reads variable lengths, which only H3C sends', () => {
    const { decoder, records } = setUp();
    const template = setOctets(
      0,
      v9Template(256, [
        [82, 65535],
        [7, 2],
      ]),
    );
    decoder.decode(v9Octets({}, template, setOctets(256, hex('03 657468 0050 ff0001 41 0051'))));
    expect(records).toMatchObject([
      { interfaceName: 'eth', sourceTransportPort: 80 },
      { interfaceName: 'A', sourceTransportPort: 81 },
    ]);
  });

  it('names types of 32768 and above, and those that ASA used before IANA had them', () => {
    const { decoder, records } = setUp();
    const template = setOctets(
      0,
      v9Template(256, [
        [40001, 4],
        [40000, 4],
        [56701, 4],
        [57590, 2],
        [65000, 1],
        [6660, 4],
      ]),
    );
    decoder.decode(
      v9Octets({}, template, setOctets(256, hex('c0000201 6a6f6500 64 6e73 00 0052 01 00000007'))),
    );
    expect(records).toEqual([
      {
        ...head,
        templateId: 256,
        postNATSourceIPv4Address: '192.0.2.1',
        userName: 'joe',
        paloAltoAppId: 'dns',
        ntopL7Protocol: 82,
        e4294967295id32232: '01',
        EkinopsTcpConnectionSetupTime: 7,
      },
    ]);
  });

  it('takes zeros behind the last flowset for padding, but no other octets', () => {
    const { decoder, records, codes } = setUp();
    const data = setOctets(256, hex('0050 0051'));
    decoder.decode(v9Octets({}, ports, data, new Array(64).fill(0)));
    expect(records.length).toBe(1);
    expect(codes()).toEqual([]);
    decoder.decode(v9Octets({ sequenceNumber: 1 }, data, [0, 0, 0, 0, 1]));
    expect(records.length).toBe(2);
    expect(codes()).toEqual(['IPFIX_SET_LENGTH']);
  });

  it.each([
    [0, '0100 0000', 'a template without fields'],
    [0, '00ff 0001 0004 0001', 'template id 255 is below 256'],
    [0, '0100 0003 0004 0001', 'the set ends within field 2 of 3'],
    [1, '0101 0004', 'the set ends before the length of the options'],
    [1, '0101 0003 0004 0001 0004', '3 and 4 octets are not whole field specifiers'],
    [1, '0101 0000 0000', 'a template without fields'],
    [1, '0101 0004 0008 0001 0004 0022 0004', 'the set ends within field 3 of 3'],
  ])('finds the fault in flowset %i of %s', (id, octets, reason) => {
    const { decoder, issues } = setUp();
    decoder.decode(v9Octets({}, setOctets(id, hex(octets))));
    expect(issues).toMatchObject([{ code: 'IPFIX_TEMPLATE_MALFORMED' }]);
    expect(issues[0].message).toContain(reason);
    expect(decoder.templates()).toEqual([]);
  });

  it('skips reserved flowsets', () => {
    const { decoder, codes } = setUp();
    decoder.decode(v9Octets({}, setOctets(2, [1, 2, 3, 4]), setOctets(255, [])));
    expect(codes()).toEqual(['IPFIX_SET_RESERVED', 'IPFIX_SET_RESERVED']);
  });

  it('counts lost messages, and estimates the records in them', () => {
    const { decoder, issues } = setUp();
    const send = (sequenceNumber: number) =>
      decoder.decode(v9Octets({ sequenceNumber }, ports, setOctets(256, hex('0001 0002 0003 0004'))));
    send(7);
    send(8);
    send(12);
    expect(issues[0].message).toBe('3 messages lost: sequence number 12 instead of 9');
    const [domain] = decoder.stats.domains.values();
    expect(domain).toMatchObject({ version: 9, messages: 3, records: 6, lostMessages: 3, lostRecords: 6 });
    expect(decoder.stats.lostRecords).toBe(6);
    send(10);
    expect(domain).toMatchObject({ lostMessages: 2, lostRecords: 4, lateMessages: 1 });
    expect(decoder.stats.lostRecords).toBe(4);
  });

  it('keeps its templates apart from those of IPFIX and of other source ids', () => {
    const { decoder, records, codes } = setUp();
    decoder.decode(v9Octets({ sourceId: 1 }, ports));
    decoder.decode(messageOctets({ observationDomainId: 1 }, setOctets(2, templateOctets(256, [[4, 1]]))));
    decoder.decode(v9Octets({ sourceId: 1, sequenceNumber: 1 }, setOctets(256, hex('0050 0051'))));
    decoder.decode(messageOctets({ observationDomainId: 1 }, setOctets(256, hex('06'))));
    decoder.decode(v9Octets({ sourceId: 2 }, setOctets(256, hex('0050 0051'))));
    expect(records).toMatchObject([{ sourceTransportPort: 80 }, { protocolIdentifier: 6 }]);
    expect(codes()).toEqual(['IPFIX_TEMPLATE_MISSING']);
    expect([...decoder.stats.domains.keys()]).toEqual([9 * 2 ** 32 + 1, 1, 9 * 2 ** 32 + 2]);
  });
});

describe('uptimes in IPFIX', () => {
  it('are times where the record tells when the exporter started', () => {
    const { decoder, records } = setUp();
    const template = setOctets(
      2,
      templateOctets(256, [
        [82, 65535],
        [22, 4],
        [160, 8],
      ]),
    );
    const started = (1_700_000_000_000 - 5000).toString(16).padStart(16, '0');
    decoder.decode(messageOctets({}, template, setOctets(256, hex(`02 6162 000003e8 ${started}`))));
    expect(records[0]).toMatchObject({ flowStartMilliseconds: '2023-11-14T22:13:16.000Z' });
  });

  it('are times from when options data have told it, whenever they do', () => {
    const { decoder, records, codes } = setUp();
    const template = setOctets(
      2,
      templateOctets(256, [
        [22, 4],
        [21, 4],
      ]),
    );
    const data = setOctets(256, hex('000003e8 000007d0'));
    // softflowd: the metering process started 5 s before the export.
    const options = setOctets(3, hex('0101 0002 0001 008f 0004 00a0 0008'));
    const started = setOctets(
      257,
      hex(`00000001 ${(1_700_000_000_000 - 5000).toString(16).padStart(16, '0')}`),
    );
    decoder.decode(messageOctets({}, template, data, options, started, data));
    decoder.decode(messageOctets({ sequenceNumber: 3 }, setOctets(2, templateOctets(258, [[21, 4]]))));
    decoder.decode(messageOctets({ sequenceNumber: 3 }, setOctets(258, hex('000003e8'))));
    expect(records[0]).not.toHaveProperty('flowStartMilliseconds');
    expect(records[2]).toMatchObject({
      flowStartMilliseconds: '2023-11-14T22:13:16.000Z',
      flowEndMilliseconds: '2023-11-14T22:13:17.000Z',
    });
    expect(records[3]).toMatchObject({ flowEndMilliseconds: '2023-11-14T22:13:16.000Z' });
    expect(codes()).toEqual([]);
  });

  it('are left as they are where it does not, or has the times as well', () => {
    const { decoder, records } = setUp();
    const alone = setOctets(2, templateOctets(256, [[22, 4]]));
    decoder.decode(messageOctets({}, alone, setOctets(256, hex('000003e8'))));
    expect(records[0]).not.toHaveProperty('flowStartMilliseconds');
    const both = setOctets(
      2,
      templateOctets(257, [
        [22, 4],
        [160, 8],
        [152, 8],
      ]),
    );
    decoder.decode(
      messageOctets({}, both, setOctets(257, hex('000003e8 0000000000000000 0000018bcfe56800'))),
    );
    expect(records[1]).toMatchObject({ flowStartMilliseconds: '2023-11-14T22:13:20.000Z' });
  });
});
