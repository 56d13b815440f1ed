import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createLineReader,
  type IpfixcolLineOptions,
  type LineReaderConfig,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

type Fields = Parameters<typeof templateOctets>[1];

function linesOf(config: LineReaderConfig, fields: Fields, data: string, scopeFieldCount?: number): string[] {
  const lines: string[] = [];
  const decoder = createFlowDecoder(
    {},
    { reader: createLineReader(config, { onLine: (line) => lines.push(line) }) },
  );
  const template = setOctets(
    scopeFieldCount === undefined ? 2 : 3,
    templateOctets(256, fields, scopeFieldCount),
  );
  decoder.decode(messageOctets({ exportTime: 1700000000 }, template, setOctets(256, hex(data))));
  return lines;
}

describe('lines of IPFIXcol', () => {
  const line = (fields: Fields, data: string) => linesOf({ style: 'ipfixcol' }, fields, data)[0];

  it('have the fields in the order of the template', () => {
    expect(
      line(
        [
          [8, 4],
          [6, 1],
          [1, 8],
          [7, 2],
        ],
        'c0000201 1b 0000000000001000 0050',
      ),
    ).toBe(
      '{"@type": "ipfix.entry", "ipfix.sourceIPv4Address": "192.0.2.1", "ipfix.tcpControlBits": ".AP.SF", ' +
        '"ipfix.octetDeltaCount": 4096, "ipfix.sourceTransportPort": 80}',
    );
  });

  it.each<[what: string, field: Fields[number], data: string, text: string]>([
    [
      'strings, escaped, without control characters',
      [2, 11, 39499],
      '22 5c 2f 61 00 09 7f 80 ff 00 00',
      '"\\"\\\\/a\x7f\\u0080\\u00ff"',
    ],
    ['flags of 2 octets', [6, 2], 'ffd2', '".A..S."'],
    ['64-bit integers', [1, 8], 'ffffffffffffffff', '18446744073709551615'],
    ['seconds, in milliseconds', [150, 4], '00000001', '1000'],
    ['milliseconds', [152, 8], '0000018bcfe56801', '1700000000001'],
    ['times that are too large for a number', [152, 8], 'ffffffffffffffff', '18446744073709551615'],
    ['short octetArrays as integers', [90, 8], '0000000000000102', '258'],
    ['long octetArrays in hexadecimal', [70, 65535], '02 0a0b', '"0x0a0b"'],
    ['IPv6', [27, 16], '20010db8000000000000000000000001', '"2001:db8::1"'],
    ['MAC', [56, 6], '00005e005301', '"00:00:5e:00:53:01"'],
  ])('have %s', (_what, field, data, text) => {
    const printed = line([field], data);
    expect(printed.slice(printed.lastIndexOf(': ') + 2, -1)).toBe(text);
    JSON.parse(printed);
  });

  it('leave out elements that IPFIXcol does not know, and fields that do not fit their type', () => {
    expect(
      line(
        [
          [1, 1, 4242],
          [8, 3],
          [7, 0],
          [4, 1],
        ],
        '01 010203 06',
      ),
    ).toBe('{"@type": "ipfix.entry", "ipfix.protocolIdentifier": 6}');
  });

  it('leave out options records', () => {
    expect(linesOf({ style: 'ipfixcol' }, [[4, 1]], '06', 1)).toEqual([]);
  });

  it('move start and end where a record has both', () => {
    const config: LineReaderConfig = { style: 'ipfixcol', timeShiftMs: () => 1000 };
    const time = '0000018bcfe56801';
    expect(
      linesOf(
        config,
        [
          [152, 8],
          [153, 8],
          [150, 4],
        ],
        `${time}${time}00000001`,
      ),
    ).toEqual([
      '{"@type": "ipfix.entry", "ipfix.flowStartMilliseconds": 1700000001001, "ipfix.flowEndMilliseconds": 1700000001001, "ipfix.flowStartSeconds": 1000}',
    ]);
    expect(linesOf(config, [[153, 8]], time)).toEqual([
      '{"@type": "ipfix.entry", "ipfix.flowEndMilliseconds": 1700000000001}',
    ]);
  });
});

describe('options of the lines of IPFIXcol', () => {
  const time: Fields[number] = [152, 8];
  const milliseconds = '0000018bcfe56801';

  it.each<[what: string, options: IpfixcolLineOptions, field: Fields[number], data: string, text: string]>([
    ['flags as numbers', { tcpFlags: 'raw' }, [6, 1], '1b', '27'],
    ['flags of 2 octets as numbers', { tcpFlags: 'raw' }, [6, 2], '0112', '274'],
    ['protocols by name', { protocol: 'formatted' }, [4, 1], '06', '"TCP"'],
    ['protocols without a name by number', { protocol: 'formatted' }, [4, 1], 'fd', '"253"'],
    ['protocols by number', { protocol: 'raw' }, [4, 1], '06', '6'],
    ['times beyond all calendars as null', { timestamp: 'formatted' }, time, 'ffffffffffffffff', 'null'],
    [
      'control characters',
      { nonPrintableChar: true },
      [2, 8, 39499],
      '22 61 00 09 0a 1f 80 00',
      '"\\"a\\u0000\\t\\n\\u001f\\u0080\\u0000"',
    ],
    [
      'short octetArrays in hexadecimal',
      { octetArrayAsUint: false },
      [90, 8],
      '0000000000000102',
      '"0x0000000000000102"',
    ],
  ])('print %s', (_what, ipfixcol, field, data, text) => {
    const [printed] = linesOf({ style: 'ipfixcol', ipfixcol }, [field], data);
    expect(printed.slice(printed.indexOf(': ', 20) + 2, -1)).toBe(text);
    JSON.parse(printed);
  });

  it('print times in local time, which may be shifted', () => {
    const config: LineReaderConfig = { style: 'ipfixcol', ipfixcol: { timestamp: 'formatted' } };
    const fields: Fields = [time, [153, 8], [150, 4]];
    const data = `${milliseconds}${milliseconds}6553f100`;
    const timeOf = (line: string) =>
      Object.values(JSON.parse(line))
        .slice(1)
        .map((text) => Date.parse(String(text)));
    const [printed] = linesOf(config, fields, data);
    // A time without a zone is local to Date.parse too.
    expect(timeOf(printed)).toEqual([1700000000001, 1700000000001, 1700000000000]);
    expect(printed).toMatch(/": "20[0-9-]{8}T[0-9:]{8}\.001", /);
    expect(timeOf(linesOf({ ...config, timeShiftMs: () => 2000 }, fields, data)[0])).toEqual([
      1700000002001, 1700000002001, 1700000000000,
    ]);
  });

  it('print unknown elements and options records on demand, under another prefix', () => {
    const ipfixcol = { ignoreUnknown: false, ignoreOptions: false, prefix: 'flow/' };
    const fields: Fields = [
      [1, 2, 4242],
      [2, 9, 4242],
      [4, 1],
    ];
    const data = '0102 010203040506070809 06';
    const rest =
      '"flow/e4242id1": 258, "flow/e4242id2": "0x010203040506070809", "flow/protocolIdentifier": 6}';
    expect(linesOf({ style: 'ipfixcol', ipfixcol }, fields, data)).toEqual([
      `{"@type": "ipfix.entry", ${rest}`,
    ]);
    expect(linesOf({ style: 'ipfixcol', ipfixcol }, fields, data, 1)).toEqual([
      `{"@type": "ipfix.optionsEntry", ${rest}`,
    ]);
  });

  it('add what is known of record and message', () => {
    const print = (ipfixcol: IpfixcolLineOptions) =>
      JSON.parse(linesOf({ style: 'ipfixcol', ipfixcol }, [[4, 1]], '06')[0]);
    const entry = { '@type': 'ipfix.entry', 'ipfix.protocolIdentifier': 6 };
    expect(print({ odid: true })).toEqual({ ...entry, 'ipfix.odid': 1 });
    expect(print({ metadata: true })['ipfix.metadata']).toMatchObject({ srcAS: '0', profiles: [] });
    const details = {
      'ipfix.exportTime': 1700000000,
      'ipfix.seqNumber': 0,
      'ipfix.odid': 1,
      'ipfix.msgLength': 33,
      'ipfix.templateId': 256,
    };
    expect(print({ detailedInfo: true })).toEqual({ ...entry, ...details });
    expect(print({ detailedInfo: true, exporterAddress: '192.0.2.1' })).toEqual({
      ...entry,
      ...details,
      'ipfix.srcAddr': '192.0.2.1',
    });
  });

  it('tell templates of one layout apart where the id is printed', () => {
    const lines: string[] = [];
    const reader = createLineReader(
      { style: 'ipfixcol', ipfixcol: { detailedInfo: true } },
      { onLine: (text) => lines.push(text) },
    );
    const decoder = createFlowDecoder({}, { reader });
    const templates = [...templateOctets(256, [[4, 1]]), ...templateOctets(257, [[4, 1]])];
    decoder.decode(messageOctets({}, setOctets(2, templates), setOctets(256, [6]), setOctets(257, [6])));
    expect(lines.map((text) => JSON.parse(text)['ipfix.templateId'])).toEqual([256, 257]);
  });

  it('refuse a prefix that could not be printed', () => {
    expect(
      () =>
        createLineReader({ style: 'ipfixcol', ipfixcol: { prefix: 'flüsse.' } }, { onLine: () => undefined })
          .compile,
    ).toThrow(/printable ASCII/);
  });
});

describe('lines of our own', () => {
  const line = (fields: Fields, data: string, scopeFieldCount?: number) =>
    JSON.parse(linesOf({ style: 'flowpact' }, fields, data, scopeFieldCount)[0]) as Record<string, unknown>;
  const head = { exportTime: 1700000000000, observationDomainId: 1, templateId: 256 };

  it('say when, where and by which template', () => {
    expect(
      linesOf(
        { style: 'flowpact' },
        [
          [4, 1],
          [8, 4],
        ],
        '06c0000201',
      ),
    ).toEqual([
      '{"exportTime":1700000000000,"observationDomainId":1,"templateId":256,"protocolIdentifier":6,"sourceIPv4Address":"192.0.2.1"}',
    ]);
  });

  it('have no key twice, whatever elements a template has', () => {
    const fields: Fields = [
      [149, 4],
      [145, 2],
    ];
    expect(linesOf({ style: 'flowpact' }, fields, '00000007 0101')).toEqual([
      '{"exportTime":1700000000000,"observationDomainId":1,"templateId":256,"e0id149":7,"e0id145":257}',
    ]);
    const named: Fields = [
      [95, 4],
      [96, 2],
    ];
    expect(linesOf({ style: 'flowpact', extras: { names: true } }, named, '0d000001 6162')).toEqual([
      '{"exportTime":1700000000000,"observationDomainId":1,"templateId":256,"applicationId":"0d000001","applicationName":"ab","exporterName":null}',
    ]);
  });

  it.each<[what: string, field: Fields[number], data: string, value: unknown]>([
    ['flags as numbers', [6, 1], '1b', 27],
    ['exact integers as numbers', [1, 8], '001fffffffffffff', 9007199254740991],
    ['larger ones as decimal strings', [1, 8], '0020000000000001', '9007199254740993'],
    ['negative integers', [434, 4], 'ffffffff', -1],
    ['floats', [320, 8], '3ff8000000000000', 1.5],
    ['floats that JSON lacks as null', [320, 8], '7ff0000000000000', null],
    ['booleans', [276, 1], '02', false],
    ['booleans that are neither as null', [276, 1], '03', null],
    ['seconds in ISO 8601', [150, 4], '6553f100', '2023-11-14T22:13:20.000Z'],
    ['milliseconds in ISO 8601', [152, 8], '0000018bcfe56807', '2023-11-14T22:13:20.007Z'],
    ['microseconds in ISO 8601', [154, 8], 'e8fe6f8088000000', '2023-11-14T22:13:20.531Z'],
    ['times that no calendar has as null', [152, 8], 'ffffffffffffffff', null],
    ['strings', [82, 65535], '07 22 5c 0a c3a9 00 00', '"\\\né'],
    ['octetArrays in hexadecimal', [313, 3], '0a0b0c', '0a0b0c'],
    ['lists of RFC 6313 in hexadecimal', [291, 65535], '02 0102', '0102'],
    ['what does not fit its type in hexadecimal', [8, 3], '010203', '010203'],
  ])('have %s', (_what, field, data, value) => {
    const printed = line([field], data);
    expect(Object.values(printed)[3]).toEqual(value);
  });

  it('name unknown elements by their number', () => {
    expect(line([[7, 2, 4242]], '0102')).toEqual({ ...head, e4242id7: '0102' });
  });

  it('leave out fields without octets', () => {
    expect(
      line(
        [
          [4, 0],
          [7, 2],
        ],
        '0050',
      ),
    ).toEqual({ ...head, sourceTransportPort: 80 });
  });

  it('have options records as well', () => {
    expect(
      line(
        [
          [149, 4],
          [41, 8],
        ],
        '00000007 0000000000000003',
        1,
      ),
    ).toEqual({
      ...head,
      e0id149: 7,
      exportedMessageTotalCount: 3,
    });
  });

  it('print elements that come more than once as one array', () => {
    expect(
      line(
        [
          [8, 4],
          [7, 2],
          [8, 4],
        ],
        '01010101 0050 02020202',
      ),
    ).toEqual({
      ...head,
      sourceTransportPort: 80,
      sourceIPv4Address: ['1.1.1.1', '2.2.2.2'],
    });
  });

  it('tell templates of one layout apart', () => {
    const lines: string[] = [];
    const reader = createLineReader({ style: 'flowpact' }, { onLine: (text) => lines.push(text) });
    const decoder = createFlowDecoder({}, { reader });
    const templates = [...templateOctets(256, [[4, 1]]), ...templateOctets(257, [[4, 1]])];
    decoder.decode(messageOctets({}, setOctets(2, templates), setOctets(256, [6]), setOctets(257, [6])));
    expect(lines.map((text) => JSON.parse(text).templateId)).toEqual([256, 257]);
  });

  it('move start and end', () => {
    const time = '0000018bcfe56801';
    const config: LineReaderConfig = { style: 'flowpact', timeShiftMs: () => 1000 };
    const [printed] = linesOf(
      config,
      [
        [152, 8],
        [153, 8],
      ],
      time + time,
    );
    expect(JSON.parse(printed)).toEqual({
      ...head,
      flowStartMilliseconds: '2023-11-14T22:13:21.001Z',
      flowEndMilliseconds: '2023-11-14T22:13:21.001Z',
    });
  });
});
