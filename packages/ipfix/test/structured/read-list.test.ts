import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createLineReader,
  createObjectReader,
  type DecoderLimits,
} from '../../src/index.ts';
import { decodeCapture } from '../capture/scenarios.ts';
import { hasShared } from '../capture/shared-data.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

const listElements = { basicList: 291, subTemplateList: 292, subTemplateMultiList: 293 } as const;

/** Templates that lists refer to: ports, and names of variable length. */
const subTemplates = setOctets(2, [
  ...templateOctets(300, [
    [7, 2],
    [8, 4],
  ]),
  ...templateOctets(301, [[82, 65535]]),
  ...templateOctets(302, [[292, 65535]]),
  ...templateOctets(303, [
    [4, 1],
    [4, 1],
    [95, 0],
    [276, 1],
  ]),
]);

/** Reads one list as objects have it and as lines of our own have it. */
function read(type: keyof typeof listElements, octets: string, limits: Partial<DecoderLimits> = {}) {
  const id = listElements[type];
  const records: { list: unknown }[] = [];
  const lines: Record<string, unknown>[] = [];
  const data = hex(octets);
  const message = messageOctets(
    {},
    subTemplates,
    setOctets(2, templateOctets(256, [[id, 65535]])),
    setOctets(256, [255, data.length >> 8, data.length & 255, ...data]),
  );
  const fields = [{ name: 'list', elements: [{ pen: 0, id }], as: 'native' }] as const;
  const objects = createObjectReader(
    { fields },
    { onRecord: (record) => records.push(record as { list: unknown }) },
  );
  const own = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(JSON.parse(line)) });
  for (const reader of [objects, own]) {
    const decoder = createFlowDecoder({ limits }, { reader });
    decoder.decode(message);
    expect(decoder.stats).toMatchObject({ records: 1, malformedSets: 0 });
  }
  return { native: records[0].list, line: lines[0][type] };
}

const octets = (text: string) => Uint8Array.from(hex(text));

describe('basicList', () => {
  it('is an array of values of one element', () => {
    expect(read('basicList', '03 0007 0002 0050 01bb').native).toEqual([80, 443]);
    expect(read('basicList', '03 0008 0004 c0000201 c6336401').line).toEqual(['192.0.2.1', '198.51.100.1']);
  });

  it('reads values of variable length, of 1 and 3 octets, and elements of enterprises', () => {
    expect(read('basicList', '03 8002 ffff 00009a4b 02 2f61 00 ff0001 62').native).toEqual(['/a', '', 'b']);
  });

  it('may be empty', () => {
    expect(read('basicList', '03 0007 0002')).toEqual({ native: [], line: [] });
    expect(read('basicList', '03 0007 0000')).toEqual({ native: [], line: [] });
  });

  it('reads values as records are read, and prints them as lines do', () => {
    expect(read('basicList', '03 0098 0008 0000018bcfe56800')).toEqual({
      native: [1700000000000],
      line: ['2023-11-14T22:13:20.000Z'],
    });
    expect(read('basicList', '03 0001 0008 ffffffffffffffff')).toEqual({
      native: [2n ** 64n - 1n],
      line: ['18446744073709551615'],
    });
    expect(read('basicList', '03 005f 0002 0102')).toEqual({ native: [octets('0102')], line: ['0102'] });
    expect(read('basicList', '03 0114 0001 01 02 07')).toEqual({
      native: [true, false, null],
      line: [true, false, null],
    });
    expect(read('basicList', '03 0140 0004 7f800000').line).toEqual([null]);
    expect(read('basicList', '03 0008 0002 c000').native).toEqual([octets('c000')]);
  });

  it.each([
    ['', 'nothing'],
    ['03 0007', 'no length'],
    ['03 8007 0002 0000', 'half an enterprise number'],
    ['03 0007 0002 0050 01', 'half a value'],
    ['03 0052 ffff 05 61', 'a string beyond the list'],
    ['03 0052 ffff ff01', 'half a length'],
    ['03 0007 0000 01', 'values without octets'],
  ])('stays octets where it contradicts itself: %s (%s)', (text) => {
    expect(read('basicList', text)).toEqual({ native: octets(text), line: text.replaceAll(' ', '') });
  });
});

describe('subTemplateList', () => {
  it('is an array of records by the template', () => {
    expect(read('subTemplateList', '03 012c 0050 c0000201 0051 c0000202')).toEqual({
      native: [
        { sourceTransportPort: 80, sourceIPv4Address: '192.0.2.1' },
        { sourceTransportPort: 81, sourceIPv4Address: '192.0.2.2' },
      ],
      line: [
        { sourceTransportPort: 80, sourceIPv4Address: '192.0.2.1' },
        { sourceTransportPort: 81, sourceIPv4Address: '192.0.2.2' },
      ],
    });
  });

  it('reads records of variable length, repeated names and fields without octets', () => {
    expect(read('subTemplateList', '03 012d 03 657468 00').native).toEqual([
      { interfaceName: 'eth' },
      { interfaceName: '' },
    ]);
    expect(read('subTemplateList', '03 012f 06 11 01').native).toEqual([
      { protocolIdentifier: [6, 17], dataRecordsReliability: true },
    ]);
  });

  it('stays octets where its template is not known, unless it is empty', () => {
    expect(read('subTemplateList', '03 03e7 0050').native).toEqual(octets('0303e70050'));
    expect(read('subTemplateList', '03 03e7').native).toEqual([]);
    expect(read('subTemplateList', '03 03').native).toEqual(octets('0303'));
  });

  it('may hold lists, down to a depth', () => {
    const inner = '03 012c 0050 c0000201';
    const nested = '03 012e 09 03012c0050c0000201';
    const innerRecord = { sourceTransportPort: 80, sourceIPv4Address: '192.0.2.1' };
    expect(read('subTemplateList', nested).native).toEqual([{ subTemplateList: [innerRecord] }]);
    expect(read('subTemplateList', nested, { maxListDepth: 1 })).toEqual({
      native: [{ subTemplateList: octets(inner) }],
      line: [{ subTemplateList: inner.replaceAll(' ', '') }],
    });
  });

  it('stays octets beyond the number of values', () => {
    expect(read('subTemplateList', '03 012c 0050 c0000201', { maxListValues: 1 }).native).toBeInstanceOf(
      Uint8Array,
    );
    expect(read('subTemplateList', '03 012c 0050 c0000201', { maxListValues: 2 }).native).toHaveLength(1);
  });
});

describe('subTemplateMultiList', () => {
  it('is an array of records of several templates', () => {
    expect(
      read('subTemplateMultiList', '03 012c 000a 0050 c0000201 012d 0006 01 61 012c 0004').native,
    ).toEqual([{ sourceTransportPort: 80, sourceIPv4Address: '192.0.2.1' }, { interfaceName: 'a' }]);
    expect(read('subTemplateMultiList', '03').native).toEqual([]);
  });

  it.each(['03 012c', '03 012c 0003', '03 012c 000b 0050 c0000201', '03 03e7 0006 0050'])(
    'stays octets where it contradicts itself: %s',
    (text) => expect(read('subTemplateMultiList', text).native).toEqual(octets(text)),
  );
});

describe.skipIf(!hasShared)('lists of real exporters (needs ../shared beside the repository)', () => {
  it('of ipfixprobe are read', () => {
    const lists = decodeCapture('ip-tls')
      .messages.flat()
      .flatMap((record) => Object.values(record).filter(Array.isArray));
    expect(lists.length).toBe(29);
    expect(lists.flat().every((value) => ['number', 'string', 'object'].includes(typeof value))).toBe(true);
  });

  it('of YAF are read', () => {
    const records = decodeCapture('ls-ipfix-yaf-basic-with-applabel').messages.flat();
    expect(records.some(({ subTemplateMultiList }) => Array.isArray(subTemplateMultiList))).toBe(true);
  });
});
