import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createObjectReader,
  type FieldForm,
  type FieldSelection,
  findElementsByName,
  IpfixError,
  type ObjectReaderConfig,
  timeNow,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

type Fields = Parameters<typeof templateOctets>[1];

/** The objects made of one data set of a template with these fields. */
function read(config: ObjectReaderConfig, fields: Fields, data: string, exportTime = 1700000000) {
  const records: Record<string, unknown>[] = [];
  const reader = createObjectReader(config, {
    onRecord: (record) => records.push(record as Record<string, unknown>),
  });
  const decoder = createFlowDecoder({}, { reader });
  const template = setOctets(2, templateOctets(256, fields));
  decoder.decode(messageOctets({ exportTime }, template, setOctets(256, hex(data))));
  return records;
}

/** The value of a single field in one form. */
function valueIn(as: FieldForm, id: number, length: number, data: string, pen?: number): unknown {
  const field = { name: 'value', elements: [{ pen: pen ?? 0, id }], as };
  const [record] = read({ fields: [field] }, pen === undefined ? [[id, length]] : [[id, length, pen]], data);
  return record.value;
}

describe('native values', () => {
  it.each<[type: string, id: number, length: number, data: string, value: unknown]>([
    ['unsigned8', 4, 1, 'ff', 255],
    ['unsigned16', 7, 2, 'fffe', 65534],
    ['unsigned16 of 1 octet', 7, 1, '50', 80],
    ['unsigned32', 10, 4, 'fffffffe', 4294967294],
    ['unsigned32 of 3 octets', 10, 3, 'fffffe', 16777214],
    ['unsigned64', 1, 8, '0000000000001000', 4096],
    ['unsigned64 of 4 octets', 1, 4, '80000000', 2147483648],
    ['unsigned64 of 5 octets', 1, 5, '8000000001', 549755813889],
    ['unsigned64 of 7 octets', 1, 7, '1fffffffffffff', 9007199254740991],
    ['unsigned64 just exact', 1, 8, '001fffffffffffff', 9007199254740991],
    ['unsigned64 no longer exact', 1, 8, '0020000000000000', 9007199254740992n],
    ['unsigned64 largest', 1, 8, 'ffffffffffffffff', 18446744073709551615n],
    ['unsigned8 of 2 octets, as some exporters send it', 4, 2, '0106', 262],
    ['signed32', 434, 4, 'fffffffe', -2],
    ['signed32 of 1 octet', 434, 1, '80', -128],
    ['signed32 of 2 octets', 434, 2, 'fffe', -2],
    ['signed32 of 3 octets', 434, 3, '800000', -8388608],
    ['float64', 320, 8, '3ff8000000000000', 1.5],
    ['float64 of 4 octets', 320, 4, '3fc00000', 1.5],
    ['boolean true', 276, 1, '01', true],
    ['boolean false', 276, 1, '02', false],
    ['boolean neither', 276, 1, '00', null],
    ['ipv4Address', 8, 4, 'ff000201', '255.0.2.1'],
    ['ipv4Address 0', 8, 4, '00000000', '0.0.0.0'],
    ['ipv6Address', 27, 16, '20010db8000000000000000000000001', '2001:db8::1'],
    ['macAddress', 56, 6, '00005e005301', '00:00:5e:00:53:01'],
    ['string, padded', 82, 6, '657468300000', 'eth0'],
    ['string with a NUL inside', 82, 4, '61006200', 'a\0b'],
    ['string of nothing but padding', 82, 4, '00000000', ''],
    ['string of UTF-8', 82, 6, 'c3a9e282ac00', 'é€'],
    ['string that is no UTF-8', 82, 2, 'ff61', '\ufffda'],
    ['string, variable', 82, 65535, '0365746800', 'eth'],
    ['octetArray', 313, 3, '010203', Uint8Array.of(1, 2, 3)],
    ['dateTimeSeconds', 150, 4, '6553f100', 1700000000000],
    ['dateTimeSeconds beyond 2038', 150, 4, 'ffffffff', 4294967295000],
    ['dateTimeMilliseconds', 152, 8, '0000018bcfe56801', 1700000000001],
    ['dateTimeMicroseconds', 154, 8, 'e8fe6f8080000000', 1700000000500],
    ['dateTimeMicroseconds, low bits ignored', 154, 8, 'e8fe6f80800007ff', 1700000000500],
    ['dateTimeNanoseconds', 156, 8, 'e8fe6f80c0000000', 1700000000750],
    ['dateTime in era 1 of NTP', 156, 8, '0000000000000000', Date.UTC(2036, 1, 7, 6, 28, 16)],
    ['basicList', 291, 3, '010203', Uint8Array.of(1, 2, 3)],
  ])('%s', (_type, id, length, data, value) => {
    expect(valueIn('native', id, length, data)).toEqual(value);
  });

  it('of unknown elements are octets, copied', () => {
    expect(valueIn('native', 1, 2, '0102', 4242)).toEqual(Uint8Array.of(1, 2));
  });

  it('of 64 signed bits', () => {
    // No signed64 has an IANA number, so this reads an unsigned64 as one.
    const signed = (data: string) => {
      const elements = [{ pen: 0, id: 1, dataType: 'signed64' as const }];
      return read({ fields: [{ name: 'value', elements, as: 'native' }] }, [[1, 8]], data)[0].value;
    };
    expect(signed('0000000000000001')).toBe(1);
    expect(signed('ffffffffffffffff')).toBe(-1);
    expect(signed('ffe0000000000001')).toBe(-9007199254740991);
    expect(signed('ffe0000000000000')).toBe(-9007199254740992n);
    expect(signed('8000000000000000')).toBe(-(2n ** 63n));
  });

  it.each<[type: string, id: number, length: number, data: string]>([
    ['ipv4Address', 8, 3, '010203'],
    ['ipv6Address', 27, 4, '01020304'],
    ['macAddress', 56, 8, '0102030405060708'],
    ['boolean', 276, 2, '0001'],
    ['float64', 320, 2, '0001'],
    ['dateTimeMicroseconds', 154, 4, '01020304'],
    ['unsigned64', 1, 9, '000000000000000001'],
    ['unsigned8', 4, 65535, '0106'],
  ])('of a %s (%i) with %i octets are null', (_type, id, length, data) => {
    expect(valueIn('native', id, length, data)).toBeNull();
    expect(valueIn('number', id, length, data)).toBeNull();
    expect(valueIn('text', id, length, data)).toBeNull();
  });
});

describe('the other forms', () => {
  it.each<[as: FieldForm, id: number, length: number, data: string, value: unknown]>([
    ['number', 8, 4, 'ff000201', 0xff000201],
    ['number', 56, 6, '010000000001', 0x010000000001],
    ['number', 1, 8, '0020000000000001', 9007199254740992],
    ['number', 276, 1, '01', 1],
    ['number', 276, 1, '02', 0],
    ['number', 434, 1, 'ff', -1],
    ['number', 152, 8, '0000018bcfe56801', 1700000000001],
    ['number', 6, 1, '1b', 27],
    ['number', 82, 2, '3132', null],
    ['number', 27, 16, '20010db8000000000000000000000001', null],
    ['text', 6, 1, '1b', '.AP.SF'],
    ['text', 6, 2, '0fe0', 'U.....'],
    ['text', 8, 4, '01020304', '1.2.3.4'],
    ['text', 1, 8, 'ffffffffffffffff', '18446744073709551615'],
    ['text', 152, 8, '0000018bcfe56801', '1700000000001'],
    ['text', 154, 8, 'e8fe6f8080100000', '1700000000500'],
    ['text', 276, 1, '01', 'true'],
    ['text', 276, 1, '05', null],
    ['text', 82, 4, '65746800', 'eth'],
    ['text', 313, 3, '0a0b0c', '0a0b0c'],
  ])('%s of element %i', (as, id, length, data, value) => {
    expect(valueIn(as, id, length, data)).toEqual(value);
  });
});

describe('createObjectReader', () => {
  const url: FieldSelection = {
    name: 'ipfix.url',
    elements: findElementsByName('HTTPRequestURL'),
    as: 'native',
  };
  const port: FieldSelection = { name: 'ipfix.port', elements: [{ pen: 0, id: 7 }], as: 'number' };

  it('leaves null what the template lacks, in objects of one class whatever the template', () => {
    const records: object[] = [];
    const reader = createObjectReader(
      { fields: [port, url] },
      { onRecord: (record) => records.push(record) },
    );
    const decoder = createFlowDecoder({}, { reader });
    const templates = [
      ...templateOctets(256, [[7, 2]]),
      ...templateOctets(257, [[2, 2, 39499]]),
      ...templateOctets(258, [[4, 1]]),
    ];
    decoder.decode(
      messageOctets(
        {},
        setOctets(2, templates),
        setOctets(256, hex('0050')),
        setOctets(257, hex('2f61')),
        setOctets(258, hex('06')),
      ),
    );
    expect(records).toEqual([
      { 'ipfix.port': 80, 'ipfix.url': null },
      { 'ipfix.port': null, 'ipfix.url': '/a' },
      { 'ipfix.port': null, 'ipfix.url': null },
    ]);
    expect(new Set(records.map((record) => record.constructor)).size).toBe(1);
    for (const record of records) expect(Object.keys(record)).toEqual(['ipfix.port', 'ipfix.url']);
  });

  it('takes the first element of the selection that the template has', () => {
    const fields: FieldSelection[] = [
      {
        name: 'bytes',
        elements: [
          { pen: 0, id: 85 },
          { pen: 0, id: 1 },
        ],
        as: 'native',
      },
    ];
    expect(
      read(
        { fields },
        [
          [1, 1],
          [85, 1],
        ],
        '0102',
      ),
    ).toEqual([{ bytes: 2 }]);
    expect(read({ fields }, [[1, 1]], '01')).toEqual([{ bytes: 1 }]);
  });

  it('takes the first of several fields of the same element', () => {
    expect(
      read(
        { fields: [port] },
        [
          [7, 2],
          [7, 2],
        ],
        '00500051',
      ),
    ).toEqual([{ 'ipfix.port': 80 }]);
  });

  it('can give one field in several forms', () => {
    const fields: FieldSelection[] = (['native', 'number'] as const).map((as) => ({
      name: as,
      elements: [{ pen: 0, id: 8 }],
      as,
    }));
    expect(read({ fields }, [[8, 4]], '01020304')).toEqual([{ native: '1.2.3.4', number: 0x01020304 }]);
  });

  it('fills objects of a class that it is given', () => {
    class Flow {
      source: unknown = 'none';
      'ipfix.port': unknown = 0;
    }
    const [record] = read({ fields: [port], recordClass: Flow }, [[7, 2]], '0050');
    expect(record).toBeInstanceOf(Flow);
    expect(record).toEqual({ source: 'none', 'ipfix.port': 80 });
  });

  it('leaves options records alone unless asked', () => {
    const decode = (kinds?: ObjectReaderConfig['kinds']) => {
      const records: object[] = [];
      const reader = createObjectReader(
        { fields: [port], kinds },
        { onRecord: (record) => records.push(record) },
      );
      const decoder = createFlowDecoder({}, { reader });
      const options = setOctets(3, templateOctets(256, [[7, 2]], 1));
      decoder.decode(messageOctets({}, options, setOctets(256, hex('0050'))));
      return records;
    };
    expect(decode()).toEqual([]);
    expect(decode(['options'])).toEqual([{ 'ipfix.port': 80 }]);
  });

  it('takes any property names but __proto__, and none twice', () => {
    const named = (name: string) => ({ fields: [{ ...port, name }] });
    for (const name of ['a"b', "it's", '\\', '\u2028', '$' + '{x}', '"]=1;//', 'constructor', '']) {
      const [record] = read(named(name), [[7, 2]], '0050');
      expect(Object.entries(record)).toEqual([[name, 80]]);
    }
    expect(() => read(named('__proto__'), [[7, 2]], '0050')).toThrow(IpfixError);
    expect(() => read({ fields: [port, port] }, [[7, 2]], '0050')).toThrow(
      'two fields are named "ipfix.port"',
    );
  });

  it('compiles a layout once for all sessions and ids', () => {
    const reader = createObjectReader({ fields: [port] }, { onRecord() {} });
    const template = {
      kind: 'data' as const,
      version: 10 as const,
      id: 256,
      observationDomainId: 0,
      fields: [{ pen: 0, id: 7, length: 2, element: undefined }],
      derivedFields: [],
      scopeFieldCount: 0,
      minRecordLength: 2,
      fixedLength: true,
    };
    const compiled = reader.compile(template);
    expect(reader.compile({ ...template, id: 300, observationDomainId: 5 })).toBe(compiled);
    expect(reader.compile({ ...template, fields: [{ ...template.fields[0], length: 1 }] })).not.toBe(
      compiled,
    );
  });
});

describe('a time shift', () => {
  const fields: FieldSelection[] = [
    { name: 'start', elements: [{ pen: 0, id: 152 }], as: 'native' },
    { name: 'end', elements: [{ pen: 0, id: 153 }], as: 'text' },
    { name: 'seconds', elements: [{ pen: 0, id: 150 }], as: 'native' },
  ];
  const time = '0000018bcfe56800';
  const timeShiftMs = timeNow(() => 1700000060999);

  it('moves 152 and 153 by the whole seconds from the export time to now', () => {
    const template: Fields = [
      [152, 8],
      [153, 8],
      [150, 4],
    ];
    expect(read({ fields, timeShiftMs }, template, `${time}${time}00000001`, 1700000010)).toEqual([
      { start: 1700000050000, end: '1700000050000', seconds: 1000 },
    ]);
  });

  it('moves nothing where one of them is missing', () => {
    expect(read({ fields, timeShiftMs }, [[152, 8]], time, 1700000010)).toEqual([
      { start: 1700000000000, end: null, seconds: null },
    ]);
  });
});
