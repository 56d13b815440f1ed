import { addressToOctets, type FlowTable } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { flowCsv, flowsOfCsv } from '../../src/model/flow-csv.ts';

const table: FlowTable = {
  layout: {
    columns: [
      { kind: 'iana', id: 27 },
      { kind: 'iana', id: 1 },
      { kind: 'named', name: 'a "b", c' },
    ],
  },
  groups: [
    {
      rows: [
        [addressToOctets('2001:db8::1'), 2n ** 63n, 'x\r\n"y"'],
        [null, 0.5, ' z '],
        [addressToOctets('::'), -1, 'plain'],
      ],
    },
  ],
};
const text = [
  'sourceIPv6Address,octetDeltaCount,"named:a ""b"", c"',
  '2001:db8::1,9223372036854775808,"x\r\n""y"""',
  ',0.5," z "',
  '::,-1,plain',
  '',
].join('\r\n');

describe('flows as CSV', () => {
  it('are as RFC 4180 has it', () => expect(flowCsv(table)).toBe(text));

  it('come back', () => {
    expect(flowsOfCsv(text, defaultFormatsLimits)).toEqual({
      layout: table.layout,
      groups: [
        {
          rows: [
            [
              { $octets: '20010db8000000000000000000000001' },
              { $integer: '9223372036854775808' },
              'x\r\n"y"',
            ],
            [null, 0.5, ' z '],
            [{ $octets: '0'.repeat(32) }, -1, 'plain'],
          ],
        },
      ],
    });
  });

  it('are none without rows or columns', () => {
    expect(flowCsv(undefined)).toBeUndefined();
    expect(flowCsv({ ...table, groups: [] })).toBeUndefined();
    expect(flowCsv({ layout: { columns: [] }, groups: [{ rows: [[1]] }] })).toBeUndefined();
  });

  it.each(['', 'a,b\r\n1,2', '\r\n', 'sourceIPv4Address,'])('are not other text: %j', (other) =>
    expect(flowsOfCsv(other, defaultFormatsLimits)).toBeUndefined(),
  );

  it('have rows of any length and quotes that do not end', () => {
    expect(flowsOfCsv('packetDeltaCount,octetDeltaCount\n1\n1,2,3\n"4', defaultFormatsLimits)).toMatchObject({
      groups: [
        {
          rows: [
            [1, null],
            [1, 2],
            [null, null],
          ],
        },
      ],
    });
  });

  it('are bounded', () => {
    const values = `packetDeltaCount\n${'1\n'.repeat(20)}`;
    expect(() => flowsOfCsv(values, { ...defaultFormatsLimits, maxNodes: 10 })).toThrow(/maxNodes/);
  });
});
