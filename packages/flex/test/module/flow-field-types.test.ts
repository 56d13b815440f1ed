import { describe, expect, it } from 'vitest';
import type { FieldType } from '../../src/module/field-type.ts';
import { flowFieldTypesCodec } from '../../src/module/flow-field-types.ts';
import { decoded, encoded, octets } from '../der-octets.ts';
import { testVectors } from './vectors.ts';

describe('FlowFieldTypes', () => {
  testVectors(flowFieldTypesCodec, [
    ['without columns', '62 06 30 04 a002 3000', { fields: [] }],
    [
      'with every kind of column',
      `62 23 30 21 a01f 301d 020108 3007 020101 02027279 3009 020102 020101 0c0178 0c0179 9e01 05`,
      {
        fields: [
          { kind: 'iana', id: 8 },
          { kind: 'enterprise', id: 1, pen: 29305 },
          { kind: 'enterprise', id: 2, pen: 1, name: 'x' },
          { kind: 'named', name: 'y' },
          { kind: 'unknown', element: octets('9e01 05') },
        ],
      },
    ],
    [
      'anonymised',
      '62 25 30 23 a002 3000 a11d 301b a003 0a0104 a10a 3008 020100 020300ffff a203 0c016b a303 020118',
      {
        fields: [],
        anonymisation: { technique: 'permutation', columns: [0, 65535], keyId: 'k', prefixKept: 24 },
      },
    ],
    [
      'sampled',
      '62 1c 30 1a a002 3000 a214 3012 a003 0a0103 a10b 0209010000000000000000',
      { fields: [], sampling: { algorithm: 'hash', interval: 2n ** 64n } },
    ],
  ]);

  it.each<[string, FieldType]>([
    ['element 0', { kind: 'iana', id: 0 }],
    ['an element of 16 bits', { kind: 'iana', id: 32768 }],
    ['enterprise 0', { kind: 'enterprise', id: 1, pen: 0 }],
    ['an unknown column of a known type', { kind: 'unknown', element: octets('020101') }],
    ['another kind of column', { kind: 'other' } as unknown as FieldType],
  ])('cannot have %s', (_, field) => {
    expect(() => encoded(flowFieldTypesCodec, { fields: [field] })).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID', path: expect.stringMatching(/^fields\[0\]/) }),
    );
  });

  it('refuses such columns from outside', () => {
    expect(() => decoded(flowFieldTypesCodec, '62 09 30 07 a005 3003 020100')).toThrowError(
      expect.objectContaining({ code: 'FLEX_BAD_VALUE', path: 'fields[0]' }),
    );
  });
});
