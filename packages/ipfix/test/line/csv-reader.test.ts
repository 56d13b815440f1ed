import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createCsvReader,
  createFlowDecoder,
  createIpfixEncoder,
  type FieldValue,
  IpfixError,
  timeNow,
} from '../../src/index.ts';

type Field = { pen?: number; id: number; length: number };

function csvOf(
  config: Parameters<typeof createCsvReader>[0],
  fields: readonly Field[],
  records: readonly (readonly FieldValue[])[],
) {
  const lines: string[] = [];
  const reader = createCsvReader(config, { onLine: (line) => lines.push(line) });
  const decoder = createFlowDecoder({}, { reader });
  const encoder = createIpfixEncoder({}, { onMessage: (message) => decoder.decode(message) });
  encoder.defineTemplate({ id: 256, fields });
  for (const record of records) encoder.addRecord(256, record, 1_700_000_000);
  encoder.flush(1_700_000_000);
  return { header: reader.header, lines };
}

const ipv4 = [
  { id: 152, length: 8 },
  { id: 153, length: 8 },
  { id: 4, length: 1 },
  { id: 8, length: 4 },
  { id: 7, length: 2 },
  { id: 12, length: 4 },
  { id: 11, length: 2 },
  { id: 2, length: 4 },
  { id: 1, length: 8 },
  { id: 6, length: 1 },
];
const flow: FieldValue[] = [
  1_700_000_000_000,
  1_700_000_001_500,
  6,
  '192.0.2.1',
  50000,
  '192.0.2.2',
  80,
  3,
  2n ** 63n,
  0x12,
];

/** Takes a CSV text apart, as RFC 4180 describes it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  let row: string[] = [];
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new Error(`no CSV: ${text}`);
    row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('createCsvReader', () => {
  it('prints the usual columns, whichever elements fill them', () => {
    expect(csvOf({}, ipv4, [flow])).toEqual({
      header:
        'flowStart,flowEnd,protocol,sourceAddress,sourcePort,destinationAddress,destinationPort,packets,octets,tcpFlags',
      lines: [
        '2023-11-14T22:13:20.000Z,2023-11-14T22:13:21.500Z,6,192.0.2.1,50000,192.0.2.2,80,3,9223372036854775808,18',
      ],
    });
    const ipv6 = [
      { id: 27, length: 16 },
      { id: 150, length: 4 },
      { id: 85, length: 4 },
    ];
    expect(csvOf({}, ipv6, [['2001:db8::1', 1_700_000_000_000, 7]]).lines).toEqual([
      '2023-11-14T22:13:20.000Z,,,2001:db8::1,,,,,7,',
    ]);
  });

  it('moves times if asked', () => {
    const { lines } = csvOf({ columns: ['flowStart'], timeShiftMs: timeNow(() => 1_800_000_000_000) }, ipv4, [
      flow,
    ]);
    expect(lines).toEqual(['2027-01-15T08:00:00.000Z']);
  });

  it('keeps every line to its columns, whatever is in a text', () => {
    const fields = [
      { pen: 39499, id: 2, length: 65535 },
      { id: 210, length: 65535 },
      { id: 276, length: 1 },
    ];
    const columns = ['HTTPRequestURL', 'paddingOctets', 'dataRecordsReliability'];
    const text = fc
      .string({ unit: fc.constantFrom(',', '"', '\r', '\n', 'a', 'ü', '\0', ' ') })
      .filter((t) => !t.endsWith('\0'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, fc.uint8Array({ maxLength: 4 }), fc.boolean()), {
          minLength: 1,
          maxLength: 5,
        }),
        (records) => {
          const { header, lines } = csvOf({ columns }, fields, records);
          const expected = records.map(([url, octets, flag]) => [
            url,
            Buffer.from(octets).toString('hex'),
            String(flag),
          ]);
          expect(parseCsv([header, ...lines].map((line) => `${line}\r\n`).join(''))).toEqual([
            columns,
            ...expected,
          ]);
        },
      ),
    );
  });

  it('prints a time that is none as a number', () => {
    expect(csvOf({ columns: ['flowStart'] }, [ipv4[0]], [[2n ** 63n]]).lines).toEqual([
      '9223372036854776000',
    ]);
  });

  it('prints lists as JSON, in quotes', () => {
    // A basicList (RFC 6313 section 4.5.1): allOf, element 1 of 8 octets, two values.
    const list = Uint8Array.of(3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7, 255, 255, 255, 255, 255, 255, 255, 255);
    const { lines } = csvOf({ columns: ['basicList'] }, [{ id: 291, length: 65535 }], [[list]]);
    expect(parseCsv(`${lines[0]}\r\n`)).toEqual([['[7,"18446744073709551615"]']]);
  });

  it('refuses columns that are not', () => {
    expect(() => createCsvReader({ columns: ['nothing'] }, { onLine: () => undefined })).toThrow(IpfixError);
    expect(() => createCsvReader({ columns: ['octets', 'octets'] }, { onLine: () => undefined })).toThrow(
      IpfixError,
    );
  });
});
