import { describe, expect, it } from 'vitest';
import { createFlowDecoder, createLineReader, type DecodeIssue } from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';
import { uint16, uint32, v9Octets, v9OptionsTemplate, v9Template } from './netflow-octets.ts';

/**
 * What exporters do that the standards do not say, or that they say in a corner. The table in
 * docs/reference/netflow-ipfix.md has a line for each.
 */

type Fields = readonly (readonly [type: number, length: number])[];

function setUp(extras = {}) {
  const records: Record<string, unknown>[] = [];
  const issues: DecodeIssue[] = [];
  const reader = createLineReader(
    { style: 'flowpact', extras },
    {
      onLine(line) {
        const { exportTime, observationDomainId, templateId, ...fields } = JSON.parse(line);
        records.push(fields);
      },
    },
  );
  const decoder = createFlowDecoder({}, { reader, onIssue: (issue) => issues.push(issue) });
  return { decoder, records, issues, codes: () => issues.map(({ code }) => code) };
}

/** One record of v9 as a line tells it. */
function v9Record(fields: Fields, octets: string) {
  const { decoder, records, codes } = setUp();
  decoder.decode(v9Octets({}, setOctets(0, v9Template(256, fields)), setOctets(256, hex(octets))));
  expect(codes()).toEqual([]);
  expect(records.length).toBe(1);
  return records[0];
}

const portsTemplate = v9Template(256, [
  [7, 2],
  [11, 2],
]);
const ports = setOctets(256, hex('0050 01bb'));

describe('NetFlow v9 flowsets', () => {
  it('may have several templates, each of them repeated, and padding behind them', () => {
    const { decoder, records, codes } = setUp();
    const icmp = v9Template(257, [[32, 2]]);
    decoder.decode(v9Octets({}, setOctets(0, [...portsTemplate, ...icmp, ...portsTemplate, 0, 0])));
    decoder.decode(v9Octets({ sequenceNumber: 1 }, ports, setOctets(257, hex('0800 0000')), ports));
    // A record of two octets and two of padding look like two records: the standard cannot tell them apart either.
    expect(records.length).toBe(4);
    expect(codes()).toEqual([]);
  });

  it.each([0, 1, 999])('are read whatever the count in the header says: %i', (count) => {
    const { decoder, records, codes } = setUp();
    const octets = v9Octets({}, setOctets(0, portsTemplate), ports);
    octets.set(uint16(count), 2);
    decoder.decode(octets);
    expect(records.length).toBe(1);
    expect(codes()).toEqual([]);
  });

  it('need not end at multiples of four octets', () => {
    const { decoder, records, codes } = setUp();
    const template = v9Template(256, [
      [4, 1],
      [7, 2],
    ]);
    decoder.decode(
      v9Octets({}, setOctets(0, template), setOctets(256, hex('06 0050')), setOctets(256, hex('11 0035'))),
    );
    expect(records).toEqual([
      { protocolIdentifier: 6, sourceTransportPort: 80 },
      { protocolIdentifier: 17, sourceTransportPort: 53 },
    ]);
    expect(codes()).toEqual([]);
  });

  it('may change a template between data of it', () => {
    const { decoder, records } = setUp();
    const swapped = v9Template(256, [
      [11, 2],
      [7, 2],
    ]);
    decoder.decode(v9Octets({}, setOctets(0, portsTemplate), ports, setOctets(0, swapped), ports));
    expect(records).toEqual([
      { sourceTransportPort: 80, destinationTransportPort: 443 },
      { destinationTransportPort: 80, sourceTransportPort: 443 },
    ]);
  });

  it('may announce templates alone, again and again', () => {
    const { decoder, records, codes } = setUp();
    for (let i = 0; i < 3; i++) decoder.decode(v9Octets({ sequenceNumber: i }, setOctets(0, portsTemplate)));
    decoder.decode(v9Octets({ sequenceNumber: 3 }, ports));
    expect(records.length).toBe(1);
    expect(decoder.stats).toMatchObject({ templates: 3, sequenceGaps: 0 });
    expect(codes()).toEqual([]);
  });

  it.each<[string, Fields, string, object]>([
    ['nothing', [], '', {}],
    [
      'a line card and a cache',
      [
        [3, 4],
        [4, 2],
      ],
      '00000003 0004',
      { lineCardId: 3, meteringProcessId: 4 },
    ],
    ['an interface of two octets', [[2, 2]], '0007', { ingressInterface: 7 }],
  ])('may have options about %s', (_what, scopeFields, scopeOctets, scope) => {
    const { decoder, records, codes } = setUp();
    const template = setOctets(1, v9OptionsTemplate(300, scopeFields, [[34, 4]]));
    decoder.decode(v9Octets({}, template, setOctets(300, hex(`${scopeOctets} 00000064`))));
    expect(records).toEqual([{ ...scope, samplingInterval: 100 }]);
    expect(decoder.stats.optionsRecords).toBe(1);
    expect(codes()).toEqual([]);
  });
});

describe('fields of NetFlow v9', () => {
  it('of ASA tell events, translated addresses and both directions', () => {
    const fields: Fields = [
      [148, 4],
      [8, 4],
      [7, 2],
      [40001, 4],
      [40003, 2],
      [176, 1],
      [177, 1],
      [40005, 1],
      [33002, 2],
      [323, 8],
      [231, 4],
      [232, 4],
      [33000, 12],
      [40000, 20],
    ];
    const record = v9Record(
      fields,
      '00000001 c0000201 c350 cb007101 d431 08 00 02 07e9 0000018bcfe56800 00000064 000003e8' +
        '0102030405060708090a0b0c 6a6f65 0000000000000000000000000000000000',
    );
    expect(record).toEqual({
      flowId: 1,
      sourceIPv4Address: '192.0.2.1',
      sourceTransportPort: 50000,
      postNATSourceIPv4Address: '203.0.113.1',
      postNAPTSourceTransportPort: 54321,
      icmpTypeIPv4: 8,
      icmpCodeIPv4: 0,
      firewallEvent: 2,
      firewallEventExtended: 2025,
      observationTimeMilliseconds: '2023-11-14T22:13:20.000Z',
      initiatorOctets: 100,
      responderOctets: 1000,
      ingressAclId: '0102030405060708090a0b0c',
      userName: 'joe',
    });
  });

  it('of NBAR name applications through options', () => {
    const { decoder, records, codes } = setUp({ names: true });
    const names = v9OptionsTemplate(
      260,
      [[1, 4]],
      [
        [95, 4],
        [96, 12],
        [94, 8],
      ],
    );
    const named = `00000001 0d0001c5 ${Buffer.from('cisco-jabber').toString('hex')} ${'00'.repeat(8)}`;
    const flows = v9Template(262, [
      [8, 4],
      [95, 4],
    ]);
    decoder.decode(
      v9Octets(
        {},
        setOctets(1, names),
        setOctets(260, hex(named)),
        setOctets(0, flows),
        setOctets(262, hex('c0000201 0d0001c5')),
      ),
    );
    expect(records.at(-1)).toMatchObject({ applicationId: '0d0001c5', applicationName: 'cisco-jabber' });
    expect(codes()).toEqual([]);
  });

  it('of carrier-grade NAT tell both protocols', () => {
    expect(
      v9Record(
        [
          [230, 1],
          [27, 16],
          [225, 4],
          [227, 2],
          [228, 2],
          [361, 2],
          [362, 2],
        ],
        '01 20010db8000000000000000000000001 cb007101 1000 1fff 1000 1fff',
      ),
    ).toEqual({
      natEvent: 1,
      sourceIPv6Address: '2001:db8::1',
      postNATSourceIPv4Address: '203.0.113.1',
      postNAPTSourceTransportPort: 4096,
      postNAPTDestinationTransportPort: 8191,
      portRangeStart: 4096,
      portRangeEnd: 8191,
    });
  });

  it('of switches tell VLANs, MAC addresses and MPLS labels', () => {
    expect(
      v9Record(
        [
          [58, 2],
          [59, 2],
          [56, 6],
          [80, 6],
          [57, 6],
          [70, 3],
          [71, 3],
          [243, 2],
          [256, 2],
        ],
        '0064 00c8 00005e005301 00005e005302 00005e005303 186a01 000101 0064 0800',
      ),
    ).toEqual({
      vlanId: 100,
      postVlanId: 200,
      sourceMacAddress: '00:00:5e:00:53:01',
      destinationMacAddress: '00:00:5e:00:53:02',
      postDestinationMacAddress: '00:00:5e:00:53:03',
      mplsTopLabelStackSection: '186a01',
      mplsLabelStackSection2: '000101',
      dot1qVlanId: 100,
      ethernetType: 2048,
    });
  });

  it.each([
    [1, '07', 7],
    [2, '0102', 258],
    [3, '010203', 66051],
    [4, 'ffffffff', 4294967295],
    [5, '0100000000', 4294967296],
    [6, '010000000000', 1099511627776],
    [8, '001fffffffffffff', 9007199254740991],
  ])('are integers of %i octets', (length, octets, value) => {
    expect(v9Record([[1, length]], octets)).toEqual({ octetDeltaCount: value });
  });

  it('are exact above 2^53', () => {
    const lines: string[] = [];
    const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(line) });
    const template = setOctets(0, v9Template(256, [[1, 8]]));
    createFlowDecoder({}, { reader }).decode(v9Octets({}, template, setOctets(256, hex('ffffffffffffffff'))));
    expect(lines[0]).toContain('"octetDeltaCount":"18446744073709551615"');
  });

  it.each([
    ['an IPv4 address of 16 octets', 8, 16, { sourceIPv4Address: 'c0000201000000000000000000000000' }],
    ['a MAC address of 8', 56, 8, { sourceMacAddress: 'c000020100000000' }],
    ['a counter of 16', 1, 16, { octetDeltaCount: 'c0000201000000000000000000000000' }],
    ['an unknown type', 3000, 4, { e0id3000: 'c0000201' }],
  ])('whose length their type cannot have are octets: %s', (_what, type, length, expected) => {
    expect(v9Record([[type, length]], 'c0000201'.padEnd(2 * length, '0'))).toEqual(expected);
  });

  it('may be given twice', () => {
    expect(
      v9Record(
        [
          [1, 4],
          [7, 2],
          [1, 4],
        ],
        '00000001 0050 00000002',
      ),
    ).toEqual({ sourceTransportPort: 80, octetDeltaCount: [1, 2] });
  });

  it('show IPv4 in IPv6 as such', () => {
    expect(v9Record([[27, 16]], '00000000000000000000ffffc0000201')).toEqual({
      sourceIPv6Address: '::ffff:192.0.2.1',
    });
  });

  it('tell times of uptimes that have wrapped', () => {
    const { decoder, records } = setUp();
    const template = v9Template(256, [
      [22, 4],
      [21, 4],
    ]);
    // Half a second after the wrap: the flow began a second before it.
    const data = [...uint32(2 ** 32 - 1000), ...uint32(250)];
    decoder.decode(v9Octets({ sysUpTimeMs: 500 }, setOctets(0, template), setOctets(256, data)));
    expect(records[0]).toMatchObject({
      flowStartMilliseconds: '2023-11-14T22:13:18.500Z',
      flowEndMilliseconds: '2023-11-14T22:13:19.750Z',
    });
  });
});

describe('sampling', () => {
  const rateOf = (optionFields: Fields, optionOctets: string, flowFields: Fields, flowOctets: string) => {
    const { decoder, records } = setUp({ sampling: true });
    const options = v9OptionsTemplate(300, [[1, 4]], optionFields);
    decoder.decode(
      v9Octets(
        {},
        setOctets(1, options),
        setOctets(300, hex(`00000001 ${optionOctets}`)),
        setOctets(0, v9Template(256, flowFields)),
        setOctets(256, hex(flowOctets)),
      ),
    );
    return records.at(-1)?.samplingRate;
  };
  const bytes: Fields = [[1, 4]];

  it.each<[string, Fields, string, Fields, string, number]>([
    [
      'Juniper, Huawei: an interval for all',
      [
        [34, 4],
        [35, 1],
      ],
      '000003e8 02',
      bytes,
      '00000064',
      1000,
    ],
    [
      'Cisco IOS: samplers by id',
      [
        [48, 1],
        [49, 1],
        [50, 4],
      ],
      '02 02 00000100',
      [...bytes, [48, 1]],
      '00000064 02',
      256,
    ],
    [
      'Cisco IOS XR: and by name',
      [
        [48, 2],
        [84, 8],
        [49, 1],
        [50, 4],
      ],
      '0002 7300000000000000 02 000007d0',
      [[48, 2], ...bytes],
      '0002 00000064',
      2000,
    ],
    ['an interval of two octets', [[34, 2]], '0064', bytes, '00000064', 100],
    ['none told', [[41, 8]], '0000000000000001', bytes, '00000064', 1],
  ])('is learned of %s', (_what, optionFields, optionOctets, flowFields, flowOctets, rate) => {
    expect(rateOf(optionFields, optionOctets, flowFields, flowOctets)).toBe(rate);
  });
});

describe('IPFIX', () => {
  const template = (id: number, fields: readonly (readonly [number, number, number?])[], scope?: number) =>
    setOctets(scope === undefined ? 2 : 3, templateOctets(id, fields, scope));

  it('may have options about nothing, which the standard forbids', () => {
    const { decoder, records, codes } = setUp();
    decoder.decode(messageOctets({}, template(256, [[34, 4]], 0), setOctets(256, hex('00000064'))));
    expect(records).toEqual([{ samplingInterval: 100 }]);
    expect(decoder.stats.optionsRecords).toBe(1);
    expect(codes()).toEqual([]);
  });

  it.each([
    ['Palo Alto', 25461, 1],
    ['nProbe', 35632, 57],
    ['Ixia', 3054, 110],
    ['Barracuda', 10704, 4],
    ['Procera', 15397, 3],
    ['Meraki', 29671, 2],
  ])('fields of %s that are in no list come as octets', (_vendor, pen, id) => {
    const { decoder, records, codes } = setUp();
    decoder.decode(
      messageOctets(
        {},
        template(256, [
          [id, 65535, pen],
          [7, 2],
          [id, 2, pen],
        ]),
        setOctets(256, hex('03 616263 0050 0102')),
      ),
    );
    expect(records).toEqual([{ sourceTransportPort: 80, [`e${pen}id${id}`]: ['616263', '0102'] }]);
    expect(codes()).toEqual([]);
  });

  it('takes the latest of templates with one id, in one set as well', () => {
    const { decoder, records } = setUp();
    const both = [...templateOctets(256, [[7, 2]]), ...templateOctets(256, [[11, 2]])];
    decoder.decode(messageOctets({}, setOctets(2, both), setOctets(256, hex('0050'))));
    expect(records).toEqual([{ destinationTransportPort: 80 }]);
  });

  it('has one space of ids for templates of both kinds', () => {
    const { decoder, records } = setUp();
    decoder.decode(
      messageOctets(
        {},
        template(256, [[7, 2]]),
        template(256, [[34, 4]], 1),
        setOctets(256, hex('00000064')),
      ),
    );
    expect(records).toEqual([{ samplingInterval: 100 }]);
    expect(decoder.templates()).toMatchObject([{ kind: 'options' }]);
  });

  it.each([1, 2, 3])('may have %i octets of padding behind records that are longer', (padding) => {
    const { decoder, records, codes } = setUp();
    const set = setOctets(256, [...hex('c0000201'), ...new Array(padding).fill(0)]);
    decoder.decode(messageOctets({}, template(256, [[8, 4]]), set, setOctets(256, hex('c0000202'))));
    expect(records.length).toBe(2);
    expect(codes()).toEqual([]);
  });

  it('counts options records in its sequence numbers, and nothing for templates', () => {
    const { decoder, codes } = setUp();
    const options = template(257, [[34, 4]], 1);
    decoder.decode(
      messageOctets(
        { sequenceNumber: 0 },
        template(256, [[7, 2]]),
        options,
        setOctets(257, hex('00000064')),
        setOctets(256, hex('0050 0051')),
      ),
    );
    decoder.decode(messageOctets({ sequenceNumber: 3 }, template(256, [[7, 2]])));
    decoder.decode(messageOctets({ sequenceNumber: 3 }, setOctets(256, hex('0050'))));
    expect(codes()).toEqual([]);
  });
});
